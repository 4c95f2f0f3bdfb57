//! What Syncline says of a schema source: every case beside what is said of it, every page with
//! its example run, and sources that were made to break the reader.

mod cases;
mod damage;
mod hostile;
mod pages;

use std::path::{Path, PathBuf};

use syncline_codegen::render;
use syncline_schema::{Code, Files, Loaded};

/// Source files in memory.
struct Memory<'a>(&'a [(&'a str, &'a [u8])]);

impl Files for Memory<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(name, _)| Path::new(name) == path);
        found
            .map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| "no such file".to_owned())
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        let (folder, _) = pattern.split_once('*').unwrap_or((pattern, ""));
        let names = self.0.iter().map(|(name, _)| *name);
        Ok(names
            .filter(|name| name.starts_with(folder))
            .map(PathBuf::from)
            .collect())
    }
}

/// The bytes as a whole source.
fn load_bytes(bytes: &[u8]) -> Loaded {
    syncline_schema::load(
        &Memory(&[("syncline.toml", bytes)]),
        Path::new("syncline.toml"),
    )
}

/// What a person reads.
fn human(loaded: &Loaded) -> String {
    render::human(&loaded.diagnostics, &loaded.sources, false)
}

/// The codes found, each once.
fn codes(loaded: &Loaded) -> Vec<Code> {
    let mut codes: Vec<_> = loaded.diagnostics.iter().map(|found| found.code).collect();
    codes.sort();
    codes.dedup();
    codes
}
