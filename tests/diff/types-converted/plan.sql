---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN a DROP DEFAULT;
-- Hazard may-fail: a value of jobs.a that does not fit integer stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN a TYPE integer USING a::integer;
ALTER TABLE jobs ALTER COLUMN a SET DEFAULT 1;
-- Hazard may-fail: a value of jobs.b that does not fit uuid stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN b TYPE uuid USING b::uuid;
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN c TYPE text;
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN d TYPE timestamptz(3);
-- Hazard may-fail: a value of jobs.e that does not fit numeric(12, 2) stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN e TYPE numeric(12, 2);
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN f TYPE text;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN a DROP DEFAULT;

ALTER TABLE jobs ALTER COLUMN a TYPE text;

ALTER TABLE jobs ALTER COLUMN a SET DEFAULT '1';

ALTER TABLE jobs ALTER COLUMN b TYPE text;

-- this fails while a value of jobs.c does not fit.
ALTER TABLE jobs ALTER COLUMN c TYPE boolean USING c::boolean;

-- values of jobs.d are rounded.
ALTER TABLE jobs ALTER COLUMN d TYPE date;

-- values of jobs.e are rounded.
ALTER TABLE jobs ALTER COLUMN e TYPE integer;

-- this fails while a value of jobs.f does not fit.
ALTER TABLE jobs ALTER COLUMN f TYPE jsonb USING f::jsonb;
