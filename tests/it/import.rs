//! `syncline import`: what was made from a source gives that source back.

use std::fs;
use std::path::Path;

use syncline_codegen::diff::{Pair, Renames, Scope, diff};
use syncline_codegen::import::{Facts, Imported, Sent, Server, import};
use syncline_codegen::read::{Library, drizzle, sql, sync_config, text};
use syncline_codegen::sql::step;
use syncline_schema::model::{Access, Delete, Key, Residence, Role, Scalar};
use syncline_schema::source::load_str;
use syncline_schema::{Files, Schema, Sources};

use crate::postgres::{Output, sources};

fn sync(sources: &mut Sources, yaml: &str) -> Sent {
    let source = text::add(sources, Path::new("sync-config.yaml"), yaml.as_bytes());
    Sent::of(&sync_config::read(&source.expect("text")))
}

fn of_sql(sql_text: &str) -> Server {
    let replay = sql::replay([(syncline_schema::FileId(0), sql_text)]);
    Server {
        shown: "the SQL".to_owned(),
        schema: replay.schema,
        published: replay.published,
        publishes_all: replay.publishes_all,
        ..Server::default()
    }
}

#[track_caller]
fn sound(imported: &Imported) {
    let errors: Vec<_> = imported.diagnostics.iter().collect();
    assert!(
        !imported.diagnostics.has_errors(),
        "{errors:#?}\n{}",
        imported.toml
    );
}

/// What PostgreSQL would have to change, between what was imported and the source.
fn steps(imported: &Schema, source: &Schema) -> Vec<String> {
    let pair = Pair {
        previous: imported,
        next: source,
    };
    let steps = diff(pair, &Renames::default(), Scope::Tables);
    steps.iter().map(step).collect()
}

fn remarks(imported: &Imported) -> Vec<String> {
    imported.remarks.iter().map(ToString::to_string).collect()
}

/// The two parts of a sample: what its source says, and what is made of it.
fn samples() -> Vec<(String, String)> {
    let wanted = |name: &str| name == "syncline.toml" || name.ends_with("kitchen.toml");
    let all = sources().into_iter();
    let samples: Vec<_> = all.filter(|(name, _)| wanted(name)).collect();
    assert_eq!(samples.len(), 2);
    samples
}

#[track_caller]
fn comes_back(name: &str, source: &str, server: Server) {
    let source = load_str(source).schema;
    let config = config_of(&source);
    let facts = Facts {
        project: source_name(name),
        servers: vec![server],
        sent: Some(sync(&mut Sources::default(), &config)),
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    sound(&imported);
    let steps = steps(&imported.schema, &source);
    assert!(steps.is_empty(), "{name}: {steps:#?}\n{}", imported.toml);
    for table in &source.tables {
        let Some(back) = imported.schema.table(&table.name) else {
            assert_eq!(table.residence, Residence::Local, "{name}: {}", table.name);
            continue;
        };
        // Nobody sends what is only inserted.
        if table.insert_only {
            continue;
        }
        let what = |it: &syncline_schema::model::Table| {
            (it.residence, it.access, it.delete, it.key.clone())
        };
        assert_eq!(what(back), what(table), "{name}: {}", table.name);
        for column in &table.columns {
            let found = back.column(&column.name).expect("imported");
            let says = |it: &syncline_schema::model::Column| {
                let checked = it.check.is_some();
                (it.ty.clone(), it.nullable, it.role, it.max_length, checked)
            };
            let column_name = &column.name;
            assert_eq!(says(found), says(column), "{name}: {column_name}");
        }
        let globals = |it: &syncline_schema::model::Table| {
            let rules = it.indexes.iter().map(|it| (it.name.clone(), it.global));
            rules.collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(globals(back), globals(table), "{name}: {}", table.name);
        let owner = |it: &syncline_schema::model::Table| it.owner().map(|it| it.name.clone());
        assert_eq!(owner(back), owner(table), "{name}: {}", table.name);
    }
}

fn source_name(path: &str) -> String {
    let stem = Path::new(path).file_stem().expect("a name");
    stem.to_string_lossy().into_owned()
}

fn config_of(schema: &Schema) -> String {
    let target = syncline_codegen::targets::find("sync_streams").expect("a target");
    let made = syncline_codegen::generate(schema, &[target]).expect("templates");
    made.files
        .get("powersync/sync-config.yaml")
        .expect("a config")
        .text
        .clone()
}

#[test]
fn sql_and_a_sync_config_give_their_source_back() {
    for (name, source) in samples() {
        let output = Output::of(&source, &["postgres"]);
        comes_back(&name, &source, of_sql(output.text("postgres/schema.sql")));
    }
}

#[cfg(feature = "live")]
#[test]
fn a_database_and_a_sync_config_give_their_source_back() {
    testkit::needs!(postgres);
    for (name, source) in samples() {
        let db = testkit::postgres::database("import");
        db.execute(Output::of(&source, &["postgres"]).text("postgres/schema.sql"));
        let catalog = crate::live::catalog_of(db.url());
        let server = Server {
            shown: "the database".to_owned(),
            schema: catalog.schema,
            published: catalog.published,
            ..Server::default()
        };
        comes_back(&name, &source, server);
    }
}

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &Path) -> Result<Vec<u8>, String> {
        Err("no file".to_owned())
    }

    fn glob(&self, _: &str) -> Result<Vec<std::path::PathBuf>, String> {
        Ok(Vec::new())
    }
}

const PG: &str = r#"
import { boolean, integer, pgTable, serial, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
export const lists = pgTable("lists", {
  id: uuid("id").primaryKey().defaultRandom(),
  userId: text("user_id").notNull(),
  name: varchar("name", { length: 80 }).notNull(),
  state: text("state", { enum: ["open", "closed"] }).notNull().default("open"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});
export const items = pgTable("items", {
  id: uuid("id").primaryKey(),
  userId: text("user_id").notNull(),
  listId: uuid("list_id").notNull().references(() => lists.id, { onDelete: "cascade" }),
  done: boolean("done").notNull().default(false),
  position: integer("position"),
  secret: text("secret"),
});
export const jobs = pgTable("jobs", { id: serial("id").primaryKey(), payload: text("payload") });
"#;

const SQLITE: &str = r#"
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const lists = sqliteTable("lists", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  name: text("name").notNull(),
  state: text("state").notNull(),
  createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
  updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
});
export const items = sqliteTable("items", {
  id: text("id").primaryKey(),
  userId: text("user_id"),
  listId: text("list_id").notNull(),
  done: integer("done", { mode: "boolean" }).notNull().default(false),
  position: integer("position").notNull(),
  color: text("color"),
});
export const prefs = sqliteTable("prefs", { id: text("id").primaryKey(), theme: text("theme").notNull().default("dark") });
"#;

const STREAMS: &str = "config: { edition: 3 }
streams:
  mine:
    auto_subscribe: true
    queries:
      - SELECT * FROM lists WHERE user_id = auth.user_id()
      - SELECT * FROM items WHERE items.user_id = auth.user_id()
";

#[test]
fn a_drizzle_pair_says_where_its_tables_live() {
    let mut sources = Sources::default();
    let mut read = |dialect, path: &str, content: &str| {
        let source = text::add(&mut sources, Path::new(path), content.as_bytes()).expect("text");
        let library = Library {
            files: &Nothing,
            sources: &mut sources,
        };
        drizzle::read_with(dialect, &[source], library)
    };
    let pg = read(drizzle::Dialect::Pg, "pg.ts", PG);
    let device = read(drizzle::Dialect::Sqlite, "sqlite.ts", SQLITE);
    let (server, said) = Server::of_drizzle("the Drizzle file".to_owned(), &pg);
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![server],
        device: Some(device.tables),
        sent: Some(sync(&mut sources, STREAMS)),
        migrations: None,
    };
    let imported = import(&facts, said);
    sound(&imported);
    let table = |name| imported.schema.table(name).expect("imported");
    let lists = table("lists");
    assert_eq!(
        (lists.residence, lists.access, lists.delete),
        (Residence::Synced, Access::Owner, Delete::Hard)
    );
    assert_eq!(lists.owner().map(|it| it.name.as_str()), Some("user_id"));
    assert!(lists.with_role(Role::UpdatedAt).is_some());
    assert!(matches!(
        lists.column("state").expect("there").ty.scalar,
        Scalar::Enum(_)
    ));
    let items = table("items");
    assert!(!items.column("position").expect("there").nullable);
    assert!(items.column("secret").expect("there").server_only);
    assert_eq!(
        items
            .column("list_id")
            .and_then(|it| it.references.as_ref())
            .map(|it| it.enforce),
        Some(true)
    );
    assert_eq!(table("jobs").residence, Residence::Server);
    assert_eq!(table("jobs").key, Key::Columns(vec!["id".to_owned()]));
    assert_eq!(table("prefs").residence, Residence::Local);
    let said = remarks(&imported).join("\n");
    for wanted in [
        "items.position: the device never leaves it NULL, and PostgreSQL may: the device is believed",
        "items.secret: the device does not have it: `server_only`",
        "items: the device has a column `color`, and PostgreSQL has none: it is left out",
        "jobs.id: PostgreSQL makes its values",
        "lists.state: its words are the app's alone so far",
        "`ALTER TABLE lists ALTER COLUMN created_at TYPE timestamptz(3)`",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}

const DUMP: &str = r"
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE TABLE public.users (id integer NOT NULL, email text NOT NULL);
CREATE SEQUENCE public.users_id_seq AS integer START WITH 1;
ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
CREATE TABLE public.todos (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id text NOT NULL,
    title text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    mood public.mood,
    price numeric,
    body text,
    search tsvector,
    deleted_at timestamp with time zone,
    CONSTRAINT todos_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text]))),
    CONSTRAINT body_short CHECK ((length(body) <= 5000))
);
CREATE TABLE public.todo_tags (todo_id uuid NOT NULL, tag text NOT NULL);
CREATE VIEW public.open_todos AS SELECT id FROM public.todos;
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.todos ADD CONSTRAINT todos_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.todo_tags ADD CONSTRAINT todo_tags_pkey PRIMARY KEY (todo_id, tag);
CREATE UNIQUE INDEX one_title ON public.todos USING btree (user_id, title) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX one_body ON public.todos USING btree (body);
CREATE INDEX todos_search ON public.todos USING gin (search);
CREATE TRIGGER touch BEFORE UPDATE ON public.todos FOR EACH ROW EXECUTE FUNCTION public.touch();
";

const DUMP_STREAMS: &str = "config: { edition: 3 }
streams:
  mine:
    auto_subscribe: true
    query: SELECT * FROM todos WHERE user_id = auth.user_id() AND deleted_at IS NULL
  tags:
    query: SELECT * FROM todo_tags WHERE todo_id IN (SELECT id FROM todos WHERE user_id = auth.user_id())
";

#[test]
fn what_a_dump_holds_beyond_the_language_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("dump.sql"), DUMP).expect("a dump");
    fs::write(dir.path().join("sync.yaml"), DUMP_STREAMS).expect("a config");
    let args = [
        "import",
        "--sql",
        "dump.sql",
        "--sync-config",
        "sync.yaml",
        "--name",
        "todo",
    ];
    let run = testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir.path()).expect(0);
    for wanted in [
        "the view open_todos is left alone",
        "the trigger touch is left alone",
        "the sequence users_id_seq is left alone",
        "users.id: counts by a sequence",
        "todos.search: is tsvector, which no device can hold, and is left out",
        "todos.price: is numeric; the nearest type is `decimal(38,10)`",
        "todo_tags: synced so far, and kept as a server table: PowerSync identifies rows by a column `id`",
        "stream `tags`",
        "it loads without errors",
    ] {
        assert!(run.stderr.contains(wanted), "{wanted}\n{run}");
        let in_file = wanted.rsplit(": ").next().expect("a part");
        let is_talk = wanted == "it loads without errors";
        assert!(is_talk || run.stdout.contains(in_file), "{in_file}\n{run}");
    }
    let schema = load_str(&run.stdout).schema;
    let todos = schema.table("todos").expect("imported");
    assert_eq!(
        (todos.residence, todos.delete),
        (Residence::Synced, Delete::Soft)
    );
    assert_eq!(
        todos.column("body").and_then(|it| it.max_length),
        Some(5000)
    );
    let words = |name: &str| match &todos.column(name).expect("there").ty.scalar {
        Scalar::Enum(it) => (it.values.join(" "), it.native.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(words("state"), ("open done".to_owned(), None));
    assert_eq!(
        words("mood"),
        ("sad ok".to_owned(), Some("mood".to_owned()))
    );
    let global = |name: &str| {
        todos
            .indexes
            .iter()
            .find(|it| it.name == name)
            .map(|it| it.global)
    };
    assert_eq!(
        (global("one_title"), global("one_body")),
        (Some(false), Some(true))
    );
}

/// The whole way with the real binary.
#[test]
fn import_then_generate_then_check_is_clean() {
    let dir = tempfile::tempdir().expect("a folder");
    // The notes app, which has no findings of its own.
    let (name, source) = samples().pop().expect("a sample");
    assert_eq!(name, "syncline.toml");
    let output = Output::of(&source, &["postgres", "sync_streams"]);
    fs::create_dir(dir.path().join("migrations")).expect("a folder");
    fs::write(
        dir.path().join("migrations/1_all.sql"),
        output.text("postgres/schema.sql"),
    )
    .expect("SQL");
    fs::write(
        dir.path().join("sync.yaml"),
        output.text("powersync/sync-config.yaml"),
    )
    .expect("a config");
    let syncline =
        |args: &[&str]| testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir.path());
    let args = [
        "import",
        "--migrations",
        "migrations",
        "--sync-config",
        "sync.yaml",
        "--out",
        "syncline.toml",
    ];
    let imported = syncline(&args).expect(0);
    assert!(
        imported
            .stderr
            .contains("`migrations` is another tool's folder"),
        "{imported}"
    );
    syncline(&["generate"]).expect(0);
    let checked = syncline(&["check", "--sync-config", "sync.yaml"]).expect(0);
    assert!(checked.stderr.contains("no drift"), "{checked}");
    // A file that is there is nobody's to overwrite.
    let again = syncline(&args).expect(1);
    assert!(
        again.stderr.contains("exists and is left as it is"),
        "{again}"
    );
}

/// The clean subjects of `check`: hand-written files that agree.
#[test]
fn what_agrees_is_imported_and_agrees_with_it() {
    let cases = testkit::repo_root().join("tests/check");
    let mut imported = 0;
    for case in fs::read_dir(cases).expect("the cases") {
        let clean = case.expect("a case").path().join("clean");
        let Some(args) = subjects(&clean) else {
            continue;
        };
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("syncline.toml");
        let out = out.display().to_string();
        let run = |first: &[&str]| {
            let all: Vec<_> = first
                .iter()
                .copied()
                .chain(args.iter().map(String::as_str))
                .collect();
            testkit::syncline(env!("CARGO_BIN_EXE_syncline"), &all, &clean).expect(0)
        };
        run(&["import", "--name", "app", "--out", &out]);
        run(&["check", "--config", &out]);
        imported += 1;
    }
    assert!(imported > 50, "{imported}");
}

/// The Drizzle files and sync configs of a folder, as arguments; none without tables.
fn subjects(folder: &Path) -> Option<Vec<String>> {
    let mut args = Vec::new();
    let mut tables = false;
    for entry in fs::read_dir(folder).ok()? {
        let name = entry.ok()?.file_name().to_string_lossy().into_owned();
        let flag = match name.as_str() {
            "sqlite.ts" => "--drizzle-sqlite",
            "pg.ts" => "--drizzle-pg",
            it if it.contains("sync") && it.ends_with(".yaml") => "--sync-config",
            _ => continue,
        };
        tables |= flag != "--sync-config";
        args.extend([flag.to_owned(), name]);
    }
    let configs = args.iter().filter(|it| *it == "--sync-config").count();
    (tables && configs < 2).then_some(args)
}

#[test]
fn a_publication_says_what_is_synced_where_nothing_else_does() {
    let server = of_sql(
        "CREATE TABLE notes (id text PRIMARY KEY, owner_id text NOT NULL, body text);
         ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
         CREATE TABLE lookups (id uuid PRIMARY KEY, word text NOT NULL);
         CREATE TABLE jobs (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
         CREATE PUBLICATION powersync FOR TABLE notes, lookups;",
    );
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![server],
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    sound(&imported);
    let access = |name: &str| {
        let it = imported.schema.table(name).expect("imported");
        (it.residence, it.access, it.rls)
    };
    assert_eq!(access("notes"), (Residence::Synced, Access::Owner, true));
    assert_eq!(
        access("lookups"),
        (Residence::Synced, Access::Streams, false)
    );
    assert_eq!(access("jobs").0, Residence::Server);
    // A server table stays as it is, odd types and their defaults included.
    let said = remarks(&imported).join("\n");
    assert!(!said.contains("jobs"), "{said}");
    assert!(
        said.contains("lookups: nothing says whose its rows are"),
        "{said}"
    );
}

#[test]
fn subjects_that_differ_are_listed_and_the_first_is_believed() {
    let server = |shown: &str, sql: &str| Server {
        shown: shown.to_owned(),
        ..of_sql(sql)
    };
    let facts = Facts {
        project: "app".to_owned(),
        servers: vec![
            server(
                "the database",
                "CREATE TABLE jobs (id text PRIMARY KEY, n bigint);",
            ),
            server(
                "migrations",
                "CREATE TABLE jobs (id text PRIMARY KEY, n integer, m text); CREATE TABLE more (id text PRIMARY KEY);",
            ),
        ],
        ..Facts::default()
    };
    let imported = import(&facts, Vec::new());
    sound(&imported);
    let jobs = imported.schema.table("jobs").expect("imported");
    assert_eq!(jobs.column("n").expect("there").ty.scalar, Scalar::BigInt);
    assert!(jobs.column("m").is_none());
    let said = remarks(&imported).join("\n");
    for wanted in [
        "jobs: migrations differs: `ALTER TABLE jobs ALTER COLUMN n TYPE integer",
        "jobs: migrations differs: `ALTER TABLE jobs ADD COLUMN m text`; the database is believed",
        "more: only migrations has this table",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}
