---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP POLICY items_owner_policy ON items;
ALTER TABLE items DISABLE ROW LEVEL SECURITY;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ENABLE ROW LEVEL SECURITY;

CREATE POLICY items_owner_policy ON items USING (owner_id = (SELECT nullif(current_setting('syncline.user_id', true), '')));
