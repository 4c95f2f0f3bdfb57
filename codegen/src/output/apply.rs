//! Writes a plan into the output folder. Everything is first written beside, then moved into
//! place: a run that fails for want of space or rights leaves the old files whole.

use std::fs;
use std::io;
use std::path::Path;

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
        let staging = dir.join(format!("{STAGING}{}", std::process::id()));
        let written = stage(&writes, &staging).and_then(|()| move_in(&writes, &staging, dir));
        let cleaned = fs::remove_dir_all(&staging);
        written?;
        cleaned?;
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

/// Writes each file under a number: no folders to make, and no names to clash.
fn stage(writes: &[(&str, &str)], staging: &Path) -> io::Result<()> {
    fs::create_dir_all(staging)?;
    for (at, (_, text)) in writes.iter().enumerate() {
        fs::write(staging.join(at.to_string()), text)?;
    }
    Ok(())
}

fn move_in(writes: &[(&str, &str)], staging: &Path, dir: &Path) -> io::Result<()> {
    let mut made = None;
    for (path, _) in writes {
        let parent = Path::new(path).parent();
        if made != parent {
            if let Some(parent) = parent {
                fs::create_dir_all(dir.join(parent))?;
            }
            made = parent;
        }
    }
    for (at, (path, _)) in writes.iter().enumerate() {
        fs::rename(staging.join(at.to_string()), dir.join(path))?;
    }
    Ok(())
}
