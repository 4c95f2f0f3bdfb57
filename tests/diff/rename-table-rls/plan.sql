---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE memos RENAME TO notes;

DROP POLICY memos_owner_policy ON notes;
ALTER TABLE notes RENAME CONSTRAINT memos_pkey TO notes_pkey;
CREATE POLICY notes_owner_policy ON notes USING (owner_id = (SELECT nullif(current_setting('syncline.user_id', true), '')));

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE notes RENAME TO memos;

DROP POLICY notes_owner_policy ON memos;

ALTER TABLE memos RENAME CONSTRAINT notes_pkey TO memos_pkey;

CREATE POLICY memos_owner_policy ON memos USING (owner_id = (SELECT nullif(current_setting('syncline.user_id', true), '')));
