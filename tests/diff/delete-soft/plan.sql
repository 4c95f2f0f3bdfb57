---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN deleted_at timestamptz(3);

---- 2_concurrent.sql
-- Phase 2 of 2: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_title_key_new ON items (owner_id, title) WHERE deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS items_title_key;
ALTER INDEX items_title_key_new RENAME TO items_title_key;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP INDEX items_title_key;

-- this fails while rows break items_title_key.
CREATE UNIQUE INDEX items_title_key ON items (owner_id, title);

ALTER TABLE items DROP COLUMN deleted_at;
