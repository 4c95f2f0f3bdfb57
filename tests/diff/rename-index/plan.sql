---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER INDEX old_idx RENAME TO new_idx;
ALTER INDEX old_key RENAME TO new_key;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER INDEX new_idx RENAME TO old_idx;

ALTER INDEX new_key RENAME TO old_key;
