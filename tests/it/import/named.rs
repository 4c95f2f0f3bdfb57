//! `syncline import` of what is named on the command line.

use std::fs;
use std::path::Path;

use syncline_schema::model::{Delete, Residence, Scalar};
use syncline_schema::source::load_str;

use super::samples;
use crate::postgres::Output;

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
fn folders_of_scripts_are_read_once_and_whole() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("sql");
    fs::create_dir_all(folder.join("meta")).expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    write("0000_a.sql", "CREATE TABLE a (id text PRIMARY KEY);");
    write(
        "0001_b.sql",
        "ALTER TABLE a ADD COLUMN b text;\n-- migrate:down\nDROP TABLE a;",
    );
    let import = |what: &str| {
        let args = ["import", "--migrations", what];
        testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir.path())
    };
    // A link that leads back up would give each script as often as links may nest.
    #[cfg(unix)]
    std::os::unix::fs::symlink(".", folder.join("again")).expect("a link");
    let whole = import("sql").expect(0);
    assert!(
        whole.stderr.contains("imported 1 table, with 1 remark\n"),
        "{whole}"
    );
    assert!(whole.stdout.contains("b = \"text?\""), "{whole}");
    import("sql/0000_a.sql").expect(0);
    write(
        "meta/_journal.json",
        r#"{"entries":[{"idx":0,"tag":"0000_a"},{"idx":1,"tag":"0002_gone"}]}"#,
    );
    let gone = import("sql").expect(2);
    assert!(
        gone.stderr
            .contains("names `0002_gone.sql`, which is not beside it"),
        "{gone}"
    );
}

#[test]
fn what_holds_no_table_is_no_source() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("empty")).expect("a folder");
    fs::write(dir.path().join("cut.sql"), "create table x (id int").expect("a file");
    fs::write(dir.path().join("binary.sql"), b"\xff\xfe\x00").expect("a file");
    for (args, exit, said) in [
        (["--sql", "cut.sql"], 1, "no table was found"),
        (["--sql", "binary.sql"], 2, "it is no text in UTF-8"),
        (["--migrations", "empty"], 2, "empty holds no SQL"),
    ] {
        let args = ["import", "--out", "syncline.toml"].into_iter().chain(args);
        let args: Vec<_> = args.collect();
        let run = testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, dir.path()).expect(exit);
        assert!(run.stderr.contains(said), "{said}:\n{run}");
        assert!(!dir.path().join("syncline.toml").exists(), "{run}");
    }
}
