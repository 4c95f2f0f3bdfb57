---- 1_expand.sql
-- Phase 1 of 3: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt ADD COLUMN another_a_name_that_is_as_long_as_postgresql_takes_any_nam integer;
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt ADD CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_e17126f6 CHECK (another_a_name_that_is_as_long_as_postgresql_takes_any_nam IS NOT NULL) NOT VALID;
-- Hazard breaks-clients: devices that are out there may upload what a_name_that_is_as_long_as_postgresql_takes_any_name_to_4ec5902e refuses.
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt ADD CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_4ec5902e CHECK (char_length(title) <= 3) NOT VALID;
-- Hazard breaks-clients: devices that are out there may upload what a_name_that_is_as_long_as_postgresql_takes_any_name_to_047ab521 refuses.
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt ADD CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_047ab521 CHECK (true) NOT VALID;

---- 2_concurrent.sql
-- Phase 2 of 3: slow work, while others read and write.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

CREATE INDEX CONCURRENTLY IF NOT EXISTS a_name_that_is_as_long_as_postgresql_takes_any_name_to_72cc12b7 ON a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt (title);
-- Hazard may-fail: rows of a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt with the same (owner_id, title) stop it.
-- Hazard breaks-clients: devices that are out there may upload rows of a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt with the same (owner_id, title).
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_name_that_is_as_long_as_postgresql_takes_any_name_to_a94af9cc ON a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt (owner_id, title) WHERE deleted_at IS NULL;

---- 3_validate.sql
-- Phase 3 of 3: judges the rows that are there, and makes rules strict.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '0ms';

-- Hazard may-fail: rows of a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt that a_name_that_is_as_long_as_postgresql_takes_any_name_to_e17126f6 refuses stop it.
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt VALIDATE CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_e17126f6;
-- Hazard may-fail: rows of a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt that a_name_that_is_as_long_as_postgresql_takes_any_name_to_4ec5902e refuses stop it.
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt VALIDATE CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_4ec5902e;
-- Hazard may-fail: rows of a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt that a_name_that_is_as_long_as_postgresql_takes_any_name_to_047ab521 refuses stop it.
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt VALIDATE CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_047ab521;
-- Hazard breaks-clients: devices that are out there do not know a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt.another_a_name_that_is_as_long_as_postgresql_takes_any_nam and upload rows without it.
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt ALTER COLUMN another_a_name_that_is_as_long_as_postgresql_takes_any_nam SET NOT NULL;
ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt DROP CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_e17126f6;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt DROP CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_4ec5902e;

ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt DROP CONSTRAINT a_name_that_is_as_long_as_postgresql_takes_any_name_to_047ab521;

DROP INDEX a_name_that_is_as_long_as_postgresql_takes_any_name_to_72cc12b7;

DROP INDEX a_name_that_is_as_long_as_postgresql_takes_any_name_to_a94af9cc;

ALTER TABLE a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt DROP COLUMN another_a_name_that_is_as_long_as_postgresql_takes_any_nam;
