---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs DROP CONSTRAINT jobs_pkey;
ALTER TABLE jobs ALTER COLUMN tenant DROP NOT NULL;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while a row has no jobs.tenant.
ALTER TABLE jobs ALTER COLUMN tenant SET NOT NULL;

-- this fails while rows break jobs_pkey.
ALTER TABLE jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY (tenant, seq);
