---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs RENAME TO tasks;

ALTER TABLE tasks RENAME CONSTRAINT jobs_pkey TO tasks_pkey;
ALTER TABLE tasks RENAME CONSTRAINT jobs_state_check TO tasks_state_check;
ALTER INDEX jobs_state_idx RENAME TO tasks_state_idx;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE tasks RENAME TO jobs;

ALTER TABLE jobs RENAME CONSTRAINT tasks_pkey TO jobs_pkey;

ALTER TABLE jobs RENAME CONSTRAINT tasks_state_check TO jobs_state_check;

ALTER INDEX tasks_state_idx RENAME TO jobs_state_idx;
