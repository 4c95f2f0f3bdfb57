ALTER TABLE items ALTER COLUMN price TYPE numeric(6, 2);
