---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard breaks-clients: devices that are out there upload the word 'shut'.
ALTER TYPE state RENAME VALUE 'shut' TO 'closed';

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TYPE state RENAME VALUE 'closed' TO 'shut';
