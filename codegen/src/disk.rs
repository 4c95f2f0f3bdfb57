//! Source files on disk, for the schema's front end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use syncline_schema::Files;

/// Files below the folder of the schema source. Remembers what globs matched, so that a later
/// run can tell whether they still match the same.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    globs: Mutex<BTreeMap<String, Vec<PathBuf>>>,
}

impl Disk {
    /// The disk as seen from `folder`; empty for the current one.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            globs: Mutex::default(),
        }
    }

    /// Every glob that was asked for, and what it matched.
    pub fn globs(&self) -> BTreeMap<String, Vec<PathBuf>> {
        self.globs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        if Path::new(pattern).is_absolute() {
            return Err("it is an absolute path".to_owned());
        }
        // The folder's own name may hold characters that mean something in a glob.
        let folder = glob::Pattern::escape(&self.folder.to_string_lossy());
        let full = Path::new(&folder).join(pattern);
        let found = glob::glob(&full.to_string_lossy()).map_err(|error| error.to_string())?;
        let mut paths: Vec<PathBuf> = found
            .filter_map(Result::ok)
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        self.globs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(pattern.to_owned(), paths.clone());
        Ok(paths)
    }
}

/// Puts another text into a file in one step, where it still holds what it did: whoever is cut off
/// leaves the one or the other. Rights stay, and a link stays one.
///
/// # Errors
/// A sentence: somebody else changed the file meanwhile, or the disk refused.
pub fn replace(path: &Path, before: &str, after: &str) -> Result<(), String> {
    let shown = path.display();
    let real = path
        .canonicalize()
        .map_err(|error| format!("cannot find {shown}: {error}"))?;
    let wrong = |error: std::io::Error| format!("cannot write {shown}: {error}");
    if std::fs::read(&real).map_err(wrong)? != before.as_bytes() {
        return Err(format!("{shown} was changed while it was read: run again"));
    }
    let mut name = std::ffi::OsString::from(".syncline-");
    name.push(real.file_name().unwrap_or_default());
    let beside = real.with_file_name(name);
    let written = std::fs::write(&beside, after)
        .and_then(|()| std::fs::set_permissions(&beside, std::fs::metadata(&real)?.permissions()))
        .and_then(|()| std::fs::rename(&beside, &real));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        wrong(error)
    })
}

/// Files of which some are to be read as others than they are: a source before its edits are
/// written.
#[derive(Debug)]
pub struct Edited<'a> {
    disk: &'a Disk,
    texts: BTreeMap<PathBuf, String>,
}

impl<'a> Edited<'a> {
    /// The disk, with these texts in place of its own.
    pub fn new(disk: &'a Disk, texts: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        Self {
            disk,
            texts: texts.into_iter().collect(),
        }
    }
}

impl Files for Edited<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.disk.read(path),
        }
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        self.disk.glob(pattern)
    }
}
