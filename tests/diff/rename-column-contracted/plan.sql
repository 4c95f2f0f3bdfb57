---- 1_concurrent.sql
-- Phase 1 of 4: slow work, while others read and write.
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
    UPDATE items SET name = title
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND name IS NULL AND title IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET name = title
  WHERE name IS NULL AND title IS NOT NULL;
END
$$;

---- 2_constrain.sql
-- Phase 2 of 4: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD CONSTRAINT items_name_not_null CHECK (name IS NOT NULL) NOT VALID;

---- 3_validate.sql
-- Phase 3 of 4: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_name_not_null refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_name_not_null;
ALTER TABLE items ALTER COLUMN name SET NOT NULL;
ALTER TABLE items DROP CONSTRAINT items_name_not_null;

---- 4_contract.sql
-- Phase 4 of 4: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.title goes.
-- Hazard breaks-clients: devices that are out there still upload items.title.
ALTER TABLE items DROP COLUMN title;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.title are gone.
ALTER TABLE items ADD COLUMN title text;

ALTER TABLE items ALTER COLUMN name DROP NOT NULL;
