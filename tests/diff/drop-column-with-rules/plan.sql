---- 1_expand.sql
-- Phase 1 of 3: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_size_check;
ALTER TABLE items DROP CONSTRAINT items_ok;

---- 2_concurrent.sql
-- Phase 2 of 3: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

-- Hazard index-dropped: queries on items that used items_size_idx get slow.
DROP INDEX CONCURRENTLY IF EXISTS items_size_idx;
-- Hazard index-dropped: queries on items that used items_title_size_idx get slow.
DROP INDEX CONCURRENTLY IF EXISTS items_title_size_idx;

---- 3_contract.sql
-- Phase 3 of 3: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.size goes.
-- Hazard breaks-clients: devices that are out there still upload items.size.
ALTER TABLE items DROP COLUMN size;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.size are gone: every row gets 0.
ALTER TABLE items ADD COLUMN size integer NOT NULL DEFAULT 0;

ALTER TABLE items ALTER COLUMN size DROP DEFAULT;

-- this fails while rows break items_size_check.
ALTER TABLE items ADD CONSTRAINT items_size_check CHECK (size > 0);

-- this fails while rows break items_ok.
ALTER TABLE items ADD CONSTRAINT items_ok CHECK (size < 10 OR title = '');

CREATE INDEX items_size_idx ON items (size);

CREATE INDEX items_title_size_idx ON items (title, size);
