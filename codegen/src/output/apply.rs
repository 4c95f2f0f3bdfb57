//! Writes a plan into the output folder. Everything is first written beside, then moved into
//! place: a run that fails for want of space or rights leaves the old files whole.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

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
        fs::create_dir_all(dir)?;
        sweep(dir);
        let staging = dir.join(format!("{STAGING}{}", std::process::id()));
        let written = stage(&writes, &staging).and_then(|()| move_in(&writes, &staging, dir));
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

/// How long a run may take before its staging folder counts as left behind by one that was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(600);

/// Removes what killed runs left. Failing to is no failure: the next run tries again.
fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        let ours = entry.file_name().to_string_lossy().starts_with(STAGING);
        let changed = entry.metadata().and_then(|it| it.modified());
        let old = changed.is_ok_and(|it| it.elapsed().is_ok_and(|age| age > LEFT_BEHIND));
        if ours && old {
            let _ = fs::remove_dir_all(entry.path());
        }
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
