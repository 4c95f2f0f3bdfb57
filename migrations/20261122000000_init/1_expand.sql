-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TABLE projects (
  id text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT projects_pkey PRIMARY KEY (id)
);

CREATE TABLE documents (
  id text NOT NULL,
  owner_id text NOT NULL,
  title text,
  content text NOT NULL,
  project_id text,
  device_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT documents_pkey PRIMARY KEY (id)
);

CREATE TABLE document_versions (
  id text NOT NULL,
  owner_id text NOT NULL,
  document_id text NOT NULL,
  version integer NOT NULL,
  content text NOT NULL,
  device_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT document_versions_pkey PRIMARY KEY (id)
);

CREATE TABLE groups (
  id text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  color varchar(16),
  sort_order integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT groups_pkey PRIMARY KEY (id)
);

CREATE TABLE group_hierarchy (
  id text NOT NULL,
  owner_id text NOT NULL,
  parent_group_id text NOT NULL,
  child_group_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT group_hierarchy_pkey PRIMARY KEY (id)
);

CREATE TABLE document_groups (
  id text NOT NULL,
  owner_id text NOT NULL,
  document_id text NOT NULL,
  group_id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT document_groups_pkey PRIMARY KEY (id)
);

CREATE INDEX documents_project_id_idx ON documents (project_id);
CREATE INDEX documents_updated_at_idx ON documents (updated_at DESC);

CREATE UNIQUE INDEX group_hierarchy_parent_group_id_child_group_id_key ON group_hierarchy (owner_id, parent_group_id, child_group_id) WHERE deleted_at IS NULL;

CREATE UNIQUE INDEX document_groups_document_id_group_id_key ON document_groups (owner_id, document_id, group_id) WHERE deleted_at IS NULL;

COMMENT ON TABLE projects IS 'A folder of documents.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE document_groups TO notes_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_powersync') THEN
    GRANT SELECT ON TABLE document_groups TO notes_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE document_versions TO notes_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_powersync') THEN
    GRANT SELECT ON TABLE document_versions TO notes_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE documents TO notes_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_powersync') THEN
    GRANT SELECT ON TABLE documents TO notes_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE group_hierarchy TO notes_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_powersync') THEN
    GRANT SELECT ON TABLE group_hierarchy TO notes_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE groups TO notes_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_powersync') THEN
    GRANT SELECT ON TABLE groups TO notes_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE projects TO notes_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'notes_powersync') THEN
    GRANT SELECT ON TABLE projects TO notes_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'document_groups') THEN
    ALTER PUBLICATION powersync ADD TABLE public.document_groups;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'document_versions') THEN
    ALTER PUBLICATION powersync ADD TABLE public.document_versions;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'documents') THEN
    ALTER PUBLICATION powersync ADD TABLE public.documents;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'group_hierarchy') THEN
    ALTER PUBLICATION powersync ADD TABLE public.group_hierarchy;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'groups') THEN
    ALTER PUBLICATION powersync ADD TABLE public.groups;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'projects') THEN
    ALTER PUBLICATION powersync ADD TABLE public.projects;
  END IF;
END
$$;
