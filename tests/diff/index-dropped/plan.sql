---- 1_concurrent.sql
-- Phase 1 of 1: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

-- Hazard index-dropped: queries on items that used items_a_idx get slow.
DROP INDEX CONCURRENTLY IF EXISTS items_a_idx;
-- Hazard index-dropped: rows of items may then have the same items_a_key.
DROP INDEX CONCURRENTLY IF EXISTS items_a_key;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE INDEX items_a_idx ON items (a);

-- this fails while rows break items_a_key.
CREATE UNIQUE INDEX items_a_key ON items (owner_id, a) WHERE deleted_at IS NULL;
