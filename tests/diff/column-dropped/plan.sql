---- 1_contract.sql
-- Phase 1 of 1: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.body goes.
-- Hazard breaks-clients: devices that are out there still upload items.body.
ALTER TABLE items DROP COLUMN body;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.body are gone: every row gets ''.
ALTER TABLE items ADD COLUMN body text NOT NULL DEFAULT '';

ALTER TABLE items ALTER COLUMN body DROP DEFAULT;
