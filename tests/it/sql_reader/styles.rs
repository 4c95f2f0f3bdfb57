//! Scripts as other tools and people write them.

use syncline_codegen::diff::TableName;
use syncline_codegen::read::sql::replay;
use syncline_codegen::sql;
use syncline_schema::model::{Scalar, Table};
use syncline_schema::{FileId, Schema, literal, types};

use super::{read, said};

/// As `pg_dump --schema-only` writes.
pub(super) const PG_DUMP: &str = r#"
--
-- PostgreSQL database dump
--

\restrict Zq0

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;

CREATE SCHEMA app;
ALTER SCHEMA app OWNER TO postgres;

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';

CREATE TYPE public.mood AS ENUM (
    'ok',
    'not so; well'
);
ALTER TYPE public.mood OWNER TO postgres;

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;

SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email character varying(255) NOT NULL,
    name character varying DEFAULT NULL::character varying,
    feeling public.mood DEFAULT 'ok'::public.mood,
    feelings public.mood[] DEFAULT '{}'::public.mood[] NOT NULL,
    balance numeric(12,2) DEFAULT 0 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_email_check CHECK (((email)::text <> ''::text)),
    CONSTRAINT users_name_check CHECK ((char_length((name)::text) <= 40))
);
ALTER TABLE public.users OWNER TO postgres;
COMMENT ON TABLE public.users IS 'Those who use it; ''all'' of them.';
COMMENT ON COLUMN public.users.email IS 'Where they are reached.';

CREATE TABLE app.jobs (
    id integer NOT NULL,
    user_id uuid,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE SEQUENCE app.jobs_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE app.jobs_id_seq OWNED BY app.jobs.id;
ALTER TABLE ONLY app.jobs ALTER COLUMN id SET DEFAULT nextval('app.jobs_id_seq'::regclass);

COPY app.jobs (id, user_id, payload) FROM stdin;
1	\N	{"it's": "a ; quote"}
\.

SELECT pg_catalog.setval('app.jobs_id_seq', 1, true);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE NULLS NOT DISTINCT (email);
ALTER TABLE ONLY app.jobs
    ADD CONSTRAINT jobs_pk PRIMARY KEY (id);

CREATE INDEX users_lower_idx ON public.users USING btree (lower((email)::text), created_at DESC NULLS LAST) INCLUDE (name) WHERE (name IS NOT NULL);
CREATE INDEX jobs_payload_idx ON app.jobs USING gin (payload jsonb_path_ops);
CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch();

ALTER TABLE ONLY app.jobs
    ADD CONSTRAINT jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.users FOR SELECT TO authenticated USING ((id = ( SELECT auth.uid() AS uid)));
CREATE PUBLICATION powersync WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION powersync OWNER TO postgres;
ALTER PUBLICATION powersync ADD TABLE ONLY public.users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO app;

\unrestrict Zq0
"#;

/// As drizzle-kit writes.
pub(super) const DRIZZLE: &str = r#"CREATE TYPE "public"."role" AS ENUM('admin', 'user');--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"role" "role" DEFAULT 'user' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{"theme":"dark"}'::jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"age" integer,
	CONSTRAINT "accounts_tags_unique" UNIQUE("tags"),
	CONSTRAINT "age_check" CHECK ("accounts"."age" > 21)
);
--> statement-breakpoint
CREATE TABLE "account_links" (
	"from" text NOT NULL,
	"to" text NOT NULL,
	CONSTRAINT "account_links_from_to_pk" PRIMARY KEY("from","to")
);
--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_from_accounts_id_fk" FOREIGN KEY ("from") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "role_idx" ON "accounts" USING btree ("role","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "age_idx" ON "accounts" USING btree (lower("id"),"age" int4_ops) WHERE "accounts"."age" is not null;"#;

/// One change after another.
pub(super) const CHANGES: &str = r#"
CREATE TABLE notes (
  id text PRIMARY KEY,
  owner text NOT NULL CHECK (owner <> ''),
  title text UNIQUE,
  words int DEFAULT 0 CONSTRAINT few CHECK (words < 100),
  "from" date,
  CHECK (char_length(title) < words),
  UNIQUE (owner, title)
);
CREATE TABLE links (id bigint PRIMARY KEY, note text REFERENCES notes ON DELETE CASCADE, UNIQUE (id, note));
ALTER TABLE notes RENAME TO pages;
ALTER TABLE pages RENAME COLUMN title TO heading;
ALTER TABLE pages ALTER COLUMN words TYPE bigint, ALTER words SET DEFAULT -1, ALTER COLUMN words SET NOT NULL;
ALTER TABLE pages ADD COLUMN IF NOT EXISTS parent text REFERENCES pages (id) DEFERRABLE INITIALLY DEFERRED, ADD extra text;
ALTER TABLE pages DROP COLUMN IF EXISTS nothing, DROP extra;
CREATE INDEX ON pages (lower(heading), words DESC);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Pages Key" ON pages (owner) WHERE heading IS NOT NULL;
ALTER INDEX pages_lower_words_idx RENAME TO pages_words_idx;
ALTER TABLE pages RENAME CONSTRAINT few TO not_many;
ALTER TABLE pages DROP CONSTRAINT notes_check, DROP CONSTRAINT IF EXISTS nothing;
CREATE UNIQUE INDEX pages_from ON pages ("from");
ALTER TABLE pages ADD CONSTRAINT pages_from_unique UNIQUE USING INDEX pages_from;
ALTER TABLE pages ADD CONSTRAINT late CHECK (words > 0) NOT VALID;
ALTER TABLE pages VALIDATE CONSTRAINT late;
DROP INDEX CONCURRENTLY IF EXISTS "Pages Key";
DROP INDEX IF EXISTS gone, gone_too;
CREATE SCHEMA archive;
ALTER TABLE links SET SCHEMA archive;
ALTER TABLE IF EXISTS nowhere DROP COLUMN a;
DROP TABLE IF EXISTS nowhere CASCADE;
"#;

fn shown(table: &Table, schema: &Schema) -> String {
    let mut out = format!("{}\n", sql::qualified(table));
    for column in &table.columns {
        let null = if column.nullable { "" } else { " NOT NULL" };
        let ty = match &column.ty.scalar {
            Scalar::Raw(_) => format!("raw {}", types::postgres(&column.ty)),
            _ => types::postgres(&column.ty),
        };
        let default = literal::default_of(column);
        let default = default
            .map(|it| format!(" DEFAULT {it}"))
            .unwrap_or_default();
        out.push_str(&format!("  {} {ty}{null}{default}\n", column.name));
    }
    out.push_str(&format!(
        "  key {:?} {}\n",
        table.key_columns(),
        sql::primary_key_name(table)
    ));
    for check in &table.checks {
        out.push_str(&format!("  check {} {}\n", check.name, check.expression));
    }
    for index in &table.indexes {
        let constraint = if index.constraint {
            " (constraint)"
        } else {
            ""
        };
        let ddl = sql::create_index(&TableName::of(table), index, false);
        out.push_str(&format!("  {ddl}{constraint}\n"));
    }
    let tables = sql::by_name(schema);
    for key in sql::foreign_keys(table, &tables) {
        out.push_str(&format!("  {}\n", sql::add_foreign_key(&key)));
    }
    if table.rls {
        out.push_str("  row security\n");
    }
    out
}

fn summary(text: &str) -> String {
    let replay = read(text);
    let mut out: String = replay
        .schema
        .tables
        .iter()
        .map(|it| shown(it, &replay.schema))
        .collect();
    for table in &replay.published {
        out.push_str(&format!("published {table}\n"));
    }
    out + &said(&replay).join("\n")
}

#[test]
fn a_dump_is_read() {
    insta::assert_snapshot!(summary(PG_DUMP));
}

#[test]
fn drizzle_kits_migrations_are_read() {
    insta::assert_snapshot!(summary(DRIZZLE));
}

/// One statement after another, each of a kind of its own.
#[test]
fn changes_are_folded() {
    insta::assert_snapshot!(summary(CHANGES));
}

/// What a schema does not hold is said, each thing once, and what can be kept is kept.
#[test]
fn what_no_schema_holds_is_said() {
    let text = r#"
CREATE TABLE a (
  id bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 10) PRIMARY KEY,
  n serial,
  doubled int GENERATED ALWAYS AS (n * 2) STORED,
  name text COLLATE "C",
  span tstzrange,
  x int, y int,
  EXCLUDE USING gist (span WITH &&),
  CONSTRAINT later UNIQUE (name) DEFERRABLE
) PARTITION BY RANGE (id);
CREATE TABLE b (x int, y int, a_id bigint REFERENCES a ON UPDATE CASCADE,
  CONSTRAINT both FOREIGN KEY (x, y) REFERENCES a (x, y));
CREATE TABLE c PARTITION OF a FOR VALUES FROM (1) TO (2);
CREATE TABLE d (LIKE a INCLUDING ALL);
CREATE TABLE e () INHERITS (a);
CREATE TABLE f AS SELECT 1 AS one;
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE TYPE pair AS (a int, b int);
CREATE VIEW v AS SELECT * FROM a;
CREATE MATERIALIZED VIEW m AS SELECT 1;
CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE INDEX collated ON a (name COLLATE "de_DE");
ALTER TABLE a REPLICA IDENTITY FULL;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
ALTER TABLE a ALTER COLUMN id RESTART WITH 5;
ALTER TABLE a ADD CONSTRAINT nn CHECK (x > 0) NO INHERIT;
ALTER TABLE v RENAME TO w;
ALTER TABLE a DROP CONSTRAINT later;
DROP INDEX collated;
DROP TYPE pair;
SET search_path = app, public;
ALTER TABLE unknown ADD COLUMN a int, ADD COLUMN b int;
REINDEX INDEX CONCURRENTLY a_pkey;
DO $$ BEGIN PERFORM 1; END $$;
INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING;
"#;
    insta::assert_snapshot!(summary(text));
}

#[test]
fn enums_follow_their_types() {
    let replay = read(
        "CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TABLE t (m mood DEFAULT 'bad', l mood[]);\n\
         ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok'; ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok';\n\
         ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'; ALTER TYPE mood RENAME TO feeling;\n\
         CREATE TYPE lone AS ENUM ('x'); ALTER TYPE lone ADD VALUE 'y'; ALTER TABLE t ADD u lone;",
    );
    assert_eq!(said(&replay), Vec::<String>::new());
    let table = &replay.schema.tables[0];
    let words = |name: &str| match &table.column(name).expect("there").ty.scalar {
        Scalar::Enum(it) => format!("{:?} {:?}", it.native, it.values),
        other => format!("{other:?}"),
    };
    let feeling = r#"Some("feeling") ["ok", "fine", "sad"]"#;
    assert_eq!([words("m"), words("l")], [feeling, feeling]);
    assert_eq!(words("u"), r#"Some("lone") ["x", "y"]"#);
    let default = literal::default_of(table.column("m").expect("there"));
    assert_eq!(default.as_deref(), Some("'sad'"));
}

/// The form that tables with the owner in their key ask for.
#[test]
fn a_foreign_key_of_owner_and_id_is_a_reference() {
    let replay = read(
        "CREATE TABLE p (id text, owner_id text, PRIMARY KEY (owner_id, id));\n\
         CREATE TABLE c (id text PRIMARY KEY, owner_id text, p_id text, CONSTRAINT c_p_id_fkey FOREIGN KEY \
         (owner_id, p_id) REFERENCES p (owner_id, id) ON DELETE SET NULL (p_id) DEFERRABLE INITIALLY DEFERRED);",
    );
    assert_eq!(said(&replay), Vec::<String>::new());
    let tables = sql::by_name(&replay.schema);
    let keys: Vec<_> = sql::foreign_keys(&replay.schema.tables[1], &tables)
        .map(|it| sql::add_foreign_key(&it))
        .collect();
    assert_eq!(
        keys,
        [
            "ALTER TABLE c ADD CONSTRAINT c_p_id_fkey FOREIGN KEY (owner_id, p_id) REFERENCES p (owner_id, id) ON \
          DELETE SET NULL (p_id) DEFERRABLE INITIALLY DEFERRED;"
        ]
    );
}

#[test]
fn the_publication_is_followed() {
    let replay = read(
        "CREATE TABLE a (id text); CREATE TABLE b (id text); CREATE TABLE c (id text); CREATE TABLE d (id text);\n\
         CREATE PUBLICATION powersync FOR TABLE a, b; CREATE PUBLICATION other FOR ALL TABLES;\n\
         ALTER PUBLICATION powersync ADD TABLE c; ALTER PUBLICATION powersync SET TABLE public.c, public.d;\n\
         ALTER TABLE d RENAME TO e; DROP TABLE c;",
    );
    let names: Vec<_> = replay.published.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["e"]);
    assert!(!replay.publishes_all);
    assert!(read("CREATE PUBLICATION powersync FOR ALL TABLES").publishes_all);
}

#[test]
fn files_are_folded_in_order() {
    let files = [
        (FileId(0), "CREATE TABLE a (id text);"),
        (FileId(1), "ALTER TABLE a ADD b text;"),
        (FileId(2), "ALTER TABLE a ADD b text;"),
    ];
    let replay = replay(files);
    assert_eq!(said(&replay), ["M002 a has a column b already"]);
    let place = replay.diagnostics.iter().next().map(|it| it.place().file());
    assert_eq!(place, Some(Some(FileId(2))));
    assert_eq!(replay.statements.len(), 3);
}
