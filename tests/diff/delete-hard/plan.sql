---- 1_concurrent.sql
-- Phase 1 of 2: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

-- Hazard may-fail: rows of items with the same (owner_id, title) stop it.
-- Hazard breaks-clients: devices that are out there may upload rows of items with the same (owner_id, title).
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_title_key_new ON items (owner_id, title);
DROP INDEX CONCURRENTLY IF EXISTS items_title_key;
ALTER INDEX items_title_key_new RENAME TO items_title_key;

---- 2_contract.sql
-- Phase 2 of 2: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.deleted_at goes.
-- Hazard breaks-clients: devices that are out there still upload items.deleted_at.
ALTER TABLE items DROP COLUMN deleted_at;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP INDEX items_title_key;

-- the values of items.deleted_at are gone.
ALTER TABLE items ADD COLUMN deleted_at timestamptz(3);

-- this fails while rows break items_title_key.
CREATE UNIQUE INDEX items_title_key ON items (owner_id, title) WHERE deleted_at IS NULL;
