//! Writes a plan into the output folder. Everything is first written beside, then moved into
//! place: a run that fails for want of space or rights leaves the old files whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::plan::parents;
use super::{Change, Plan, STAGING};

/// Writes and removes what the plan says. Strays and blocked files are left alone.
///
/// # Errors
/// Where a file cannot be written. What was not yet moved into place is as it was before.
pub fn apply(plan: &Plan, dir: &Path) -> io::Result<()> {
    let writes: Vec<(&str, &str)> = plan
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Missing { path, text } | Change::Stale { path, text, .. } => {
                Some((path.as_str(), text.as_str()))
            }
            _ => None,
        })
        .collect();
    if !writes.is_empty() {
        let fresh = !dir.exists();
        let staging = staging_for(dir, fresh);
        let written = stage(&writes, &staging).and_then(|()| {
            if fresh {
                fs::rename(&staging, dir)
            } else {
                move_in(&writes, &staging, dir)
            }
        });
        if staging.exists() {
            fs::remove_dir_all(&staging)?;
        }
        written?;
    }
    for change in &plan.changes {
        if let Change::Orphan { path } = change {
            fs::remove_file(dir.join(path))?;
            // Folders that this leaves empty go too; one that is not empty refuses.
            for parent in parents(path) {
                if fs::remove_dir(dir.join(parent)).is_err() {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Inside the folder, which is then on the same disk; beside it where there is none yet, so that
/// the whole is moved at once.
fn staging_for(dir: &Path, fresh: bool) -> PathBuf {
    let name = format!("{STAGING}{}", std::process::id());
    if fresh {
        dir.with_file_name(name)
    } else {
        dir.join(name)
    }
}

fn stage(writes: &[(&str, &str)], staging: &Path) -> io::Result<()> {
    fs::create_dir_all(staging)?;
    make_folders(writes, staging)?;
    writes
        .iter()
        .try_for_each(|(path, text)| fs::write(staging.join(path), text))
}

fn move_in(writes: &[(&str, &str)], staging: &Path, dir: &Path) -> io::Result<()> {
    make_folders(writes, dir)?;
    writes
        .iter()
        .try_for_each(|(path, _)| fs::rename(staging.join(path), dir.join(path)))
}

/// The folders of the files; sorted paths name each in a row.
fn make_folders(writes: &[(&str, &str)], dir: &Path) -> io::Result<()> {
    let mut made = None;
    for parent in writes.iter().map(|(path, _)| Path::new(path).parent()) {
        if let Some(parent) = parent.filter(|_| made != parent) {
            fs::create_dir_all(dir.join(parent))?;
        }
        made = parent;
    }
    Ok(())
}
