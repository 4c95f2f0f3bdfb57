---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard may-fail: a value of jobs.a that does not fit varchar(10) stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN a TYPE varchar(10);
-- Hazard may-fail: a value of jobs.b that does not fit varchar(10) stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN b TYPE varchar(10);
-- Hazard may-fail: a value of jobs.c that does not fit numeric(8, 2) stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN c TYPE numeric(8, 2);
-- Hazard deletes-data: values of jobs.d are rounded to numeric(12, 2).
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN d TYPE numeric(12, 2);
-- Hazard may-fail: a value of jobs.e that does not fit integer stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN e TYPE integer;
-- Hazard deletes-data: values of jobs.f are rounded to real.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN f TYPE real;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN a TYPE varchar(20);

ALTER TABLE jobs ALTER COLUMN b TYPE text;

ALTER TABLE jobs ALTER COLUMN c TYPE numeric(12, 2);

-- this fails while a value of jobs.d does not fit.
ALTER TABLE jobs ALTER COLUMN d TYPE numeric(12, 4);

ALTER TABLE jobs ALTER COLUMN e TYPE bigint;

ALTER TABLE jobs ALTER COLUMN f TYPE double precision;
