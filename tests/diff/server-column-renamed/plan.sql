---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items RENAME COLUMN title TO name;
ALTER TABLE items RENAME CONSTRAINT items_title_check TO items_name_check;
ALTER INDEX items_title_key RENAME TO items_name_key;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items RENAME COLUMN name TO title;

ALTER TABLE items RENAME CONSTRAINT items_name_check TO items_title_check;

ALTER INDEX items_name_key RENAME TO items_title_key;
