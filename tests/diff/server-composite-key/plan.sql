---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE SCHEMA IF NOT EXISTS audit;

CREATE TABLE audit.log (
  tenant text NOT NULL,
  seq bigint NOT NULL,
  search tsvector,
  CONSTRAINT log_pkey PRIMARY KEY (tenant, seq)
);

CREATE TABLE audit.trail (
  what text NOT NULL
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT USAGE ON SCHEMA audit TO shop_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE audit.log TO shop_app;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT USAGE ON SCHEMA audit TO shop_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE audit.trail TO shop_app;
  END IF;
END
$$;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP TABLE audit.log;

DROP TABLE audit.trail;

DROP SCHEMA audit;
