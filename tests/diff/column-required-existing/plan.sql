---- 1_expand.sql
-- Phase 1 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD CONSTRAINT items_title_not_null CHECK (title IS NOT NULL) NOT VALID;

---- 2_validate.sql
-- Phase 2 of 2: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_title_not_null refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_title_not_null;
-- Hazard breaks-clients: devices that are out there may upload rows without items.title.
ALTER TABLE items ALTER COLUMN title SET NOT NULL;
ALTER TABLE items DROP CONSTRAINT items_title_not_null;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN title DROP NOT NULL;
