---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_size_check;
-- Hazard breaks-clients: devices that are out there may upload what items_size_check refuses.
ALTER TABLE items ADD CONSTRAINT items_size_check CHECK (size >= 0) NOT VALID;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_size_check refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_size_check;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_size_check;

-- this fails while rows break items_size_check.
ALTER TABLE items ADD CONSTRAINT items_size_check CHECK (size > 0);
