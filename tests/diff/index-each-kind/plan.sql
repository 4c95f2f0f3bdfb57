---- 1_concurrent.sql
-- Phase 1 of 1: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_gin ON jobs USING gin (c);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_gin_path ON jobs USING gin (c jsonb_path_ops);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_hash ON jobs USING hash (a);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_brin ON jobs USING brin (d);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_search ON jobs USING gin (e);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_nulls ON jobs (a, b DESC NULLS LAST);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_pattern ON jobs (a text_pattern_ops);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_all ON jobs ((lower(a)), b) INCLUDE (d) WHERE b IS NOT NULL;
-- Hazard may-fail: rows of jobs with the same (a, b) stop it.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS jobs_nnd ON jobs (a, b) NULLS NOT DISTINCT;
-- Hazard may-fail: rows of jobs with the same (a) stop it.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS jobs_partial ON jobs (a) WHERE b IS NULL;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP INDEX jobs_gin;

DROP INDEX jobs_gin_path;

DROP INDEX jobs_hash;

DROP INDEX jobs_brin;

DROP INDEX jobs_search;

DROP INDEX jobs_nulls;

DROP INDEX jobs_pattern;

DROP INDEX jobs_all;

DROP INDEX jobs_nnd;

DROP INDEX jobs_partial;
