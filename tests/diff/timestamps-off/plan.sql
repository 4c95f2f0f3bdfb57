---- 1_contract.sql
-- Phase 1 of 1: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.created_at goes.
-- Hazard breaks-clients: devices that are out there still upload items.created_at.
ALTER TABLE items DROP COLUMN created_at;
-- Hazard deletes-data: every value of items.updated_at goes.
-- Hazard breaks-clients: devices that are out there still upload items.updated_at.
ALTER TABLE items DROP COLUMN updated_at;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.created_at are gone.
ALTER TABLE items ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT now();

-- the values of items.updated_at are gone.
ALTER TABLE items ADD COLUMN updated_at timestamptz(3) NOT NULL DEFAULT now();
