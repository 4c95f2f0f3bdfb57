//! Folders of SQL that somebody named: the migrations of any tool.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use syncline_codegen::read::sql;

/// The scripts below a folder in the order in which they run, each as far as it leads upward.
/// None at all is an error too.
pub(super) fn below(dir: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let cannot = |error| format!("cannot read {}: {error}", dir.display());
    let mut files = Vec::new();
    for path in paths(dir).map_err(cannot)? {
        let name = path.strip_prefix(dir).unwrap_or(&path);
        let parts: Vec<_> = name.iter().map(|it| it.to_string_lossy()).collect();
        files.push((parts.join("/"), text(&path)?));
    }
    let order = sql::in_order(&files).into_iter();
    let scripts: Vec<_> = order
        .map(|at| (dir.join(&files[at].0), sql::upward(&files[at].1).to_owned()))
        .collect();
    if scripts.is_empty() {
        return Err(format!("{} holds no SQL", dir.display()));
    }
    Ok(scripts)
}

/// The scripts below a folder, and the journal that may put them in order; by path.
///
/// Links to folders are not followed: one that leads back up would give each script many times.
pub(super) fn paths(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let is_script = path.extension().is_some_and(|it| it == "sql");
            if path.is_dir() {
                if !path.is_symlink() {
                    folders.push(path);
                }
            } else if is_script || path.ends_with("meta/_journal.json") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A script.
pub(super) fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
