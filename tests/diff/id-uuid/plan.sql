---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard may-fail: a value of items.id that does not fit uuid stops it.
-- Hazard table-rewrite: items is written again, and nobody reads it meanwhile.
-- Hazard breaks-clients: devices that are out there upload items.id as text.
ALTER TABLE items ALTER COLUMN id TYPE uuid USING id::uuid;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN id TYPE text;
