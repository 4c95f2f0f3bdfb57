---- 1_expand.sql
-- Phase 1 of 3: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN length bigint;
ALTER TABLE items ADD CONSTRAINT items_length_not_null CHECK (length IS NOT NULL) NOT VALID;

---- 2_validate.sql
-- Phase 2 of 3: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of items that items_length_not_null refuses stop it.
ALTER TABLE items VALIDATE CONSTRAINT items_length_not_null;
-- Hazard breaks-clients: devices that are out there do not know items.length and upload rows without it.
ALTER TABLE items ALTER COLUMN length SET NOT NULL;
ALTER TABLE items DROP CONSTRAINT items_length_not_null;

---- 3_contract.sql
-- Phase 3 of 3: takes away what is gone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- Hazard deletes-data: every value of items.size goes.
-- Hazard breaks-clients: devices that are out there still upload items.size.
ALTER TABLE items DROP COLUMN size;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

-- the values of items.size are gone: every row gets 0.
ALTER TABLE items ADD COLUMN size integer NOT NULL DEFAULT 0;

ALTER TABLE items ALTER COLUMN size DROP DEFAULT;

ALTER TABLE items DROP COLUMN length;
