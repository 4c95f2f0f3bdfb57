---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs RENAME COLUMN a TO c;
ALTER TABLE jobs RENAME COLUMN b TO d;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE jobs RENAME COLUMN c TO a;

ALTER TABLE jobs RENAME COLUMN d TO b;
