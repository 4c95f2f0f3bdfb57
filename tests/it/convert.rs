//! `convert`: a schema is the same in TOML and as Rust structs, whichever way it goes.

use std::path::{Path, PathBuf};

use crate::postgres::random;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::strategy::ValueTree;
use syncline_runtime::{Scalar, SyncTable, TrackPrevious};
use syncline_schema::model::Defaults;
use syncline_schema::source::print;
use syncline_schema::{Files, Loaded, Schema, load};

#[path = "../schemas/kitchen.rs"]
#[allow(dead_code, unreachable_pub)]
mod kitchen;
mod manual;

/// A source in memory: the main file, and one of Rust.
struct Memory<'a> {
    toml: &'a str,
    rust: &'a str,
}

impl Files for Memory<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let rust = path.extension().is_some_and(|it| it == "rs");
        Ok(if rust { self.rust } else { self.toml }.into())
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        Ok(vec![PathBuf::from(pattern)])
    }
}

/// Reads both, without the table that `sync_rejections` adds: no source declares it.
fn read(toml: &str, rust: &str) -> Loaded {
    let mut loaded = load(&Memory { toml, rust }, Path::new("syncline.toml"));
    loaded
        .schema
        .tables
        .retain(|table| table.place.file().is_some());
    loaded
}

fn errors(loaded: &Loaded) -> Vec<&syncline_schema::Diagnostic> {
    let all = loaded.diagnostics.iter();
    all.filter(|it| it.severity == syncline_schema::Severity::Error)
        .collect()
}

/// The tables of a sound source, with what else the two forms need.
struct Sound {
    schema: Schema,
    /// `[defaults]` as it was written.
    head: String,
}

impl Sound {
    fn read(toml: &str) -> Option<Self> {
        let loaded = read(toml, "");
        let head = toml.split("[tables").next().unwrap_or_default().to_owned();
        errors(&loaded).is_empty().then_some(Self {
            schema: loaded.schema,
            head,
        })
    }

    fn to_rust(&self) -> String {
        print::rust(&self.schema.tables)
    }

    fn to_toml(&self) -> String {
        print::toml(&self.schema.tables, &self.schema.settings.defaults)
    }

    /// Reads tables in Rust under the same head.
    fn with_rust(&self, rust: &str) -> Self {
        let toml = format!("{}\n[source]\nrust = \"m.rs\"\n", self.head);
        let loaded = read(&toml, rust);
        assert!(errors(&loaded).is_empty(), "{:#?}\n{rust}", errors(&loaded));
        Self {
            schema: loaded.schema,
            head: self.head.clone(),
        }
    }

    /// Reads tables in TOML under the same head.
    fn with_toml(&self, tables: &str) -> Self {
        let toml = format!("{}\n{tables}", self.head);
        let loaded = read(&toml, "");
        assert!(errors(&loaded).is_empty(), "{:#?}\n{toml}", errors(&loaded));
        Self {
            schema: loaded.schema,
            head: self.head.clone(),
        }
    }
}

/// toml -> rust -> toml, and rust -> toml -> rust.
fn survives(toml: &str) {
    let Some(first) = Sound::read(toml) else {
        return;
    };
    let rust = first.to_rust();
    let second = first.with_rust(&rust);
    assert_eq!(first.schema.tables, second.schema.tables, "{toml}\n{rust}");
    let printed = second.to_toml();
    assert_eq!(printed, first.to_toml());
    let third = second.with_toml(&printed);
    assert_eq!(
        first.schema.tables, third.schema.tables,
        "{toml}\n{printed}"
    );
    assert_eq!(third.to_rust(), rust);
}

const DEFAULTS: &[&str] = &[
    "access = \"public\"",
    "owner = \"account\"",
    "id = \"uuid\"",
    "key = \"owner\"",
    "timestamps = false",
    "delete = \"hard\"",
    "deleted_rows = \"sync\"",
    "conflict = \"reject_stale\"",
    "ignore_empty_updates = false",
    "rls = true",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_schemas_survive(
        source in random::source(),
        defaults in subsequence(DEFAULTS, 0..=3),
    ) {
        let defaults = format!("[defaults]\n{}\n[tables", defaults.join("\n"));
        survives(&source.replacen("[tables", &defaults, 1));
    }
}

#[test]
fn random_schemas_are_sound_for_the_most_part() {
    // Sources with errors say nothing about converting: there must not be too many of them.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sound = (0..100).filter(|_| {
        let source = random::source()
            .new_tree(&mut runner)
            .expect("a source")
            .current();
        Sound::read(&source).is_some()
    });
    assert!(sound.count() > 50);
}

#[test]
fn the_samples_survive() {
    for path in [
        "syncline.toml",
        "kitchen.toml",
        "awkward.toml",
        "grown.toml",
    ] {
        let folder = testkit::repo_root();
        let path = match path {
            "syncline.toml" => folder.join(path),
            sample => folder.join("tests/schemas").join(sample),
        };
        let toml = std::fs::read_to_string(&path).expect("a sample");
        let streams = toml.find("\n[streams").map_or(toml.len(), |at| at + 1);
        assert!(
            Sound::read(&toml[..streams]).is_some(),
            "{}",
            path.display()
        );
        survives(&toml[..streams]);
    }
}

/// The kitchen sink as structs, compiled here: what is printed is Rust.
#[test]
fn the_kitchen_sink_as_structs() {
    let root = testkit::repo_root();
    let toml = std::fs::read_to_string(root.join("tests/schemas/kitchen.toml")).expect("a sample");
    let rust = print::rust(&read(&toml, "").schema.tables);
    let path = root.join("tests/schemas/kitchen.rs");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &rust).expect("the samples' folder");
    }
    assert_eq!(rust, std::fs::read_to_string(&path).unwrap_or_default());
    let invoices = <kitchen::Invoices as SyncTable>::TABLE;
    assert_eq!(
        invoices.track_previous,
        TrackPrevious::Columns(&["total", "state"])
    );
    let state = invoices.column("state").expect("declared");
    assert_eq!(state.scalar, Scalar::Enum(&["draft", "sent", "paid"]));
    assert_eq!(state.default_sql, Some("'draft'"));
}

#[test]
fn defaults_do_not_hold_for_structs() {
    let loaded = read(
        "[project]\nname = \"x\"\n[source]\nrust = \"m.rs\"\n[defaults]\ndelete = \"hard\"\n",
        "#[derive(SyncTable)] struct Notes { body: String }",
    );
    assert_eq!(loaded.schema.tables[0].delete, Defaults::default().delete);
}

#[test]
fn the_command_prints_writes_and_leaves_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("syncline.toml");
    let text = "[project]\nname = \"x\"\n\n[tables.notes.columns]\nbody = \"text\"\n";
    std::fs::write(&file, text).expect("written");
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_syncline"));
        let done = command
            .current_dir(folder.path())
            .arg("convert")
            .args(arguments);
        let output = done.output().expect("the command line");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, rust, _) = run(&["--to", "rust"]);
    assert_eq!(code, Some(0));
    assert!(rust.contains("pub struct Notes {"), "{rust}");
    assert_eq!(run(&["--to", "rust", "--out", "m.rs"]).0, Some(0));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("m.rs")).expect("written"),
        rust
    );
    let (code, _, said) = run(&["--to", "rust", "--out", "m.rs"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("m.rs exists and is left as it is"), "{said}");
    let (code, toml, said) = run(&["--to", "toml"]);
    assert_eq!((code, toml.as_str()), (Some(0), ""), "{said}");
    std::fs::write(
        &file,
        "[project]\nname = \"x\"\n[source]\nrust = \"m.rs\"\n",
    )
    .expect("written");
    let (code, toml, _) = run(&["--to", "toml"]);
    let expected = "[tables.notes]\n\n[tables.notes.columns]\nbody = \"text\"\n";
    assert_eq!((code, toml.as_str()), (Some(0), expected));
}
