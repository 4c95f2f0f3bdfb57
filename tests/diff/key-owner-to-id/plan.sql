---- 1_concurrent.sql
-- Phase 1 of 2: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

-- Hazard may-fail: rows of items with the same (id) stop it.
-- Hazard breaks-clients: devices that are out there may upload rows of items with the same (id).
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS items_pkey_new ON items (id);

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE items DROP CONSTRAINT items_pkey;
-- Hazard copied-again: items gets another primary key, so PowerSync copies its rows to every device again.
ALTER TABLE items ADD CONSTRAINT items_pkey PRIMARY KEY USING INDEX items_pkey_new;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_pkey;

-- this fails while rows break items_pkey.
ALTER TABLE items ADD CONSTRAINT items_pkey PRIMARY KEY (owner_id, id);
