-- Made by Syncline from syncline.toml. Do not edit.

-- What the app's server and the PowerSync Service need beside the tables: roles, grants, a publication.
-- Run it after the migrations, as the role that owns the tables; on managed hosts, as the role that they give you.
-- Run it again after each change of the schema: what is there already stays.
--
-- Passwords come from settings, never from this file:
--
--   PGOPTIONS="-c syncline.app_password=... -c syncline.powersync_password=... -c syncline.storage_password=..." \
--     psql --set=ON_ERROR_STOP=1 --file=setup.sql "$DATABASE_URL"
--
-- A role whose setting is absent is made without a password, or keeps the one that it has.

BEGIN;

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- Roles: the app's server, the service as a reader of the tables, the service as a keeper of its buckets.
DO $syncline$
DECLARE
  login record;
BEGIN
  FOR login IN
    SELECT * FROM (VALUES
      ('notes_app', 'syncline.app_password'),
      ('notes_powersync', 'syncline.powersync_password'),
      ('notes_storage', 'syncline.storage_password')
    ) AS logins (name, setting)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = login.name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', login.name);
    END IF;
    IF nullif(current_setting(login.setting, true), '') IS NOT NULL THEN
      EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', login.name, current_setting(login.setting));
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login.name);
  END LOOP;
END
$syncline$;

-- The reader replicates, and sees every row. Some hosts give these rights in ways of their own.
DO $syncline$
DECLARE
  reader record;
BEGIN
  SELECT rolreplication, rolbypassrls INTO reader FROM pg_catalog.pg_roles WHERE rolname = 'notes_powersync';
  IF NOT reader.rolreplication THEN
    BEGIN
      ALTER ROLE notes_powersync REPLICATION;
    EXCEPTION WHEN insufficient_privilege THEN
      IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rds_replication') THEN
        GRANT rds_replication TO notes_powersync;
      ELSE
        RAISE WARNING 'this host does not let you give REPLICATION to notes_powersync'
          USING HINT = 'Give it by the means of the host: without it, nothing syncs.';
      END IF;
    END;
  END IF;
  IF NOT reader.rolbypassrls THEN
    BEGIN
      ALTER ROLE notes_powersync BYPASSRLS;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE WARNING 'this host does not let you give BYPASSRLS to notes_powersync'
        USING HINT = 'Tables with row security need a policy that lets it read every row.';
    END;
  END IF;
END
$syncline$;

-- Grants.
GRANT USAGE ON SCHEMA public TO notes_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE
  projects,
  documents,
  document_versions,
  groups,
  group_hierarchy,
  document_groups
TO notes_app;
GRANT USAGE ON SCHEMA public TO notes_powersync;
GRANT SELECT ON TABLE
  projects,
  documents,
  document_versions,
  groups,
  group_hierarchy,
  document_groups
TO notes_powersync;

-- The service makes tables of its own in this schema, and asks for the schema itself at each start.
CREATE SCHEMA IF NOT EXISTS powersync;
GRANT USAGE, CREATE ON SCHEMA powersync TO notes_storage;
DO $syncline$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO notes_storage', current_database());
END
$syncline$;

-- The publication lists the tables that streams read, and no others: a table without a primary key could not be updated any more.
DO $syncline$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = 'powersync') THEN
    CREATE PUBLICATION powersync;
  END IF;
END
$syncline$;
ALTER PUBLICATION powersync SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = false);
ALTER PUBLICATION powersync SET TABLE
  public.projects,
  public.documents,
  public.document_versions,
  public.groups,
  public.group_hierarchy,
  public.document_groups;

COMMIT;
