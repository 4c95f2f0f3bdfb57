---- 1_concurrent.sql
-- Phase 1 of 1: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS items_title_idx ON items (title);
-- Hazard may-fail: rows of items with the same (owner_id, title) stop it.
-- Hazard breaks-clients: devices that are out there may upload rows of items with the same (owner_id, title).
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_title_key ON items (owner_id, title) WHERE deleted_at IS NULL;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP INDEX items_title_idx;

DROP INDEX items_title_key;
