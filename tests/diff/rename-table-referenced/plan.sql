---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE lists RENAME TO folders;

ALTER TABLE folders RENAME CONSTRAINT lists_pkey TO folders_pkey;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE folders RENAME TO lists;

ALTER TABLE lists RENAME CONSTRAINT folders_pkey TO lists_pkey;
