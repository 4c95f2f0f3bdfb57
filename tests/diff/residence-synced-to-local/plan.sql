---- 1_contract.sql
-- Phase 1 of 1: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every row of notes goes.
-- Hazard breaks-clients: devices that are out there still upload to notes.
DROP TABLE notes;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the rows of notes are gone: it comes back empty.
CREATE TABLE notes (
  id text NOT NULL,
  owner_id text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT notes_pkey PRIMARY KEY (id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE notes TO shop_app;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE notes TO shop_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'notes') THEN
    ALTER PUBLICATION powersync ADD TABLE public.notes;
  END IF;
END
$$;
