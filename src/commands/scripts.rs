//! Folders of SQL that somebody named: the migrations of any tool.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use syncline_codegen::read::sql;

/// The scripts below a folder in the order in which they run, each as far as it leads upward; or
/// the one script that a path names. None at all is an error too.
pub(super) fn of(path: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    if path.is_file() {
        return Ok(vec![(path.to_owned(), upward(&text(path)?))]);
    }
    let mut files = Vec::new();
    for file in paths(path).map_err(|error| cannot(path, &error))? {
        let name = file.strip_prefix(path).unwrap_or(&file);
        let parts: Vec<_> = name.iter().map(|it| it.to_string_lossy()).collect();
        files.push((parts.join("/"), text(&file)?));
    }
    let order = sql::in_order(&files);
    if let Some(missing) = order.missing.first() {
        let journal = path.join(sql::JOURNAL);
        return Err(format!(
            "{} names `{missing}.sql`, which is not beside it",
            journal.display()
        ));
    }
    if order.scripts.is_empty() {
        return Err(format!("{} holds no SQL", path.display()));
    }
    let scripts = order.scripts.iter().map(|&at| &files[at]);
    Ok(scripts
        .map(|(name, text)| (path.join(name), upward(text)))
        .collect())
}

fn upward(text: &str) -> String {
    sql::upward(text).to_owned()
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
            } else if is_script || path.ends_with(sql::JOURNAL) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A script.
pub(super) fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::InvalidData => "it is no text in UTF-8".to_owned(),
        _ => error.to_string(),
    };
    format!("cannot read {}: {why}", path.display())
}
