---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ADD COLUMN owner_id text;
ALTER TABLE jobs ADD COLUMN deleted_at timestamptz(3);
ALTER TABLE jobs ADD CONSTRAINT jobs_owner_id_not_null CHECK (owner_id IS NOT NULL) NOT VALID;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE jobs TO shop_powersync;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'jobs') THEN
    ALTER PUBLICATION powersync ADD TABLE public.jobs;
  END IF;
END
$$;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of jobs that jobs_owner_id_not_null refuses stop it.
ALTER TABLE jobs VALIDATE CONSTRAINT jobs_owner_id_not_null;
ALTER TABLE jobs ALTER COLUMN owner_id SET NOT NULL;
ALTER TABLE jobs DROP CONSTRAINT jobs_owner_id_not_null;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'jobs') THEN
    ALTER PUBLICATION powersync DROP TABLE public.jobs;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    REVOKE ALL ON TABLE jobs FROM shop_powersync;
  END IF;
END
$$;

ALTER TABLE jobs DROP COLUMN owner_id;

ALTER TABLE jobs DROP COLUMN deleted_at;
