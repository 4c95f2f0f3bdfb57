---- 1_expand.sql
-- Phase 1 of 5: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TABLE d (
  id text NOT NULL,
  owner_id text NOT NULL,
  c_id text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT d_pkey PRIMARY KEY (id)
);

ALTER TABLE a ADD COLUMN w integer;
ALTER TABLE a ALTER COLUMN w SET DEFAULT 1;

ALTER TABLE b ADD CONSTRAINT b_y_not_null CHECK (y IS NOT NULL) NOT VALID;

ALTER TABLE d ADD CONSTRAINT d_c_id_fkey FOREIGN KEY (c_id) REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE d TO shop_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE d TO shop_powersync;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'd') THEN
    ALTER PUBLICATION powersync ADD TABLE public.d;
  END IF;
END
$$;

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
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'a'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('a') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE a SET w = 1
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND w IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'a', least(page, pages), pages;
  END LOOP;
  UPDATE a SET w = 1
  WHERE w IS NULL;
END
$$;
CREATE INDEX CONCURRENTLY IF NOT EXISTS a_x_idx ON a (x);

---- 3_constrain.sql
-- Phase 3 of 5: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE a ADD CONSTRAINT a_w_not_null CHECK (w IS NOT NULL) NOT VALID;

---- 4_validate.sql
-- Phase 4 of 5: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE a VALIDATE CONSTRAINT a_w_not_null;

-- Hazard may-fail: rows of b that b_y_not_null refuses stop it.
ALTER TABLE b VALIDATE CONSTRAINT b_y_not_null;

ALTER TABLE a ALTER COLUMN w SET NOT NULL;

-- Hazard breaks-clients: devices that are out there may upload rows without b.y.
ALTER TABLE b ALTER COLUMN y SET NOT NULL;

ALTER TABLE a DROP CONSTRAINT a_w_not_null;

ALTER TABLE b DROP CONSTRAINT b_y_not_null;

---- 5_contract.sql
-- Phase 5 of 5: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every row of c goes.
-- Hazard breaks-clients: devices that are out there still upload to c.
DROP TABLE c;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE d DROP CONSTRAINT d_c_id_fkey;

DROP INDEX a_x_idx;

-- the rows of c are gone: it comes back empty.
CREATE TABLE c (
  id text NOT NULL,
  owner_id text NOT NULL,
  z text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT c_pkey PRIMARY KEY (id)
);

ALTER TABLE b ALTER COLUMN y DROP NOT NULL;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE c TO shop_app;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE c TO shop_powersync;
  END IF;
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'c') THEN
    ALTER PUBLICATION powersync ADD TABLE public.c;
  END IF;
END
$$;

ALTER TABLE a DROP COLUMN w;

DROP TABLE d;
