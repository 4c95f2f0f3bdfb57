-- Made by Syncline from syncline.toml. Do not edit.

-- What the migrations add up to, for reading and for tests. Migrations, not this file, change a live database.

BEGIN;

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

COMMENT ON TABLE projects IS 'A folder of documents.';

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

CREATE INDEX documents_project_id_idx ON documents (project_id);
CREATE INDEX documents_updated_at_idx ON documents (updated_at DESC);

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

CREATE UNIQUE INDEX group_hierarchy_parent_group_id_child_group_id_key ON group_hierarchy (owner_id, parent_group_id, child_group_id) WHERE deleted_at IS NULL;

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

CREATE UNIQUE INDEX document_groups_document_id_group_id_key ON document_groups (owner_id, document_id, group_id) WHERE deleted_at IS NULL;

COMMIT;
