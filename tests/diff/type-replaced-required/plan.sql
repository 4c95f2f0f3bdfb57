---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN size integer;
ALTER TABLE items ALTER COLUMN length DROP NOT NULL;

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
    UPDATE items SET size = CASE WHEN round(CASE WHEN length ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (length)::numeric END) BETWEEN -2147483648 AND 2147483647 THEN (round(CASE WHEN length ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (length)::numeric END))::integer END
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND size IS NULL AND length IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET size = CASE WHEN round(CASE WHEN length ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (length)::numeric END) BETWEEN -2147483648 AND 2147483647 THEN (round(CASE WHEN length ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (length)::numeric END))::integer END
  WHERE size IS NULL AND length IS NOT NULL;
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
    UPDATE items SET size = 0
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND size IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET size = 0
  WHERE size IS NULL;
END
$$;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- this fails while a row has no items.length.
ALTER TABLE items ALTER COLUMN length SET NOT NULL;

ALTER TABLE items DROP COLUMN size;
