---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_list_id_fkey;

---- 2_contract.sql
-- Phase 2 of 2: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every row of lists goes.
-- Hazard breaks-clients: devices that are out there still upload to lists.
DROP TABLE lists;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the rows of lists are gone: it comes back empty.
CREATE TABLE lists (
  id text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT lists_pkey PRIMARY KEY (id)
);

-- this fails while rows break items_list_id_fkey.
ALTER TABLE items ADD CONSTRAINT items_list_id_fkey FOREIGN KEY (list_id) REFERENCES lists (id) DEFERRABLE INITIALLY DEFERRED;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE lists TO shop_app;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE lists TO shop_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'lists') THEN
    ALTER PUBLICATION powersync ADD TABLE public.lists;
  END IF;
END
$$;
