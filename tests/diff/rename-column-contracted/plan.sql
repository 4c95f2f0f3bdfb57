---- 1_contract.sql
-- Phase 1 of 1: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.title goes.
-- Hazard breaks-clients: devices that are out there still upload items.title.
ALTER TABLE items DROP COLUMN title;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.title are gone.
ALTER TABLE items ADD COLUMN title text;
