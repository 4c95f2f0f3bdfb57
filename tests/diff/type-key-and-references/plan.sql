---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard table-rewrite: people is written again, and nobody reads it meanwhile.
ALTER TABLE people ALTER COLUMN id TYPE bigint;

-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN who TYPE bigint;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while a value of people.id does not fit.
ALTER TABLE people ALTER COLUMN id TYPE integer;

-- this fails while a value of jobs.who does not fit.
ALTER TABLE jobs ALTER COLUMN who TYPE integer;
