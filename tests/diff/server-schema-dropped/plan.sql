---- 1_contract.sql
-- Phase 1 of 1: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every row of audit.log goes.
DROP TABLE audit.log;

DROP SCHEMA audit;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE SCHEMA IF NOT EXISTS audit;

-- the rows of log are gone: it comes back empty.
CREATE TABLE audit.log (
  id text NOT NULL,
  what text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT log_pkey PRIMARY KEY (id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT USAGE ON SCHEMA audit TO shop_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE audit.log TO shop_app;
  END IF;
END
$$;
