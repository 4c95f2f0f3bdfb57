---- 1_expand.sql
-- Phase 1 of 5: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE memos RENAME TO pages;

ALTER TABLE worded DROP CONSTRAINT worded_state_check;

ALTER TABLE pages RENAME CONSTRAINT memos_pkey TO pages_pkey;

ALTER TABLE renamed ADD COLUMN title text;

ALTER TABLE pages ADD COLUMN text text;

ALTER TABLE widened ADD COLUMN size bigint;

ALTER TABLE lettered ADD COLUMN label text;

ALTER TABLE numbered ADD COLUMN number integer;

ALTER TABLE moved ADD COLUMN at timestamptz(3);

ALTER TABLE grown ADD COLUMN state text;
ALTER TABLE grown ADD COLUMN note text;

ALTER TABLE handed ADD COLUMN owner_id text;
ALTER TABLE handed ADD COLUMN made timestamptz(3);

ALTER TABLE renamed ALTER COLUMN name DROP NOT NULL;

ALTER TABLE pages ALTER COLUMN body DROP NOT NULL;

ALTER TABLE widened ALTER COLUMN length DROP NOT NULL;

ALTER TABLE numbered ALTER COLUMN amount DROP NOT NULL;

ALTER TABLE grown ALTER COLUMN state SET DEFAULT 'new';
ALTER TABLE grown ALTER COLUMN note SET DEFAULT 'none';

ALTER TABLE handed ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE handed ALTER COLUMN made_at DROP NOT NULL;

-- Hazard breaks-clients: devices that are out there may upload what narrowed_body_check refuses.
ALTER TABLE narrowed ADD CONSTRAINT narrowed_body_check CHECK (char_length(body) <= 5) NOT VALID;

---- 2_concurrent.sql
-- Phase 2 of 5: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'renamed'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('renamed') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE renamed SET title = name
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND title IS NULL AND name IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'renamed', least(page, pages), pages;
  END LOOP;
  UPDATE renamed SET title = name
  WHERE title IS NULL AND name IS NOT NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'pages'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('pages') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE pages SET text = body
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND text IS NULL AND body IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'pages', least(page, pages), pages;
  END LOOP;
  UPDATE pages SET text = body
  WHERE text IS NULL AND body IS NOT NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'widened'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('widened') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE widened SET size = length::bigint
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND size IS NULL AND length IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'widened', least(page, pages), pages;
  END LOOP;
  UPDATE widened SET size = length::bigint
  WHERE size IS NULL AND length IS NOT NULL;
END
$$;
DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'widened'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('widened') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE widened SET size = 0
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND size IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'widened', least(page, pages), pages;
  END LOOP;
  UPDATE widened SET size = 0
  WHERE size IS NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'lettered'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('lettered') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE lettered SET label = code::text
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND label IS NULL AND code IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'lettered', least(page, pages), pages;
  END LOOP;
  UPDATE lettered SET label = code::text
  WHERE label IS NULL AND code IS NOT NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'numbered'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('numbered') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE numbered SET number = CASE WHEN round(CASE WHEN amount ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (amount)::numeric END) BETWEEN -2147483648 AND 2147483647 THEN (round(CASE WHEN amount ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (amount)::numeric END))::integer END
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND number IS NULL AND amount IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'numbered', least(page, pages), pages;
  END LOOP;
  UPDATE numbered SET number = CASE WHEN round(CASE WHEN amount ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (amount)::numeric END) BETWEEN -2147483648 AND 2147483647 THEN (round(CASE WHEN amount ~ '^(-?[0-9]{1,100}([.][0-9]{1,100})?)$' THEN (amount)::numeric END))::integer END
  WHERE number IS NULL AND amount IS NOT NULL;
END
$$;
DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'numbered'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('numbered') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE numbered SET number = -1
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND number IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'numbered', least(page, pages), pages;
  END LOOP;
  UPDATE numbered SET number = -1
  WHERE number IS NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'moved'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('moved') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE moved SET at = (day::timestamp) AT TIME ZONE 'UTC'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND at IS NULL AND day IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'moved', least(page, pages), pages;
  END LOOP;
  UPDATE moved SET at = (day::timestamp) AT TIME ZONE 'UTC'
  WHERE at IS NULL AND day IS NOT NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'worded'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('worded') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE worded SET state = 'done'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND state = 'closed';
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'worded', least(page, pages), pages;
  END LOOP;
  UPDATE worded SET state = 'done'
  WHERE state = 'closed';
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'handed'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('handed') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE handed SET owner_id = user_id
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND owner_id IS NULL AND user_id IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'handed', least(page, pages), pages;
  END LOOP;
  UPDATE handed SET owner_id = user_id
  WHERE owner_id IS NULL AND user_id IS NOT NULL;
END
$$;
DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'handed'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('handed') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE handed SET made = made_at
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND made IS NULL AND made_at IS NOT NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'handed', least(page, pages), pages;
  END LOOP;
  UPDATE handed SET made = made_at
  WHERE made IS NULL AND made_at IS NOT NULL;
END
$$;

DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'grown'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('grown') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE grown SET state = 'new'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND state IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'grown', least(page, pages), pages;
  END LOOP;
  UPDATE grown SET state = 'new'
  WHERE state IS NULL;
END
$$;
DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'grown'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('grown') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE grown SET note = 'none'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND note IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'grown', least(page, pages), pages;
  END LOOP;
  UPDATE grown SET note = 'none'
  WHERE note IS NULL;
END
$$;

---- 3_constrain.sql
-- Phase 3 of 5: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE grown ADD CONSTRAINT grown_state_not_null CHECK (state IS NOT NULL) NOT VALID;

-- Hazard breaks-clients: devices that are out there may upload what worded_state_check refuses.
ALTER TABLE worded ADD CONSTRAINT worded_state_check CHECK (state IN ('open', 'done', 'later')) NOT VALID;

---- 4_validate.sql
-- Phase 4 of 5: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE grown VALIDATE CONSTRAINT grown_state_not_null;

-- Hazard may-fail: rows of worded that worded_state_check refuses stop it.
ALTER TABLE worded VALIDATE CONSTRAINT worded_state_check;

-- Hazard may-fail: rows of narrowed that narrowed_body_check refuses stop it.
ALTER TABLE narrowed VALIDATE CONSTRAINT narrowed_body_check;

ALTER TABLE grown ALTER COLUMN state SET NOT NULL;
ALTER TABLE grown DROP CONSTRAINT grown_state_not_null;

---- 5_contract.sql
-- Phase 5 of 5: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of shrunk.extra goes.
-- Hazard breaks-clients: devices that are out there still upload shrunk.extra.
ALTER TABLE shrunk DROP COLUMN extra;

-- Hazard deletes-data: every row of gone goes.
-- Hazard breaks-clients: devices that are out there still upload to gone.
DROP TABLE gone;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE pages RENAME TO memos;

ALTER TABLE worded DROP CONSTRAINT worded_state_check;

ALTER TABLE narrowed DROP CONSTRAINT narrowed_body_check;

ALTER TABLE memos RENAME CONSTRAINT pages_pkey TO memos_pkey;

-- the rows of gone are gone: it comes back empty.
CREATE TABLE gone (
  id text NOT NULL,
  owner_id text NOT NULL,
  title text NOT NULL,
  CONSTRAINT gone_pkey PRIMARY KEY (id)
);

-- the values of shrunk.extra are gone.
ALTER TABLE shrunk ADD COLUMN extra text;

UPDATE worded SET state = 'closed' WHERE state = 'done';

-- this fails while a row has no renamed.name.
ALTER TABLE renamed ALTER COLUMN name SET NOT NULL;

-- this fails while a row has no memos.body.
ALTER TABLE memos ALTER COLUMN body SET NOT NULL;

-- this fails while a row has no widened.length.
ALTER TABLE widened ALTER COLUMN length SET NOT NULL;

-- this fails while a row has no numbered.amount.
ALTER TABLE numbered ALTER COLUMN amount SET NOT NULL;

-- this fails while a row has no handed.user_id.
ALTER TABLE handed ALTER COLUMN user_id SET NOT NULL;

-- this fails while a row has no handed.made_at.
ALTER TABLE handed ALTER COLUMN made_at SET NOT NULL;

-- this fails while rows break worded_state_check.
ALTER TABLE worded ADD CONSTRAINT worded_state_check CHECK (state IN ('open', 'closed', 'odd'));

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'devices_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE gone TO devices_app;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'devices_powersync') THEN
    GRANT SELECT ON TABLE gone TO devices_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'gone') THEN
    ALTER PUBLICATION powersync ADD TABLE public.gone;
  END IF;
END
$$;

ALTER TABLE renamed DROP COLUMN title;

ALTER TABLE memos DROP COLUMN text;

ALTER TABLE widened DROP COLUMN size;

ALTER TABLE lettered DROP COLUMN label;

ALTER TABLE numbered DROP COLUMN number;

ALTER TABLE moved DROP COLUMN at;

ALTER TABLE grown DROP COLUMN state;

ALTER TABLE grown DROP COLUMN note;

ALTER TABLE handed DROP COLUMN owner_id;

ALTER TABLE handed DROP COLUMN made;
