//! Adds a migration to the folder in one step, and writes the sum.
//!
//! The files are written beside and moved in with one rename; the sum is replaced last. A run that
//! is killed in between leaves a whole migration that the sum does not know, which reading says.

use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use syncline_schema::{Code, Diagnostics};

use super::sum::{Hashes, SUM, Sum};
use super::{DOWN, Folder, SNAPSHOT, Snapshot, Stamp, name};
use crate::output::sha256;

/// A migration to be written.
#[derive(Clone, Debug)]
pub struct NewMigration {
    /// When it was made: see [`Folder::next_stamp`].
    pub stamp: Stamp,
    /// Its name: see [`super::slug`].
    pub name: String,
    /// The SQL files, by names such as `1_expand.sql`.
    pub files: Vec<(String, String)>,
    /// What undoes it.
    pub down: Option<String>,
    /// The schema behind it.
    pub snapshot: Snapshot,
    /// The id of the migration whose place it takes; its folder is removed.
    pub replaces: Option<String>,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum WriteError {
    /// The folder is not what its sum says; writing would confirm an edit that nobody looked at.
    Findings(Diagnostics),
    /// The disk refused, or a name is taken or wrong. A sentence.
    Refused(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(found) => {
                let said: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
                f.write_str(&said.join("; "))
            }
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for WriteError {}

/// The prefix of what is written beside; hidden, so that reading passes over it.
const STAGING: &str = ".syncline-staging-";

/// Bytes stay what they were summed as, whatever git does to line ends elsewhere.
const ATTRIBUTES: &str =
    "# Made by Syncline: syncline.sum covers the bytes of these files.\n* -text\n";

/// Writes a migration and gives its folder.
///
/// # Errors
/// Nothing is changed then, but for a disk that fails between the last two renames.
pub fn write(dir: &Path, new: &NewMigration) -> Result<PathBuf, WriteError> {
    let id = format!("{}_{}", new.stamp, new.name);
    if name::of_migration(&id).is_none() {
        return Err(WriteError::Refused(format!(
            "`{id}` cannot be a migration's name"
        )));
    }
    let misnamed = new
        .files
        .iter()
        .find(|(name, _)| name::of_file(name).is_none());
    if let Some((name, _)) = misnamed {
        return Err(WriteError::Refused(format!(
            "`{name}` cannot be a step's name"
        )));
    }
    let mut changed = Folder::read(dir).diagnostics;
    changed.retain(|it| matches!(it.code, Code::M010 | Code::M020 | Code::M021));
    if !changed.is_empty() {
        return Err(WriteError::Findings(changed));
    }
    let home = dir.join(&id);
    if home.exists() {
        return Err(WriteError::Refused(format!(
            "{} is there already",
            home.display()
        )));
    }
    let staging = dir.join(format!("{STAGING}{}", std::process::id()));
    let written = stage(dir, &staging, new).and_then(|()| move_in(dir, &staging, &home, new));
    // What is left of it is hidden and harmless; the next run takes it away.
    let _ = fs::remove_dir_all(&staging);
    written
        .and_then(|()| write_sum(dir))
        .map_err(WriteError::Refused)?;
    Ok(home)
}

/// Writes the sum of the folder as it stands where that is not what the old one says, and says
/// what differed.
///
/// # Errors
/// The disk refused, or a file cannot be read.
pub fn restore_sum(dir: &Path) -> Result<Diagnostics, WriteError> {
    let mut found = Folder::read(dir).diagnostics;
    let mut unread = found.clone();
    unread.retain(|it| it.code == Code::M010);
    if !unread.is_empty() {
        return Err(WriteError::Findings(unread));
    }
    found.retain(|it| matches!(it.code, Code::M020 | Code::M021));
    if !found.is_empty() {
        sweep(dir);
        write_sum(dir).map_err(WriteError::Refused)?;
    }
    Ok(found)
}

/// Writes the files beside.
fn stage(dir: &Path, staging: &Path, new: &NewMigration) -> Result<(), String> {
    fs::create_dir_all(dir).map_err(at(dir))?;
    sweep(dir);
    fs::create_dir(staging).map_err(at(staging))?;
    let snapshot = (SNAPSHOT.to_owned(), new.snapshot.text());
    let down = new.down.clone().map(|text| (DOWN.to_owned(), text));
    for (name, text) in new.files.iter().chain([&snapshot]).chain(&down) {
        put(&staging.join(name), text)?;
    }
    let attributes = dir.join(".gitattributes");
    if attributes.exists() {
        return Ok(());
    }
    put(&attributes, ATTRIBUTES)
}

/// Moves them into place, and the migration that they replace out of it.
fn move_in(dir: &Path, staging: &Path, home: &Path, new: &NewMigration) -> Result<(), String> {
    fs::rename(staging, home).map_err(at(home))?;
    if let Some(old) = &new.replaces {
        let old = dir.join(old);
        // The staging folder's name is free again, and whoever removes that removes this.
        fs::rename(&old, staging).map_err(at(&old))?;
    }
    Ok(())
}

/// Replaces the sum by that of the files on disk.
fn write_sum(dir: &Path) -> Result<(), String> {
    let mut hashes = Hashes::new();
    for entry in fs::read_dir(dir).map_err(at(dir))? {
        let entry = entry.map_err(at(dir))?;
        let id = entry.file_name().to_string_lossy().into_owned();
        if name::of_migration(&id).is_none() || !entry.path().is_dir() {
            continue;
        }
        for file in fs::read_dir(entry.path()).map_err(at(&entry.path()))? {
            let file = file.map_err(at(&entry.path()))?;
            let name = file.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && !file.path().is_dir() {
                let bytes = fs::read(file.path()).map_err(at(&file.path()))?;
                hashes.insert(format!("{id}/{name}"), sha256(&bytes));
            }
        }
    }
    let beside = dir.join(format!("{STAGING}{}.sum", std::process::id()));
    put(&beside, &Sum::of(&hashes).text())?;
    let sum = dir.join(SUM);
    fs::rename(&beside, &sum).map_err(at(&sum))
}

/// Writes a file down to the disk: a rename must not overtake its bytes.
fn put(path: &Path, text: &str) -> Result<(), String> {
    let mut file = File::create(path).map_err(at(path))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> String {
    let shown = path.display().to_string();
    move |error| format!("cannot write {shown}: {error}")
}

/// How long a run may take before what it staged counts as left behind by one that was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(600);

/// Removes what killed runs left. Failing to is no failure: the next run tries again.
fn sweep(dir: &Path) {
    let own = format!("{STAGING}{}", std::process::id());
    for entry in fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let changed = entry.metadata().and_then(|it| it.modified());
        let old = changed.is_ok_and(|it| it.elapsed().is_ok_and(|age| age > LEFT_BEHIND));
        if name == own || (old && name.starts_with(STAGING)) {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
}
