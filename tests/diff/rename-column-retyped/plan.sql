---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE notes ADD COLUMN due_on date;
-- Hazard may-fail: a value of notes.due that does not fit date stops it.
-- Hazard table-rewrite: notes is written again, and nobody reads it meanwhile.
-- Hazard breaks-clients: devices that are out there upload notes.due as varchar(10).
ALTER TABLE notes ALTER COLUMN due TYPE date USING due::date;
ALTER TABLE notes ALTER COLUMN due DROP NOT NULL;

---- 2_concurrent.sql
-- Phase 2 of 2: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'notes'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('notes') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE notes SET due_on = due
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND due_on IS NULL AND due IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'notes', least(page, pages), pages;
  END LOOP;
  UPDATE notes SET due_on = due
  WHERE due_on IS NULL AND due IS NOT NULL;
END
$$;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while a value of notes.due does not fit.
ALTER TABLE notes ALTER COLUMN due TYPE varchar(10);

-- this fails while a row has no notes.due.
ALTER TABLE notes ALTER COLUMN due SET NOT NULL;

ALTER TABLE notes DROP COLUMN due_on;
