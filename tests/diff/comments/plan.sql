---- 1_expand.sql
-- Phase 1 of 1: makes room for what is new.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

ALTER TABLE items ADD COLUMN d text;
COMMENT ON COLUMN items.a IS 'It''s "1"
$$';
COMMENT ON COLUMN items.b IS NULL;
COMMENT ON COLUMN items.c IS 'Three.';
COMMENT ON COLUMN items.d IS 'Four.';
COMMENT ON TABLE items IS NULL;

---- down.sql
-- Undoes what can be undone.
SET LOCAL lock_timeout = '2000ms';
SET LOCAL statement_timeout = '60000ms';

COMMENT ON COLUMN items.a IS 'One.';

COMMENT ON COLUMN items.b IS 'Two.';

COMMENT ON COLUMN items.c IS NULL;

COMMENT ON TABLE items IS 'Things.';

ALTER TABLE items DROP COLUMN d;
