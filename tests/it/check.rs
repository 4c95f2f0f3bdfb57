//! `syncline check`: each case of tests/check holds one planted drift, its expected findings, and a
//! clean twin that gives none.
//!
//! A case is a folder: `drift/` and `clean/` with the subjects (`*sqlite*.ts`, `*pg*.ts`,
//! `*app-schema*.ts`, `*handler*.ts`, `*auth*.ts`, `*.yaml`, of which `service.yaml` and
//! `compose.yaml` are the deployment's, `*.db`, `*.sql`), `expected.txt`, and a `syncline.toml` where
//! the common one will not do; what the subjects import lies in folders. `INSTA_UPDATE=always` writes
//! the expected findings anew.

mod live;

use std::path::{Path, PathBuf};
use std::{env, fs};

use syncline_codegen::check::{self, Subject, SubjectKind};
use syncline_codegen::{generate, render, targets};
use syncline_schema::source::load_str;
use syncline_schema::{Diagnostics, Files, Severity, Sources};

fn cases() -> PathBuf {
    testkit::repo_root().join("tests/check")
}

fn kind_of(name: &str) -> SubjectKind {
    match name {
        _ if name.ends_with("service.yaml") => SubjectKind::Service,
        _ if name.ends_with("compose.yaml") => SubjectKind::Compose,
        _ if name.ends_with(".yaml") => SubjectKind::SyncConfig,
        _ if name.ends_with(".db") => SubjectKind::Sqlite,
        _ if name.ends_with(".sql") => SubjectKind::Migrations,
        _ if name.contains("app-schema") => SubjectKind::AppSchema,
        _ if name.contains("handler") => SubjectKind::Handler,
        _ if name.contains("auth") => SubjectKind::Auth,
        _ if name.contains("sqlite") => SubjectKind::DrizzleSqlite,
        _ => SubjectKind::DrizzlePg,
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a folder entry").path())
        .collect();
    paths.sort();
    paths
}

/// The files of a folder, by the names that its subjects are shown under.
struct Beside(PathBuf);

impl Files for Beside {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|why| why.to_string())
    }

    fn glob(&self, _: &str) -> Result<Vec<PathBuf>, String> {
        Ok(Vec::new())
    }
}

/// The subjects of a folder.
fn subjects_in(folder: &Path) -> Vec<Subject> {
    sorted(folder)
        .into_iter()
        .filter(|path| path.is_file() && path.extension().is_none_or(|it| it != "json"))
        .map(|path| {
            let name = path
                .file_name()
                .expect("a file")
                .to_string_lossy()
                .into_owned();
            Subject {
                kind: kind_of(&name),
                bytes: fs::read(&path).expect("a subject"),
                path: name.into(),
            }
        })
        .collect()
}

/// Checks the subjects of a folder against a source.
fn run(source: &str, folder: &Path) -> (Diagnostics, Sources) {
    let subjects = subjects_in(folder);
    let mut loaded = load_str(source);
    assert!(
        !loaded.diagnostics.has_errors(),
        "{}",
        render::human(&loaded.diagnostics, &loaded.sources, false)
    );
    let disk = Beside(folder.to_owned());
    let found = check::run(&loaded.schema, &mut loaded.sources, subjects, &disk);
    (found, loaded.sources)
}

fn check_text(source: &str, subjects: &[(SubjectKind, &str, &[u8])]) -> (Diagnostics, Sources) {
    let mut loaded = load_str(source);
    let subjects = subjects
        .iter()
        .map(|(kind, path, bytes)| Subject {
            kind: *kind,
            path: path.into(),
            bytes: bytes.to_vec(),
        })
        .collect();
    let found = check::run(
        &loaded.schema,
        &mut loaded.sources,
        subjects,
        &Beside("/nowhere".into()),
    );
    (found, loaded.sources)
}

#[test]
fn each_drift_is_found_and_its_clean_twin_is_clean() {
    let update = env::var("INSTA_UPDATE").as_deref() == Ok("always");
    let common = fs::read_to_string(cases().join("syncline.toml")).expect("the common schema");
    let mut problems = Vec::new();
    let folders: Vec<_> = sorted(&cases())
        .into_iter()
        .filter(|path| path.is_dir())
        .collect();
    assert!(folders.len() >= 30, "only {} cases", folders.len());
    for case in folders {
        let name = case
            .file_name()
            .expect("a folder")
            .to_string_lossy()
            .into_owned();
        let own = fs::read_to_string(case.join("syncline.toml"));
        let source = own.as_deref().unwrap_or(&common);
        let (found, sources) = run(source, &case.join("drift"));
        let text = render::human(&found, &sources, false);
        if found.is_empty() {
            problems.push(format!("{name}: the drift is not found"));
        }
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &text).expect("the expected findings");
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            problems.push(format!("{name}: other findings than expected\n{text}"));
        }
        let (found, sources) = run(source, &case.join("clean"));
        if !found.is_empty() {
            let text = render::human(&found, &sources, false);
            problems.push(format!("{name}: the clean twin is not clean\n{text}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn files_are_compared_with_each_other_where_there_is_no_source() {
    let update = env::var("INSTA_UPDATE").as_deref() == Ok("always");
    let mut problems = Vec::new();
    for case in sorted(&testkit::repo_root().join("tests/pairs")) {
        let name = case.file_name().expect("a folder").to_string_lossy();
        let judge = |part: &str| {
            let folder = case.join(part);
            let mut sources = Sources::default();
            let disk = Beside(folder.clone());
            let found = check::judge_alone(&mut sources, subjects_in(&folder), &disk).found;
            (render::human(&found, &sources, false), found.is_empty())
        };
        let (text, silent) = judge("drift");
        if silent {
            problems.push(format!("{name}: the drift is not found"));
        }
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &text).expect("the expected findings");
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            problems.push(format!("{name}: other findings than expected\n{text}"));
        }
        let (text, silent) = judge("clean");
        if !silent {
            problems.push(format!("{name}: the clean twin is not clean\n{text}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn what_syncline_generates_is_clean() {
    for (name, source) in [
        ("notes", include_str!("../../syncline.toml")),
        ("kitchen", include_str!("../schemas/kitchen.toml")),
        ("awkward", include_str!("../schemas/awkward.toml")),
        ("grown", include_str!("../schemas/grown.toml")),
    ] {
        let mut loaded = load_str(source);
        let generated =
            generate(&loaded.schema, targets::TARGETS).expect("templates fit their views");
        let subjects: Vec<_> = [
            (SubjectKind::DrizzleSqlite, "ts/sqlite.ts"),
            (SubjectKind::DrizzlePg, "ts/pg.ts"),
            (SubjectKind::SyncConfig, "powersync/sync-config.yaml"),
            (SubjectKind::SyncConfig, "powersync/sync_rules.yaml"),
            (SubjectKind::Service, "powersync/service.yaml"),
            (SubjectKind::Compose, "powersync/compose.yaml"),
        ]
        .into_iter()
        .map(|(kind, path)| Subject {
            kind,
            path: path.into(),
            bytes: generated
                .files
                .get(path)
                .unwrap_or_else(|| panic!("{path} is generated"))
                .text
                .clone()
                .into(),
        })
        .collect();
        let found = check::run(
            &loaded.schema,
            &mut loaded.sources,
            subjects,
            &Beside("/nowhere".into()),
        );
        let text = render::human(&found, &loaded.sources, false);
        assert!(found.is_empty(), "{name}:\n{text}");
    }
}

#[test]
fn hostile_files_give_one_clear_error_each() {
    let source = include_str!("../check/syncline.toml");
    let good = fs::read(cases().join("integer_timestamp/clean/sqlite.ts")).expect("a Drizzle file");
    let config =
        fs::read(cases().join("table_not_sent/clean/sync-config.yaml")).expect("a sync config");
    let deep = |unit: &str| unit.repeat(50_000).into_bytes();
    let files: &[(&str, SubjectKind, Vec<u8>)] = &[
        ("empty", SubjectKind::DrizzleSqlite, Vec::new()),
        (
            "truncated",
            SubjectKind::DrizzleSqlite,
            good[..good.len() - 20].to_vec(),
        ),
        ("binary", SubjectKind::DrizzlePg, (0..=255).collect()),
        (
            "not UTF-8",
            SubjectKind::DrizzlePg,
            b"export const a = \"\xff\xfe\"".to_vec(),
        ),
        ("huge", SubjectKind::DrizzlePg, vec![b' '; 50 << 20]),
        ("brackets", SubjectKind::DrizzlePg, deep("[")),
        ("parentheses", SubjectKind::DrizzlePg, deep("(")),
        ("operators", SubjectKind::DrizzlePg, deep("!")),
        ("arrows", SubjectKind::DrizzlePg, deep("a=>")),
        ("templates", SubjectKind::DrizzlePg, deep("`${")),
        ("conditions", SubjectKind::DrizzlePg, deep("if(x)")),
        ("types", SubjectKind::DrizzlePg, deep("type A=[")),
        (
            "hidden in regular expressions",
            SubjectKind::DrizzlePg,
            deep("if(1)/)}/.f(()=>{"),
        ),
        ("the other side", SubjectKind::DrizzlePg, good.clone()),
        ("empty", SubjectKind::AppSchema, Vec::new()),
        ("binary", SubjectKind::AppSchema, (0..=255).collect()),
        ("huge", SubjectKind::AppSchema, vec![b' '; 50 << 20]),
        ("objects", SubjectKind::AppSchema, deep("new Schema({a:")),
        ("truncated", SubjectKind::Handler, b"db.insert(".to_vec()),
        ("not UTF-8", SubjectKind::Handler, b"\xff".to_vec()),
        ("chains", SubjectKind::Handler, deep("a.b().c(")),
        ("the wrong file", SubjectKind::Handler, good.clone()),
        ("conditions", SubjectKind::Handler, deep("and(")),
        ("nothing of it", SubjectKind::Auth, b"export {}".to_vec()),
        ("plugins", SubjectKind::Auth, deep("betterAuth({plugins:[")),
        ("empty", SubjectKind::SyncConfig, Vec::new()),
        (
            "truncated",
            SubjectKind::SyncConfig,
            b"streams:\n  a: {query: \"SELECT".to_vec(),
        ),
        ("binary", SubjectKind::SyncConfig, (0..=255).collect()),
        (
            "not UTF-8",
            SubjectKind::SyncConfig,
            b"streams: \xff".to_vec(),
        ),
        ("huge", SubjectKind::SyncConfig, vec![b' '; 50 << 20]),
        ("lists", SubjectKind::SyncConfig, deep("[")),
        ("dashes", SubjectKind::SyncConfig, deep("- ")),
        ("maps", SubjectKind::SyncConfig, deep("{a: ")),
        ("keys", SubjectKind::SyncConfig, deep("? ")),
        (
            "no config",
            SubjectKind::SyncConfig,
            b"services:\n  powersync: {}\n".to_vec(),
        ),
        (
            "a key twice",
            SubjectKind::SyncConfig,
            [&config[..], &config[..]].concat(),
        ),
    ];
    let mut lines = String::new();
    for (what, kind, bytes) in files {
        let (found, _) = check_text(source, &[(*kind, "subject", bytes)]);
        let errors: Vec<_> = found
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .collect();
        assert_eq!(errors.len(), 1, "{what}: {errors:#?}");
        lines += &format!(
            "{kind:?}, {what}: {} {}\n",
            errors[0].code.name(),
            errors[0].message
        );
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn files_that_export_each_other_are_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("db");
    fs::create_dir(&db).expect("a folder");
    for (name, others) in [("a", ["b", "c"]), ("b", ["a", "c"]), ("c", ["a", "b"])] {
        let [one, other] = others;
        let text = format!(
            "import {{ sqliteTable, text }} from \"drizzle-orm/sqlite-core\";\n\
             export * from \"./{one}\";\nexport * from \"./{other}\";\n\
             export const {name} = sqliteTable(\"{name}s\", {{ id: text(\"id\").primaryKey(), title: text(\"title\") }});\n"
        );
        fs::write(db.join(format!("{name}.ts")), text).expect("a file");
    }
    let app = "import { DrizzleAppSchema } from \"@powersync/drizzle-driver\";\n\
               import * as all from \"./db/a\";\n\
               import { missing } from \"./db/a\";\n\
               export const schema = new DrizzleAppSchema({ ...all, missing });\n";
    fs::write(folder.path().join("app-schema.ts"), app).expect("a file");
    fs::write(
        folder.path().join("sqlite.ts"),
        "export * from \"./db/a\";\n",
    )
    .expect("a file");
    let table = |name| {
        format!(
            "[tables.{name}]\naccess = \"owner\"\ntimestamps = false\n[tables.{name}.columns]\ntitle = \"text?\"\n"
        )
    };
    let tables: String = ["as", "bs", "cs"].map(table).concat();
    let source = format!("[project]\nname = \"x\"\n{tables}");
    let (found, sources) = run(&source, folder.path());
    let text = render::human(&found, &sources, false);
    let missing = "exports no `missing`";
    assert!(text.contains(missing), "{text}");
    for table in ["table `as`", "table `bs`", "table `cs`"] {
        assert!(!text.contains(table), "{text}");
    }
}

#[test]
fn a_folder_of_migrations_that_lacks_scripts_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("sql/meta")).expect("a folder");
    fs::write(
        folder.path().join("syncline.toml"),
        "[project]\nname = \"x\"\n",
    )
    .expect("a source");
    let check = || {
        let args = ["check", "--migrations", "sql"];
        let run = testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, folder.path());
        run.expect(1).stderr
    };
    let empty = check();
    assert!(empty.contains("C001"), "{empty}");
    assert!(
        empty.contains("cannot read sql: it holds no SQL"),
        "{empty}"
    );
    let journal = r#"{"entries":[{"idx":0,"tag":"0000_gone"}]}"#;
    fs::write(folder.path().join("sql/meta/_journal.json"), journal).expect("a journal");
    let gone = check();
    assert!(gone.contains("C001"), "{gone}");
    assert!(gone.contains("the journal names `0000_gone.sql`"), "{gone}");
}

#[test]
fn every_cut_of_a_file_is_read_without_a_panic() {
    let source = include_str!("../check/syncline.toml");
    for (kind, path) in [
        (
            SubjectKind::DrizzleSqlite,
            "integer_timestamp/clean/sqlite.ts",
        ),
        (SubjectKind::DrizzlePg, "without_time_zone/clean/pg.ts"),
        (
            SubjectKind::SyncConfig,
            "table_not_sent/clean/sync-config.yaml",
        ),
        (
            SubjectKind::AppSchema,
            "app_schema_not_followed/clean/app-schema.ts",
        ),
        (SubjectKind::Handler, "patch_without_owner/clean/handler.ts"),
        (
            SubjectKind::Handler,
            "sql_upsert_takes_over/clean/handler.ts",
        ),
        (SubjectKind::Auth, "other_audience/clean/auth.ts"),
    ] {
        let bytes = fs::read(cases().join(path)).expect("a subject");
        for end in (0..bytes.len()).step_by(7) {
            let (found, sources) = check_text(source, &[(kind, "subject", &bytes[..end])]);
            let _ = render::human(&found, &sources, false);
        }
    }
}

#[test]
fn yaml_and_databases_that_mean_harm_give_one_clear_error() {
    let source = include_str!("../check/syncline.toml");
    let database = fs::read(cases().join("database_without_a_table/clean/client.db")).expect("one");
    let mut laughs = "a: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        laughs += &format!("b{level}: &a{level} [{}]\n", before.trim_end_matches(", "));
    }
    let changed = |at: usize, bytes: &[u8]| {
        let mut copy = database.clone();
        copy[at..at + bytes.len()].copy_from_slice(bytes);
        copy
    };
    use SubjectKind::{Compose, Service, Sqlite, SyncConfig};
    let mut files: Vec<(&str, SubjectKind, Vec<u8>)> = Vec::new();
    for kind in [SyncConfig, Service, Compose] {
        files.extend([
            ("empty", kind, Vec::new()),
            ("aliases of aliases", kind, laughs.clone().into_bytes()),
            ("an alias of itself", kind, b"a: &a [*a]\n".to_vec()),
            ("binary", kind, (0..=255).collect()),
            ("not UTF-8", kind, b"services: \xff".to_vec()),
            ("huge", kind, vec![b' '; 50 << 20]),
            ("deep", kind, "{a: ".repeat(50_000).into_bytes()),
            ("another file", kind, b"hello: world\n".to_vec()),
            ("cut off", kind, b"services: {a: \"b".to_vec()),
        ]);
    }
    files.extend([
        ("empty", Sqlite, Vec::new()),
        ("a text", Sqlite, b"CREATE TABLE notes (id)".to_vec()),
        ("cut off in its header", Sqlite, database[..60].to_vec()),
        ("cut off", Sqlite, database[..700].to_vec()),
        ("encrypted", Sqlite, vec![0x9d; 4096]),
        ("pages of 3 bytes", Sqlite, changed(16, &[0, 3])),
        (
            "a page that is its own child",
            Sqlite,
            changed(100, &[5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ),
        (
            "cells outside of the page",
            Sqlite,
            changed(103, &[0xff, 0xff]),
        ),
    ]);
    let mut lines = String::new();
    for (what, kind, bytes) in files {
        let (found, _) = check_text(source, &[(kind, "subject", &bytes)]);
        let errors: Vec<_> = found
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .collect();
        assert_eq!(errors.len(), 1, "{kind:?}, {what}: {errors:#?}");
        let it = errors[0];
        lines += &format!("{kind:?}, {what}: {} {}\n", it.code.name(), it.message);
    }
    insta::assert_snapshot!(lines);
    // Any cut, and any byte turned, is read to an end.
    for at in (0..database.len()).step_by(13) {
        check_text(source, &[(Sqlite, "subject", &database[..at])]);
        check_text(
            source,
            &[(Sqlite, "subject", &changed(at, &[database[at] ^ 0xff]))],
        );
    }
}

#[test]
fn a_client_database_of_the_sdk_is_read() {
    testkit::needs!(node);
    let source = include_str!("../check/syncline.toml");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let text = |name: &str| format!("\"{name}\": \"text\"");
    let texts = [
        "owner_id",
        "title",
        "due",
        "price",
        "views",
        "meta",
        "tags",
        "mood",
        "code",
        "photo",
        "createdBy",
        "created_at",
        "updated_at",
        "deleted_at",
    ];
    let texts: Vec<_> = texts.into_iter().map(text).collect();
    let columns = format!(
        "{}, \"stars\": \"integer\", \"done\": \"integer\", \"ratio\": \"real\"",
        texts.join(", ")
    );
    let tables = |local: &str| {
        format!(
            "[{{\"name\": \"notes\", \"columns\": {{{columns}}}, \"options\": {{\"viewName\": \"shown\", \"trackPrevious\": true, \"trackMetadata\": true}}}}, {{\"name\": \"drafts\", \"columns\": {{\"body\": \"text\"}}, \"options\": {{{local}}}}}]"
        )
    };
    let made = |local: &str| {
        let folder = tempfile::tempdir_in(dir.path()).expect("a folder");
        let arg = folder.path().display().to_string();
        let said = testkit::node::run("make-client-database.mjs", [arg], &tables(local)).expect(0);
        assert!(said.stdout.contains("\"ok\":true"), "{said}");
        fs::read(folder.path().join("client.db")).expect("a database")
    };
    let (found, sources) = check_text(
        source,
        &[(
            SubjectKind::Sqlite,
            "client.db",
            &made("\"localOnly\": true"),
        )],
    );
    assert!(
        found.is_empty(),
        "{}",
        render::human(&found, &sources, false)
    );
    let (found, _) = check_text(source, &[(SubjectKind::Sqlite, "client.db", &made(""))]);
    let codes: Vec<_> = found.iter().map(|it| it.code.name()).collect();
    assert_eq!(codes, ["C057"]);
}
