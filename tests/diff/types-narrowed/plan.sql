---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN a TYPE varchar(10);
ALTER TABLE jobs ALTER COLUMN b TYPE varchar(10);
ALTER TABLE jobs ALTER COLUMN c TYPE numeric(8, 2);
ALTER TABLE jobs ALTER COLUMN d TYPE numeric(12, 2);
ALTER TABLE jobs ALTER COLUMN e TYPE integer;
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
