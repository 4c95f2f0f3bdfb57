---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE SCHEMA IF NOT EXISTS history;

ALTER TABLE audit.log SET SCHEMA history;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT USAGE ON SCHEMA history TO shop_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE history.log TO shop_app;
  END IF;
END
$$;

---- 2_contract.sql
-- Phase 2 of 2: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP SCHEMA audit;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE SCHEMA IF NOT EXISTS audit;

ALTER TABLE history.log SET SCHEMA audit;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT USAGE ON SCHEMA audit TO shop_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE audit.log TO shop_app;
  END IF;
END
$$;

DROP SCHEMA history;
