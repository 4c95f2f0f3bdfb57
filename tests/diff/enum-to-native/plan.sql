---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TYPE level AS ENUM ('low', 'high');

ALTER TABLE jobs DROP CONSTRAINT jobs_state_check;
ALTER TABLE jobs ALTER COLUMN state DROP DEFAULT;
-- Hazard may-fail: a value of jobs.state that does not fit level stops it.
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN state TYPE level USING state::level;
ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'low';

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN state DROP DEFAULT;

ALTER TABLE jobs ALTER COLUMN state TYPE text;

ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'low';

-- this fails while rows break jobs_state_check.
ALTER TABLE jobs ADD CONSTRAINT jobs_state_check CHECK (state IN ('low', 'high'));

DROP TYPE level;
