CREATE TABLE items (
  id text NOT NULL,
  owner_id text NOT NULL,
  title text NOT NULL,
  stars integer NOT NULL DEFAULT 0,
  price numeric(12, 2),
  note text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT items_pkey PRIMARY KEY (id),
  CONSTRAINT items_note_check CHECK (char_length(note) <= 200)
);
CREATE TABLE jobs (id integer PRIMARY KEY, state text NOT NULL);
