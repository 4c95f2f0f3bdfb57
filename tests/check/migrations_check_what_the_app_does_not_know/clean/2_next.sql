-- the same things, said in other words
ALTER TABLE public.items ALTER COLUMN stars SET DEFAULT '0'::integer;
ALTER TABLE items ADD COLUMN extra text;
ALTER TABLE items DROP COLUMN extra;
ALTER TABLE items DROP CONSTRAINT items_note_check, ADD CONSTRAINT items_note_check CHECK ((char_length(note) <= 200)) NOT VALID;
