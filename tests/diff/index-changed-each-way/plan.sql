---- 1_concurrent.sql
-- Phase 1 of 1: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS i_new ON items (a, b);
CREATE INDEX CONCURRENTLY IF NOT EXISTS j_new ON items (a) WHERE b IS NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS k_new ON items (a);
CREATE INDEX CONCURRENTLY IF NOT EXISTS l_new ON items USING hash (a);
-- Hazard may-fail: rows of items with the same (owner_id, b) stop it.
-- Hazard breaks-clients: devices that are out there may upload rows of items with the same (owner_id, b).
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS m_new ON items (owner_id, b) WHERE deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS i;
DROP INDEX CONCURRENTLY IF EXISTS j;
DROP INDEX CONCURRENTLY IF EXISTS k;
DROP INDEX CONCURRENTLY IF EXISTS l;
DROP INDEX CONCURRENTLY IF EXISTS m;
ALTER INDEX i_new RENAME TO i;
ALTER INDEX j_new RENAME TO j;
ALTER INDEX k_new RENAME TO k;
ALTER INDEX l_new RENAME TO l;
ALTER INDEX m_new RENAME TO m;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

DROP INDEX i;

DROP INDEX j;

DROP INDEX k;

DROP INDEX l;

DROP INDEX m;

CREATE INDEX i ON items (a);

CREATE INDEX j ON items (a);

CREATE INDEX k ON items (a) INCLUDE (b);

CREATE INDEX l ON items (a);

-- this fails while rows break m.
CREATE UNIQUE INDEX m ON items (owner_id, a) WHERE deleted_at IS NULL;
