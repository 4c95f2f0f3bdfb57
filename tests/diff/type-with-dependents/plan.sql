---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN size DROP DEFAULT;
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN size TYPE bigint;
ALTER TABLE jobs ALTER COLUMN size SET DEFAULT 5;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN size DROP DEFAULT;

-- this fails while a value of jobs.size does not fit.
ALTER TABLE jobs ALTER COLUMN size TYPE integer;

ALTER TABLE jobs ALTER COLUMN size SET DEFAULT 5;
