//! The TypeScript targets, judged by the TypeScript compiler, Drizzle, drizzle-kit, PostgreSQL, the
//! PowerSync SDK and Better Auth.

mod auth;
mod catalog;
mod compiles;
mod device;
mod drizzle;
mod names;
mod random;

use std::path::PathBuf;
use std::{fs, iter};

use serde_json::Value;
use syncline_codegen::{generate, targets};
use syncline_schema::source::load_str;
use syncline_schema::{Schema, Severity};
use tempfile::TempDir;

const NOTES: &str = include_str!("../../syncline.toml");
const KITCHEN: &str = include_str!("../schemas/kitchen.toml");
const GROWN: &str = include_str!("../schemas/grown.toml");
const AWKWARD: &str = include_str!("../schemas/awkward.toml");

/// The samples that every judge sees.
const SAMPLES: [(&str, &str); 4] = [
    ("notes", NOTES),
    ("kitchen", KITCHEN),
    ("grown", GROWN),
    ("awkward", AWKWARD),
];

/// A generated folder on disk, with the npm packages in reach.
struct Package {
    schema: Schema,
    /// The SQL of `schema.sql`.
    sql: String,
    /// What one side cannot have.
    notes: Vec<String>,
    folder: TempDir,
}

impl Package {
    #[track_caller]
    fn of(source: &str) -> Self {
        let loaded = load_str(source);
        let wrong = loaded
            .diagnostics
            .iter()
            .filter(|it| it.severity >= Severity::Error);
        let wrong: Vec<_> = wrong.map(|it| it.message.as_str()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}\n{source}");
        let names = [
            "drizzle_sqlite",
            "drizzle_pg",
            "powersync_schema",
            "better_auth",
            "postgres",
        ];
        let targets = names.map(|name| targets::find(name).expect("a target"));
        let made = generate(&loaded.schema, &targets).expect("templates that fit their views");
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("ts")).expect("a new folder");
        let ours = made
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("ts/"));
        for (path, file) in ours {
            fs::write(folder.path().join(path), &file.text).expect("a file of ours");
        }
        testkit::node::link_packages(folder.path());
        Self {
            sql: made
                .files
                .get("postgres/schema.sql")
                .expect("schema.sql")
                .text
                .clone(),
            notes: made.notes.iter().map(|it| it.message.clone()).collect(),
            schema: loaded.schema,
            folder,
        }
    }

    /// A file of the TypeScript package.
    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("ts").join(file)
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("a file of ours")
    }

    /// Asks a judge of tests/node about a file; `arguments` come before or behind it.
    #[track_caller]
    fn judge(
        &self,
        script: &str,
        before: &[&str],
        file: &str,
        behind: &[&str],
        stdin: &str,
    ) -> Value {
        let path = self.path(file).display().to_string();
        let arguments = before
            .iter()
            .copied()
            .chain(iter::once(path.as_str()))
            .chain(behind.iter().copied());
        let output = testkit::node::run(script, arguments, stdin).expect(0);
        let said: Value = serde_json::from_str(&output.stdout).expect("a judge speaks JSON");
        assert_eq!(said["ok"], true, "{script} {file}: {}", said["error"]);
        said
    }
}

/// The kitchen sink as people will read it.
#[test]
fn the_kitchen_sink_reads_well() {
    let loaded = load_str(KITCHEN);
    for (name, file) in [
        ("drizzle_sqlite", "ts/sqlite.ts"),
        ("drizzle_pg", "ts/pg.ts"),
        ("powersync_schema", "ts/app-schema.ts"),
    ] {
        let target = targets::find(name).expect("a target");
        let made = generate(&loaded.schema, &[target]).expect("templates that fit their views");
        insta::assert_snapshot!(name, made.files.get(file).expect("the file").text);
    }
}

#[test]
fn a_product_of_sixty_tables_generates_without_warning() {
    let loaded = load_str(GROWN);
    assert_eq!(loaded.schema.tables.len(), 60);
    // Its foreign keys look at the id alone, which is said of each.
    let other = |it: &&syncline_schema::Diagnostic| it.code.name() != "S032";
    let said = loaded.diagnostics.iter().filter(other);
    let said: Vec<_> = said.map(|it| it.message.as_str()).collect();
    assert!(said.is_empty(), "{said:#?}");
}
