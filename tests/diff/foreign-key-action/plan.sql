---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;
-- Hazard breaks-clients: devices that are out there may upload rows of items that point at no row of lists.
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (list_id) REFERENCES lists (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_list_id_fkey refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_list_id_fkey;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;

-- this fails while rows break items_list_id_fkey.
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (list_id) REFERENCES lists (id) DEFERRABLE INITIALLY DEFERRED;
