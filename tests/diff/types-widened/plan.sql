---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN a TYPE varchar(20);
ALTER TABLE jobs ALTER COLUMN b TYPE text;
ALTER TABLE jobs ALTER COLUMN c TYPE numeric(12, 2);
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN d TYPE numeric(12, 4);
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN e TYPE bigint;
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN f TYPE double precision;
ALTER TABLE jobs ALTER COLUMN g TYPE varchar(20)[];

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while a value of jobs.a does not fit.
ALTER TABLE jobs ALTER COLUMN a TYPE varchar(10);

-- this fails while a value of jobs.b does not fit.
ALTER TABLE jobs ALTER COLUMN b TYPE varchar(10);

-- this fails while a value of jobs.c does not fit.
ALTER TABLE jobs ALTER COLUMN c TYPE numeric(8, 2);

-- values of jobs.d are rounded.
ALTER TABLE jobs ALTER COLUMN d TYPE numeric(8, 2);

-- this fails while a value of jobs.e does not fit.
ALTER TABLE jobs ALTER COLUMN e TYPE smallint;

-- values of jobs.f are rounded.
ALTER TABLE jobs ALTER COLUMN f TYPE real;

-- this fails while a value of jobs.g does not fit.
ALTER TABLE jobs ALTER COLUMN g TYPE varchar(10)[];
