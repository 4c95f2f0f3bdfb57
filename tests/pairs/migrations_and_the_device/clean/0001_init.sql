CREATE TABLE users (id text PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE lists (
  id uuid PRIMARY KEY,
  owner_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE todos (
  id uuid PRIMARY KEY,
  owner_id text NOT NULL,
  list_id uuid NOT NULL,
  body text NOT NULL,
  done boolean NOT NULL DEFAULT false
);
ALTER TABLE todos ADD COLUMN due timestamptz;
