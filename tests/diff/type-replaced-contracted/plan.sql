---- 1_concurrent.sql
-- Phase 1 of 2: slow work, while others read and write.
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
    UPDATE items SET size = length::text
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND size IS NULL AND length IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET size = length::text
  WHERE size IS NULL AND length IS NOT NULL;
END
$$;

---- 2_contract.sql
-- Phase 2 of 2: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.length goes.
-- Hazard breaks-clients: devices that are out there still upload items.length.
ALTER TABLE items DROP COLUMN length;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.length are gone.
ALTER TABLE items ADD COLUMN length integer;
