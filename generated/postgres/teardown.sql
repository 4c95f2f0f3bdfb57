-- Made by Syncline from syncline.toml. Do not edit.

-- Takes away what setup.sql and the PowerSync Service made: slots, publication, buckets, grants, roles. Tables and
-- their rows stay. Stop the service first: a slot in use cannot be dropped. Running it again is harmless.

-- A slot keeps the write-ahead log for a reader that may never come back.
DO $syncline$
BEGIN
  PERFORM pg_drop_replication_slot(slot_name)
  FROM pg_catalog.pg_replication_slots
  WHERE slot_name LIKE 'powersync\_%' AND database = current_database();
END
$syncline$;

BEGIN;

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

DROP PUBLICATION IF EXISTS powersync;
DROP SCHEMA IF EXISTS powersync CASCADE;

DO $syncline$
DECLARE
  login text;
  space text;
BEGIN
  FOR login IN
    SELECT rolname FROM pg_catalog.pg_roles
    WHERE rolname IN ('notes_app', 'notes_powersync', 'notes_storage')
  LOOP
    FOR space IN
      SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname IN ('public')
    LOOP
      EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', space, login);
      EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', space, login);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), login);
    BEGIN
      EXECUTE format('DROP ROLE %I', login);
    EXCEPTION WHEN dependent_objects_still_exist THEN
      RAISE WARNING 'the role % stays: it owns something, or is in use in another database', login;
    END;
  END LOOP;
END
$syncline$;

COMMIT;
