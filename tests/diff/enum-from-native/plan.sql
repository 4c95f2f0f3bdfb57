---- 1_expand.sql
-- Phase 1 of 3: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ALTER COLUMN state DROP DEFAULT;
-- Hazard table-rewrite: jobs is written again, and nobody reads it meanwhile.
ALTER TABLE jobs ALTER COLUMN state TYPE text;
ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'low';
ALTER TABLE jobs ADD CONSTRAINT jobs_state_check CHECK (state IN ('low', 'high')) NOT VALID;

---- 2_validate.sql
-- Phase 2 of 3: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of jobs that jobs_state_check refuses stop it.
ALTER TABLE jobs VALIDATE CONSTRAINT jobs_state_check;

---- 3_contract.sql
-- Phase 3 of 3: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP TYPE level;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TYPE level AS ENUM ('low', 'high');

ALTER TABLE jobs DROP CONSTRAINT jobs_state_check;

ALTER TABLE jobs ALTER COLUMN state DROP DEFAULT;

-- this fails while a value of jobs.state does not fit.
ALTER TABLE jobs ALTER COLUMN state TYPE level USING state::level;

ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'low';
