---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_b_check;
ALTER TABLE items DROP CONSTRAINT items_c_check;
-- Hazard breaks-clients: devices that are out there may upload what items_a_check refuses.
ALTER TABLE items ADD CONSTRAINT items_a_check CHECK (char_length(a) <= 10) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_b_check CHECK (char_length(b) <= 20) NOT VALID;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_a_check refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_a_check;
ALTER TABLE items VALIDATE CONSTRAINT items_b_check;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_b_check;

ALTER TABLE items DROP CONSTRAINT items_a_check;

-- this fails while rows break items_b_check.
ALTER TABLE items ADD CONSTRAINT items_b_check CHECK (char_length(b) <= 10);

-- this fails while rows break items_c_check.
ALTER TABLE items ADD CONSTRAINT items_c_check CHECK (char_length(c) <= 10);
