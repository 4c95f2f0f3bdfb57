//! How the output folder differs from what it should be. Reads only.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{MANIFEST, Manifest, OUTPUT, STAGING, TOLERATED, has_banner};
use crate::files::FileSet;

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is not there.
    Missing {
        /// The path below the output folder.
        path: String,
        /// What it should hold.
        text: String,
    },
    /// It holds something else.
    Stale {
        /// The path below the output folder.
        path: String,
        /// What it holds.
        old: String,
        /// What it should hold.
        text: String,
    },
    /// We made it once, and nothing asks for it now.
    Orphan {
        /// The path below the output folder.
        path: String,
    },
    /// We did not make it, and it stands where nothing of the user's should.
    Stray {
        /// The path below the output folder.
        path: String,
    },
    /// We did not make it, and it stands where one of our files should.
    Blocked {
        /// The path below the output folder.
        path: String,
    },
}

impl Change {
    /// The path below the output folder.
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path, .. }
            | Self::Stale { path, .. }
            | Self::Orphan { path }
            | Self::Stray { path }
            | Self::Blocked { path } => path,
        }
    }

    /// Does applying the plan write or remove the file?
    pub fn is_applied(&self) -> bool {
        matches!(
            self,
            Self::Missing { .. } | Self::Stale { .. } | Self::Orphan { .. }
        )
    }
}

/// Everything that is not as it should be, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The differences.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub current: usize,
}

/// Compares the folder with `files`. `partial` says that not all targets ran: files of the
/// others are left alone, and keep their lines in the manifest.
///
/// # Errors
/// Where the folder cannot be read.
pub fn plan(mut files: FileSet, dir: &Path, partial: bool) -> io::Result<Plan> {
    let old = match fs::read(dir.join(MANIFEST)) {
        Ok(bytes) => Manifest::parse(&bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Manifest::default(),
        Err(error) => return Err(error),
    };
    let manifest = Manifest::new(&files, partial.then_some(&old));
    files.add(MANIFEST, OUTPUT, manifest.text());
    let mut plan = Plan::default();
    for (path, file) in files {
        let text = file.text;
        match read(dir, &path)? {
            Found::Nothing => plan.changes.push(Change::Missing { path, text }),
            Found::Text(bytes) if bytes == text.as_bytes() => plan.current += 1,
            Found::Text(bytes) => {
                let found = String::from_utf8_lossy(&bytes).into_owned();
                let known = path == MANIFEST || old.files.contains_key(&path);
                plan.changes.push(if known || has_banner(&found) {
                    Change::Stale {
                        path,
                        old: found,
                        text,
                    }
                } else {
                    Change::Blocked { path }
                });
            }
            Found::Other => plan.changes.push(Change::Blocked { path }),
        }
    }
    let asked_for = |path: &str| path == MANIFEST || manifest.files.contains_key(path);
    for path in present(dir)?.into_iter().filter(|path| !asked_for(path)) {
        let banner = |bytes: &[u8]| has_banner(&String::from_utf8_lossy(bytes));
        // A partial run knows nothing of the other targets' files but what the manifest says.
        if old.files.contains_key(&path) {
            plan.changes.push(Change::Orphan { path });
        } else if !partial {
            let ours = matches!(read(dir, &path)?, Found::Text(bytes) if banner(&bytes));
            plan.changes.push(if ours {
                Change::Orphan { path }
            } else {
                Change::Stray { path }
            });
        }
    }
    plan.changes.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(plan)
}

enum Found {
    Nothing,
    Text(Vec<u8>),
    /// A folder, a link, a device, or something below a link: never written through.
    Other,
}

fn read(dir: &Path, path: &str) -> io::Result<Found> {
    let mut at = dir.to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    for (depth, part) in parts.iter().enumerate() {
        at.push(part);
        let last = depth + 1 == parts.len();
        match fs::symlink_metadata(&at) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(error),
            Ok(it) if it.is_dir() && !last => {}
            Ok(it) if it.is_file() && last => return Ok(Found::Text(fs::read(&at)?)),
            Ok(_) => return Ok(Found::Other),
        }
    }
    Ok(Found::Other)
}

/// Every file in the folder but what is tolerated there, as paths below it.
pub(super) fn present(dir: &Path) -> io::Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    walk(dir, "", &mut paths)?;
    Ok(paths)
}

fn walk(dir: &Path, prefix: &str, out: &mut BTreeSet<String>) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound && prefix.is_empty() => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if TOLERATED.contains(&name.as_str()) || name.starts_with(STAGING) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), out)?;
        } else {
            out.insert(path);
        }
    }
    Ok(())
}

/// The folders above a path below the output folder, nearest first.
pub(super) fn parents(path: &str) -> impl Iterator<Item = PathBuf> {
    Path::new(path)
        .ancestors()
        .skip(1)
        .filter(|it| !it.as_os_str().is_empty())
        .map(Path::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}
