---- 1_expand.sql
-- Phase 1 of 4: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN a text;
ALTER TABLE items ADD COLUMN b boolean;
ALTER TABLE items ADD COLUMN c bigint;
ALTER TABLE items ADD COLUMN d double precision;
ALTER TABLE items ADD COLUMN e numeric(12, 2);
ALTER TABLE items ADD COLUMN f timestamptz(3);
ALTER TABLE items ADD COLUMN g date;
ALTER TABLE items ADD COLUMN h uuid;
ALTER TABLE items ADD COLUMN i text;
ALTER TABLE items ADD COLUMN j text;
ALTER TABLE items ADD COLUMN k jsonb;
ALTER TABLE items ADD COLUMN l text[];
ALTER TABLE items ADD COLUMN m bytea;
ALTER TABLE items ADD COLUMN n varchar(9);
ALTER TABLE items ALTER COLUMN a SET DEFAULT 'it''s "fine" \ $$ 
';
ALTER TABLE items ALTER COLUMN b SET DEFAULT true;
ALTER TABLE items ALTER COLUMN c SET DEFAULT -9223372036854775808;
ALTER TABLE items ALTER COLUMN d SET DEFAULT -0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001;
ALTER TABLE items ALTER COLUMN e SET DEFAULT -0.50;
ALTER TABLE items ALTER COLUMN f SET DEFAULT now();
ALTER TABLE items ALTER COLUMN g SET DEFAULT now();
ALTER TABLE items ALTER COLUMN h SET DEFAULT gen_random_uuid();
ALTER TABLE items ALTER COLUMN i SET DEFAULT gen_random_uuid();
ALTER TABLE items ALTER COLUMN k SET DEFAULT '{"a":[1,"it''s"]}';
ALTER TABLE items ALTER COLUMN l SET DEFAULT '{"it''s","{",""}';
ALTER TABLE items ALTER COLUMN m SET DEFAULT '\xffef0001';
ALTER TABLE items ALTER COLUMN n SET DEFAULT left(current_user, 9);

---- 2_concurrent.sql
-- Phase 2 of 4: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

DO $s1$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'items'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('items') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE items SET a = 'it''s "fine" \ $$ 
'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND a IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET a = 'it''s "fine" \ $$ 
'
  WHERE a IS NULL;
END
$s1$;
DO $$
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'items'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('items') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE items SET b = true
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND b IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET b = true
  WHERE b IS NULL;
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
    UPDATE items SET c = -9223372036854775808
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND c IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET c = -9223372036854775808
  WHERE c IS NULL;
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
    UPDATE items SET d = -0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND d IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET d = -0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001
  WHERE d IS NULL;
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
    UPDATE items SET e = -0.50
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND e IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET e = -0.50
  WHERE e IS NULL;
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
    UPDATE items SET f = now()
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND f IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET f = now()
  WHERE f IS NULL;
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
    UPDATE items SET g = now()
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND g IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET g = now()
  WHERE g IS NULL;
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
    UPDATE items SET h = gen_random_uuid()
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND h IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET h = gen_random_uuid()
  WHERE h IS NULL;
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
    UPDATE items SET i = gen_random_uuid()
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND i IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET i = gen_random_uuid()
  WHERE i IS NULL;
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
    UPDATE items SET k = '{"a":[1,"it''s"]}'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND k IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET k = '{"a":[1,"it''s"]}'
  WHERE k IS NULL;
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
    UPDATE items SET l = '{"it''s","{",""}'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND l IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET l = '{"it''s","{",""}'
  WHERE l IS NULL;
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
    UPDATE items SET m = '\xffef0001'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND m IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET m = '\xffef0001'
  WHERE m IS NULL;
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
    UPDATE items SET n = left(current_user, 9)
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND n IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'items', least(page, pages), pages;
  END LOOP;
  UPDATE items SET n = left(current_user, 9)
  WHERE n IS NULL;
END
$$;

---- 3_constrain.sql
-- Phase 3 of 4: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD CONSTRAINT items_a_not_null CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_b_not_null CHECK (b IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_c_not_null CHECK (c IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_e_not_null CHECK (e IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_f_not_null CHECK (f IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_g_not_null CHECK (g IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_h_not_null CHECK (h IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_i_not_null CHECK (i IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_j_not_null CHECK (j IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_k_not_null CHECK (k IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_l_not_null CHECK (l IS NOT NULL) NOT VALID;
ALTER TABLE items ADD CONSTRAINT items_m_not_null CHECK (m IS NOT NULL) NOT VALID;

---- 4_validate.sql
-- Phase 4 of 4: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE items VALIDATE CONSTRAINT items_a_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_b_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_c_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_e_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_f_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_g_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_h_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_i_not_null;
-- Hazard may-fail: rows of items that items_j_not_null refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_j_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_k_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_l_not_null;
ALTER TABLE items VALIDATE CONSTRAINT items_m_not_null;
ALTER TABLE items ALTER COLUMN a SET NOT NULL;
ALTER TABLE items ALTER COLUMN b SET NOT NULL;
ALTER TABLE items ALTER COLUMN c SET NOT NULL;
ALTER TABLE items ALTER COLUMN e SET NOT NULL;
ALTER TABLE items ALTER COLUMN f SET NOT NULL;
ALTER TABLE items ALTER COLUMN g SET NOT NULL;
ALTER TABLE items ALTER COLUMN h SET NOT NULL;
ALTER TABLE items ALTER COLUMN i SET NOT NULL;
-- Hazard breaks-clients: devices that are out there do not know items.j and upload rows without it.
ALTER TABLE items ALTER COLUMN j SET NOT NULL;
ALTER TABLE items ALTER COLUMN k SET NOT NULL;
ALTER TABLE items ALTER COLUMN l SET NOT NULL;
ALTER TABLE items ALTER COLUMN m SET NOT NULL;
ALTER TABLE items DROP CONSTRAINT items_a_not_null;
ALTER TABLE items DROP CONSTRAINT items_b_not_null;
ALTER TABLE items DROP CONSTRAINT items_c_not_null;
ALTER TABLE items DROP CONSTRAINT items_e_not_null;
ALTER TABLE items DROP CONSTRAINT items_f_not_null;
ALTER TABLE items DROP CONSTRAINT items_g_not_null;
ALTER TABLE items DROP CONSTRAINT items_h_not_null;
ALTER TABLE items DROP CONSTRAINT items_i_not_null;
ALTER TABLE items DROP CONSTRAINT items_j_not_null;
ALTER TABLE items DROP CONSTRAINT items_k_not_null;
ALTER TABLE items DROP CONSTRAINT items_l_not_null;
ALTER TABLE items DROP CONSTRAINT items_m_not_null;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items DROP COLUMN a;

ALTER TABLE items DROP COLUMN b;

ALTER TABLE items DROP COLUMN c;

ALTER TABLE items DROP COLUMN d;

ALTER TABLE items DROP COLUMN e;

ALTER TABLE items DROP COLUMN f;

ALTER TABLE items DROP COLUMN g;

ALTER TABLE items DROP COLUMN h;

ALTER TABLE items DROP COLUMN i;

ALTER TABLE items DROP COLUMN j;

ALTER TABLE items DROP COLUMN k;

ALTER TABLE items DROP COLUMN l;

ALTER TABLE items DROP COLUMN m;

ALTER TABLE items DROP COLUMN n;
