---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_size_check;
ALTER TABLE items DROP CONSTRAINT items_even;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while rows break items_size_check.
ALTER TABLE items ADD CONSTRAINT items_size_check CHECK (size > 0);

-- this fails while rows break items_even.
ALTER TABLE items ADD CONSTRAINT items_even CHECK (size % 2 = 0);
