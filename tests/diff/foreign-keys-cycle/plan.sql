---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TABLE chickens (
  id text NOT NULL,
  owner_id text NOT NULL,
  egg_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT chickens_pkey PRIMARY KEY (id)
);

CREATE TABLE eggs (
  id text NOT NULL,
  owner_id text NOT NULL,
  chicken_id text NOT NULL,
  best_id text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT eggs_pkey PRIMARY KEY (id)
);

ALTER TABLE chickens ADD CONSTRAINT chickens_egg_id_fkey FOREIGN KEY (egg_id) REFERENCES eggs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE eggs ADD CONSTRAINT eggs_chicken_id_fkey FOREIGN KEY (chicken_id) REFERENCES chickens (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE eggs ADD CONSTRAINT eggs_best_id_fkey FOREIGN KEY (best_id) REFERENCES eggs (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE chickens TO shop_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE chickens TO shop_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE eggs TO shop_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE eggs TO shop_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'chickens') THEN
    ALTER PUBLICATION powersync ADD TABLE public.chickens;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'eggs') THEN
    ALTER PUBLICATION powersync ADD TABLE public.eggs;
  END IF;
END
$$;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE chickens DROP CONSTRAINT chickens_egg_id_fkey;

ALTER TABLE eggs DROP CONSTRAINT eggs_chicken_id_fkey;

ALTER TABLE eggs DROP CONSTRAINT eggs_best_id_fkey;

DROP TABLE chickens;

DROP TABLE eggs;
