---- 1_types.sql
-- Phase 1 of 2: new words of enum types, which are usable once they are committed.
-- syncline:no-transaction
-- syncline:repeatable
SET lock_timeout = '2000ms';
SET statement_timeout = '0ms';

ALTER TYPE state ADD VALUE IF NOT EXISTS 'lowest' BEFORE 'low';

ALTER TYPE state ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'high';

ALTER TYPE state ADD VALUE IF NOT EXISTS 'top';

---- 2_expand.sql
-- Phase 2 of 2: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN state SET DEFAULT 'top';

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ALTER COLUMN state DROP DEFAULT;

-- the word 'lowest' stays in the type state: PostgreSQL takes none out.

-- the word 'it''s' stays in the type state: PostgreSQL takes none out.

-- the word 'top' stays in the type state: PostgreSQL takes none out.
