---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while rows break items_list_id_fkey.
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (list_id) REFERENCES lists (id) DEFERRABLE INITIALLY DEFERRED;
