---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN a SET DEFAULT 'it''s';
ALTER TABLE items ALTER COLUMN b DROP DEFAULT;
ALTER TABLE items ALTER COLUMN c SET DEFAULT current_user;
ALTER TABLE items ALTER COLUMN d DROP DEFAULT;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN a SET DEFAULT 'x';

ALTER TABLE items ALTER COLUMN b SET DEFAULT 1;

ALTER TABLE items ALTER COLUMN c DROP DEFAULT;

ALTER TABLE items ALTER COLUMN d SET DEFAULT now();
