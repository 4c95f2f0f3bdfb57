---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_state_check;
ALTER TABLE items ADD CONSTRAINT items_state_check CHECK (state IN ('b', 'a')) NOT VALID;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE items VALIDATE CONSTRAINT items_state_check;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_state_check;

-- this fails while rows break items_state_check.
ALTER TABLE items ADD CONSTRAINT items_state_check CHECK (state IN ('a', 'b'));
