---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TYPE folder_kind AS ENUM ('a', 'b');

CREATE TABLE folders (
  id text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  kind folder_kind NOT NULL,
  parent_id text,
  secret text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT folders_pkey PRIMARY KEY (owner_id, id),
  CONSTRAINT folders_name_check CHECK (char_length(name) <= 200),
  CONSTRAINT folders_not_own_parent CHECK (parent_id IS NULL OR parent_id <> id)
);
CREATE INDEX folders_parent_id_idx ON folders (parent_id);
CREATE INDEX folders_lower ON folders ((lower(name)));
CREATE UNIQUE INDEX folders_name_key ON folders (owner_id, name) WHERE deleted_at IS NULL;
ALTER TABLE folders ADD CONSTRAINT folders_parent_id_fkey FOREIGN KEY (owner_id, parent_id) REFERENCES folders (owner_id, id) ON DELETE SET NULL (parent_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE folders ENABLE ROW LEVEL SECURITY;
CREATE POLICY folders_owner_policy ON folders USING (owner_id = (SELECT nullif(current_setting('syncline.user_id', true), '')));
COMMENT ON TABLE folders IS 'A tree.';
COMMENT ON COLUMN folders.name IS 'What it is called.';
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE folders TO shop_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE folders TO shop_powersync;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'folders') THEN
    ALTER PUBLICATION powersync ADD TABLE public.folders;
  END IF;
END
$$;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE folders DROP CONSTRAINT folders_parent_id_fkey;

DROP TABLE folders;

DROP TYPE folder_kind;
