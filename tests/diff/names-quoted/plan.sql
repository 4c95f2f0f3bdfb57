---- 1_expand.sql
-- Phase 1 of 4: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

CREATE TABLE "x\y" (
  id text NOT NULL,
  owner_id text NOT NULL,
  "user" text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT "x\y_pkey" PRIMARY KEY (id)
);

ALTER TABLE "select" ADD COLUMN "größe" text;
ALTER TABLE "select" ALTER COLUMN "createdBy" SET DEFAULT 0;
ALTER TABLE "select" ALTER COLUMN "größe" SET DEFAULT 'ß';

ALTER TABLE "x\y" ADD CONSTRAINT "x\y_user_fkey" FOREIGN KEY ("user") REFERENCES "select" (id) DEFERRABLE INITIALLY DEFERRED;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "x\y" TO shop_app;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_powersync') THEN
    GRANT SELECT ON TABLE "x\y" TO shop_powersync;
  END IF;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_publication WHERE pubname = 'powersync')
    AND NOT EXISTS (SELECT FROM pg_publication_tables WHERE pubname = 'powersync' AND schemaname = 'public' AND tablename = 'x\y') THEN
    ALTER PUBLICATION powersync ADD TABLE public."x\y";
  END IF;
END
$$;

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
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = '"select"'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('"select"') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE "select" SET "größe" = 'ß'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND "größe" IS NULL;
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', '"select"', least(page, pages), pages;
  END LOOP;
  UPDATE "select" SET "größe" = 'ß'
  WHERE "größe" IS NULL;
END
$$;
CREATE INDEX CONCURRENTLY IF NOT EXISTS select_order_idx ON "select" ("order");
CREATE INDEX CONCURRENTLY IF NOT EXISTS "select_createdBy_idx" ON "select" ("createdBy");

---- 3_constrain.sql
-- Phase 3 of 4: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE "select" ADD CONSTRAINT "select_größe_not_null" CHECK ("größe" IS NOT NULL) NOT VALID;
-- Hazard breaks-clients: devices that are out there may upload what select_order_check refuses.
ALTER TABLE "select" ADD CONSTRAINT select_order_check CHECK (char_length("order") <= 5) NOT VALID;

---- 4_validate.sql
-- Phase 4 of 4: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

ALTER TABLE "select" VALIDATE CONSTRAINT "select_größe_not_null";
-- Hazard may-fail: rows of "select" that select_order_check refuses stop it.
ALTER TABLE "select" VALIDATE CONSTRAINT select_order_check;
ALTER TABLE "select" ALTER COLUMN "größe" SET NOT NULL;
ALTER TABLE "select" DROP CONSTRAINT "select_größe_not_null";

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE "x\y" DROP CONSTRAINT "x\y_user_fkey";

ALTER TABLE "select" DROP CONSTRAINT select_order_check;

DROP INDEX select_order_idx;

DROP INDEX "select_createdBy_idx";

ALTER TABLE "select" ALTER COLUMN "createdBy" DROP DEFAULT;

ALTER TABLE "select" DROP COLUMN "größe";

DROP TABLE "x\y";
