//! `manifest.json`: every generated file with its hash. It says which files are ours where they
//! cannot say so themselves, and lets an unchanged run be told without making the files again.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::FileSet;

/// The manifest's own path below the output folder.
pub const MANIFEST: &str = "manifest.json";

/// What the manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What the file is, for those who open it.
    #[serde(default)]
    about: String,
    /// Every file by path below the output folder.
    pub files: BTreeMap<String, Entry>,
}

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The target that made it.
    pub target: String,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl Manifest {
    /// The manifest of `files`. `kept` are the entries of targets that did not run.
    pub fn new(files: &FileSet, kept: Option<&Self>) -> Self {
        let mut entries = BTreeMap::new();
        let ran = |target: &str| files.iter().any(|(_, file)| file.target == target);
        for (path, entry) in kept.into_iter().flat_map(|old| &old.files) {
            if !ran(&entry.target) {
                entries.insert(path.clone(), entry.clone());
            }
        }
        for (path, file) in files.iter() {
            let entry = Entry {
                target: file.target.to_owned(),
                sha256: sha256(file.text.as_bytes()),
            };
            entries.insert(path.to_owned(), entry);
        }
        let about =
            "Made by Syncline. Every generated file with its SHA-256. Do not edit.".to_owned();
        Self {
            about,
            files: entries,
        }
    }

    /// Reads a manifest. One that cannot be read knows no file: the banners still do.
    pub fn parse(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// The text of the file: one line an entry, so that merges stay readable.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{{\n  \"about\": {},\n  \"files\": {{\n",
            quoted(&self.about)
        );
        for (at, (path, entry)) in self.files.iter().enumerate() {
            let comma = if at + 1 < self.files.len() { "," } else { "" };
            let _ = writeln!(
                out,
                "    {}: {{ \"target\": {}, \"sha256\": {} }}{comma}",
                quoted(path),
                quoted(&entry.target),
                quoted(&entry.sha256),
            );
        }
        out.push_str("  }\n}\n");
        out
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
