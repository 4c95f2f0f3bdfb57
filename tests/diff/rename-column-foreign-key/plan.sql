---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs RENAME COLUMN who TO person;
ALTER TABLE jobs RENAME CONSTRAINT jobs_who_fkey TO jobs_person_fkey;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs RENAME COLUMN person TO who;

ALTER TABLE jobs RENAME CONSTRAINT jobs_person_fkey TO jobs_who_fkey;
