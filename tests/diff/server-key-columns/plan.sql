---- 1_expand.sql
-- Phase 1 of 3: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ADD COLUMN place text;

---- 2_concurrent.sql
-- Phase 2 of 3: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

-- Hazard may-fail: rows of jobs with the same (seq) stop it.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS jobs_pkey_new ON jobs (seq);

---- 3_validate.sql
-- Phase 3 of 3: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE jobs DROP CONSTRAINT jobs_pkey;
ALTER TABLE jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY USING INDEX jobs_pkey_new;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs DROP CONSTRAINT jobs_pkey;

-- this fails while rows break jobs_pkey.
ALTER TABLE jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY (tenant, seq);

ALTER TABLE jobs DROP COLUMN place;
