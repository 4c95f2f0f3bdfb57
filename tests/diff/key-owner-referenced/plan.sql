---- 1_expand.sql
-- Phase 1 of 4: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;

---- 2_concurrent.sql
-- Phase 2 of 4: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS lists_pkey_new ON lists (owner_id, id);

---- 3_validate.sql
-- Phase 3 of 4: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE lists DROP CONSTRAINT lists_pkey;
-- Hazard copied-again: lists gets another primary key, so PowerSync copies its rows to every device again.
ALTER TABLE lists ADD CONSTRAINT lists_pkey PRIMARY KEY USING INDEX lists_pkey_new;

-- Hazard breaks-clients: devices that are out there may upload rows of items that point at no row of lists.
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id) ON DELETE SET NULL (list_id) DEFERRABLE INITIALLY DEFERRED NOT VALID;

---- 4_contract.sql
-- Phase 4 of 4: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard may-fail: rows of items that items_list_id_fkey refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_list_id_fkey;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;

ALTER TABLE lists DROP CONSTRAINT lists_pkey;

-- this fails while rows break lists_pkey.
ALTER TABLE lists ADD CONSTRAINT lists_pkey PRIMARY KEY (id);

-- this fails while rows break items_list_id_fkey.
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (list_id) REFERENCES lists (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
