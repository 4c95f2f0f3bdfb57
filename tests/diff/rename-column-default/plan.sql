---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN rating integer;
ALTER TABLE items ALTER COLUMN stars DROP DEFAULT;
ALTER TABLE items ALTER COLUMN stars DROP NOT NULL;

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
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'items'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('items') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE items SET rating = stars
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND rating IS NULL AND stars IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET rating = stars
  WHERE rating IS NULL AND stars IS NOT NULL;
END
$$;
DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'items'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('items') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE items SET rating = 3
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND rating IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET rating = 3
  WHERE rating IS NULL;
END
$$;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN stars SET DEFAULT 3;

UPDATE items SET stars = 3 WHERE stars IS NULL;

-- this fails while a row has no items.stars.
ALTER TABLE items ALTER COLUMN stars SET NOT NULL;

ALTER TABLE items DROP COLUMN rating;
