//! What the last clean run saw, so that an unchanged one is told by hashes alone: no parsing, no
//! rendering. Never needed, never trusted further than the hashes go, and kept out of git.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use syncline_schema::Files;

use super::manifest::sha256;
use super::{CACHE, MANIFEST, Manifest};

/// The last clean run.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// The program that ran: its path, size and time.
    program: String,
    /// Every source file and the hash of its bytes.
    sources: BTreeMap<PathBuf, String>,
    /// Every glob that named source files, and what it matched.
    globs: BTreeMap<String, Vec<PathBuf>>,
    /// The hash of the manifest that the run left.
    manifest: String,
}

impl Cache {
    /// What a run with these sources would leave; none where the program cannot be told.
    pub fn new(
        sources: impl IntoIterator<Item = (PathBuf, Vec<u8>)>,
        globs: BTreeMap<String, Vec<PathBuf>>,
        dir: &Path,
    ) -> Option<Self> {
        Some(Self {
            program: program()?,
            sources: sources
                .into_iter()
                .map(|(path, bytes)| (path, sha256(&bytes)))
                .collect(),
            globs,
            manifest: sha256(&fs::read(dir.join(MANIFEST)).ok()?),
        })
    }

    /// Writes it into the output folder. It is only a shortcut: failing to is no failure.
    pub fn save(&self, dir: &Path) {
        if let Ok(text) = serde_json::to_string(self) {
            let _ = fs::write(dir.join(CACHE), text + "\n");
        }
    }

    /// How many files the folder holds, if nothing at all has changed since that run.
    ///
    /// `root` is the source of this run, `disk` expands globs as that run did.
    pub fn unchanged(dir: &Path, root: &Path, disk: &impl Files) -> Option<usize> {
        let cache: Self = serde_json::from_slice(&fs::read(dir.join(CACHE)).ok()?).ok()?;
        let same_file =
            |path: &Path, hash: &str| fs::read(path).is_ok_and(|it| sha256(&it) == hash);
        let same_glob =
            |(pattern, paths): (&String, &Vec<PathBuf>)| disk.glob(pattern).as_ref() == Ok(paths);
        let same = cache.sources.contains_key(root)
            && cache.program == program()?
            && cache
                .sources
                .iter()
                .all(|(path, hash)| same_file(path, hash))
            && cache.globs.iter().all(same_glob);
        if !same {
            return None;
        }
        let manifest = fs::read(dir.join(MANIFEST))
            .ok()
            .filter(|it| sha256(it) == cache.manifest)?;
        let manifest = Manifest::parse(&manifest);
        let whole = manifest
            .files
            .iter()
            .all(|(path, entry)| same_file(&dir.join(path), &entry.sha256));
        (whole && count(dir)? == manifest.files.len() + 1).then_some(manifest.files.len() + 1)
    }
}

/// The output folder that a source seems to name, without parsing it. A wrong guess finds no
/// cache there, and the run goes the long way.
pub fn output_hint(source: &Path) -> Option<String> {
    let text = fs::read_to_string(source).ok()?;
    let section = text.split_once("\n[output]").map(|(_, rest)| rest);
    let value = section.and_then(|rest| {
        rest.lines()
            .find_map(|line| line.trim().strip_prefix("dir"))
    });
    let named = value.and_then(|value| value.split('"').nth(1));
    Some(named.unwrap_or("generated").to_owned())
}

/// How many files of ours or strays there are: one more than the manifest knows is a stray.
fn count(dir: &Path) -> Option<usize> {
    super::plan::present(dir).ok().map(|paths| paths.len())
}

/// The running program, by path, size and time of its last change.
fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let about = fs::metadata(&path).ok()?;
    let changed = about
        .modified()
        .ok()?
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    Some(format!(
        "{} {} {}",
        path.display(),
        about.len(),
        changed.as_nanos()
    ))
}
