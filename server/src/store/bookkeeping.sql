-- Bookkeeping of the upload server. Nothing here is ever published, and nothing here holds an
-- app's rows but for the payloads of dead letters.

CREATE SCHEMA IF NOT EXISTS syncline;

-- One row a device. Its lock is what keeps a device's transactions in order.
CREATE TABLE IF NOT EXISTS syncline.clients (
  user_id text NOT NULL,
  client_id text NOT NULL,
  number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  schema_version text,
  last_op bigint,
  rewound boolean NOT NULL DEFAULT false,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  failing_digest bytea,
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  PRIMARY KEY (user_id, client_id)
) WITH (fillfactor = 50);

-- One row a client transaction, written with its effect: what makes an upload happen once.
CREATE TABLE IF NOT EXISTS syncline.uploads (
  client bigint NOT NULL,
  op_id text NOT NULL,
  digest bytea NOT NULL,
  rejection jsonb,
  uploaded_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uploads_pkey PRIMARY KEY (client, op_id, digest)
);

-- What was acknowledged and could not be applied.
CREATE TABLE IF NOT EXISTS syncline.dead_letters (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text NOT NULL,
  client_id text,
  op_id text,
  digest bytea NOT NULL,
  schema_version text,
  code text NOT NULL,
  op_index integer,
  column_name text,
  message text NOT NULL,
  payload bytea NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'replayed', 'discarded')),
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz
);
CREATE INDEX IF NOT EXISTS dead_letters_open_idx ON syncline.dead_letters (created_at) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS dead_letters_user_idx ON syncline.dead_letters (user_id, id);

-- What the devices of each version of the schema know; `syncline migrate apply` writes it.
CREATE TABLE IF NOT EXISTS syncline.schema_versions (
  version text PRIMARY KEY,
  tables jsonb NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS syncline.bookkeeping (
  version integer NOT NULL,
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
);
INSERT INTO syncline.bookkeeping (version) VALUES (1)
ON CONFLICT (only_row) DO UPDATE SET version = greatest(bookkeeping.version, EXCLUDED.version);
