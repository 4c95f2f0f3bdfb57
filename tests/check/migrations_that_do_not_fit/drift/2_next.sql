ALTER TABLE item ADD COLUMN color text;
