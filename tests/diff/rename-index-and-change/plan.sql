---- 1_concurrent.sql
-- Phase 1 of 1: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS new_idx ON items (title DESC);
-- Hazard index-dropped: queries on items that used old_idx get slow.
DROP INDEX CONCURRENTLY IF EXISTS old_idx;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP INDEX new_idx;

CREATE INDEX old_idx ON items (title);
