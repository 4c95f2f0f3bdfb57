---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs RENAME TO tasks;

ALTER TABLE tasks RENAME COLUMN name TO label;
ALTER TABLE tasks RENAME CONSTRAINT jobs_pkey TO tasks_pkey;
ALTER INDEX jobs_name_key RENAME TO tasks_label_key;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE tasks RENAME TO jobs;

ALTER TABLE jobs RENAME COLUMN label TO name;

ALTER TABLE jobs RENAME CONSTRAINT tasks_pkey TO jobs_pkey;

ALTER INDEX tasks_label_key RENAME TO jobs_name_key;
