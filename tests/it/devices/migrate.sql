-- From before.toml to after.toml. {fill:table.column} is what the compiler fills a column with.
ALTER TABLE renamed ADD COLUMN title text;
UPDATE renamed SET title = {fill:renamed.title};
ALTER TABLE renamed ALTER COLUMN title SET NOT NULL, ALTER COLUMN name DROP NOT NULL;

ALTER TABLE memos RENAME TO pages;
ALTER TABLE pages ADD COLUMN text text;
UPDATE pages SET text = {fill:pages.text};
ALTER TABLE pages ALTER COLUMN text SET NOT NULL, ALTER COLUMN body DROP NOT NULL;

ALTER TABLE widened ADD COLUMN size bigint NOT NULL DEFAULT 0, ALTER COLUMN length DROP NOT NULL;
UPDATE widened SET size = {fill:widened.size};

ALTER TABLE lettered ADD COLUMN label text;
UPDATE lettered SET label = {fill:lettered.label};

ALTER TABLE numbered ADD COLUMN number integer NOT NULL DEFAULT -1, ALTER COLUMN amount DROP NOT NULL;
UPDATE numbered SET number = {fill:numbered.number};

ALTER TABLE moved ADD COLUMN at timestamptz(3);
UPDATE moved SET at = {fill:moved.at};

ALTER TABLE grown ADD COLUMN state text NOT NULL DEFAULT 'new', ADD COLUMN note text DEFAULT 'none';

ALTER TABLE shrunk DROP COLUMN extra;
DROP TABLE gone;

ALTER TABLE worded DROP CONSTRAINT worded_state_check;
UPDATE worded SET state = CASE state WHEN 'closed' THEN 'done' WHEN 'odd' THEN 'open' ELSE state END;
ALTER TABLE worded ADD CONSTRAINT worded_state_check CHECK (state IN ('open', 'done', 'later'));

UPDATE narrowed SET body = left(body, 5);
ALTER TABLE narrowed ADD CONSTRAINT narrowed_body_check CHECK (char_length(body) <= 5);

ALTER TABLE handed ADD COLUMN owner_id text, ADD COLUMN made timestamptz(3);
UPDATE handed SET owner_id = {fill:handed.owner_id}, made = {fill:handed.made};
ALTER TABLE handed ALTER COLUMN owner_id SET NOT NULL, ALTER COLUMN made SET NOT NULL,
  ALTER COLUMN user_id DROP NOT NULL, ALTER COLUMN made_at DROP NOT NULL;
