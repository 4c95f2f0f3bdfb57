---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN list_id text;
ALTER TABLE items ADD COLUMN parent_id text;
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (list_id) REFERENCES lists (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE items VALIDATE CONSTRAINT items_list_id_fkey;
ALTER TABLE items VALIDATE CONSTRAINT items_parent_id_fkey;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;

ALTER TABLE items DROP CONSTRAINT items_parent_id_fkey;

ALTER TABLE items DROP COLUMN list_id;

ALTER TABLE items DROP COLUMN parent_id;
