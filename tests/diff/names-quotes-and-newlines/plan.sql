---- 1_expand.sql
-- Phase 1 of 3: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE j ADD CONSTRAINT "a ""check""" CHECK (ab <> '$$') NOT VALID;
COMMENT ON COLUMN j.ab IS 'it''s
*/ $$ -- x';

---- 2_concurrent.sql
-- Phase 2 of 3: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS "an ""index"" of 'two' words" ON j (ab);

---- 3_validate.sql
-- Phase 3 of 3: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of j that "a ""check""" refuses stop it.
ALTER TABLE j VALIDATE CONSTRAINT "a ""check""";

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE j DROP CONSTRAINT "a ""check""";

DROP INDEX "an ""index"" of 'two' words";

COMMENT ON COLUMN j.ab IS NULL;
