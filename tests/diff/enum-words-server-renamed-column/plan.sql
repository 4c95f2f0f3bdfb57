---- 1_expand.sql
-- Phase 1 of 4: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs DROP CONSTRAINT jobs_state_check;
ALTER TABLE jobs RENAME COLUMN state TO phase;

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
  step bigint := (SELECT greatest(1, (10000 * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = 'jobs'::regclass);
BEGIN
  LOOP
    pages := pg_relation_size('jobs') / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    UPDATE jobs SET phase = 'c'
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND phase = 'b';
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', 'jobs', least(page, pages), pages;
  END LOOP;
  UPDATE jobs SET phase = 'c'
  WHERE phase = 'b';
END
$$;

---- 3_constrain.sql
-- Phase 3 of 4: rules for new rows.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs ADD CONSTRAINT jobs_phase_check CHECK (phase IN ('a', 'c')) NOT VALID;

---- 4_validate.sql
-- Phase 4 of 4: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of jobs that jobs_phase_check refuses stop it.
ALTER TABLE jobs VALIDATE CONSTRAINT jobs_phase_check;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs DROP CONSTRAINT jobs_phase_check;

ALTER TABLE jobs RENAME COLUMN phase TO state;

UPDATE jobs SET state = 'b' WHERE state = 'c';

-- this fails while rows break jobs_state_check.
ALTER TABLE jobs ADD CONSTRAINT jobs_state_check CHECK (state IN ('a', 'b'));
