//! Any bytes at all into each reader, and whatever it finds through each form of a report. A panic,
//! an overflow of the stack and a run without end are defects; what is said does not matter here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use syncline_codegen::check::{self, Subject, SubjectKind};
use syncline_codegen::{read, render};
use syncline_schema::source::load_str;
use syncline_schema::{Diagnostics, FileId, Files, Loaded, Sources, load};

/// What subjects are compared with.
const SCHEMA: &str = include_str!("../../tests/check/syncline.toml");

/// Files in memory.
struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| "it is not there".to_owned())
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        let found = self.0.keys().filter(|path| *path == Path::new(pattern));
        Ok(found.cloned().collect())
    }
}

/// A TOML source.
pub fn toml(data: &[u8]) {
    let file = (PathBuf::from("syncline.toml"), data.to_vec());
    let loaded = load(&Memory(BTreeMap::from([file])), Path::new("syncline.toml"));
    report(&loaded.diagnostics, &loaded.sources);
}

/// A Rust source.
pub fn rust(data: &[u8]) {
    let main = b"[project]\nname = \"x\"\n[source]\nrust = \"m.rs\"\n".to_vec();
    let files = [
        ("syncline.toml".into(), main),
        ("m.rs".into(), data.to_vec()),
    ];
    let loaded = load(&Memory(BTreeMap::from(files)), Path::new("syncline.toml"));
    report(&loaded.diagnostics, &loaded.sources);
}

/// A subject of `check`.
pub fn subject(kind: SubjectKind, data: &[u8]) {
    static LOADED: OnceLock<Loaded> = OnceLock::new();
    let loaded = LOADED.get_or_init(|| load_str(SCHEMA));
    let mut sources = loaded.sources.clone();
    let subject = Subject {
        kind,
        path: "subject".into(),
        bytes: data.to_vec(),
    };
    let files = Memory(BTreeMap::new());
    let found = check::run(&loaded.schema, &mut sources, vec![subject], &files);
    report(&found, &sources);
}

/// A script of SQL.
pub fn sql(data: &[u8]) {
    let mut sources = Sources::default();
    if let Ok(source) = read::text::add(&mut sources, Path::new("m.sql"), data) {
        let _ = read::sql::replay([(FileId(0), &*source.text)]);
    }
}

fn report(found: &Diagnostics, sources: &Sources) {
    let run = render::Run {
        found,
        suppressed: &[],
        sources,
        tables: &[],
        deny_warnings: false,
    };
    let _ = render::by_table(found, sources, false);
    let _ = render::json(found, sources);
    let _ = render::sarif(&run);
    let _ = render::github(&run);
    let _ = render::junit(&run);
}
