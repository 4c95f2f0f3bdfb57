---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE memos RENAME TO notes;

ALTER TABLE notes RENAME CONSTRAINT memos_pkey TO notes_pkey;
ALTER TABLE notes RENAME CONSTRAINT memos_title_check TO notes_title_check;
ALTER INDEX memos_title_idx RENAME TO notes_title_idx;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE notes RENAME TO memos;

ALTER TABLE memos RENAME CONSTRAINT notes_pkey TO memos_pkey;

ALTER TABLE memos RENAME CONSTRAINT notes_title_check TO memos_title_check;

ALTER INDEX notes_title_idx RENAME TO memos_title_idx;
