---- 1_expand.sql
-- Phase 1 of 4: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_title_check;
ALTER TABLE items ADD COLUMN name text;
ALTER TABLE items ALTER COLUMN title DROP NOT NULL;

---- 2_concurrent.sql
-- Phase 2 of 4: slow work, while others read and write.
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
CREATE INDEX CONCURRENTLY IF NOT EXISTS items_name_idx ON items (name);
-- Hazard index-dropped: queries on items that used items_title_idx get slow.
DROP INDEX CONCURRENTLY IF EXISTS items_title_idx;

---- 3_constrain.sql
-- Phase 3 of 4: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard breaks-clients: devices that are out there may upload what items_name_check refuses.
ALTER TABLE items ADD CONSTRAINT items_name_check CHECK (char_length(name) <= 40) NOT VALID;

---- 4_validate.sql
-- Phase 4 of 4: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_name_check refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_name_check;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP CONSTRAINT items_name_check;

DROP INDEX items_name_idx;

-- this fails while a row has no items.title.
ALTER TABLE items ALTER COLUMN title SET NOT NULL;

-- this fails while rows break items_title_check.
ALTER TABLE items ADD CONSTRAINT items_title_check CHECK (char_length(title) <= 40);

CREATE INDEX items_title_idx ON items (title);

ALTER TABLE items DROP COLUMN name;
