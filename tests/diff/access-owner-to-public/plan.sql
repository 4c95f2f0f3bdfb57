---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP POLICY items_owner_policy ON items;
ALTER TABLE items DISABLE ROW LEVEL SECURITY;

---- 2_contract.sql
-- Phase 2 of 2: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.owner_id goes.
-- Hazard breaks-clients: devices that are out there still upload items.owner_id.
ALTER TABLE items DROP COLUMN owner_id;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.owner_id are gone: every row gets ''.
ALTER TABLE items ADD COLUMN owner_id text NOT NULL DEFAULT '';

ALTER TABLE items ALTER COLUMN owner_id DROP DEFAULT;

ALTER TABLE items ENABLE ROW LEVEL SECURITY;

CREATE POLICY items_owner_policy ON items USING (owner_id = (SELECT nullif(current_setting('syncline.user_id', true), '')));
