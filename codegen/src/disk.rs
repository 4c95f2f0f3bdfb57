//! Source files on disk, for the schema's front end.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syncline_schema::Files;

/// Files below the folder of the schema source. Remembers what globs matched, so that a later
/// run can tell whether they still match the same.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    globs: RefCell<BTreeMap<String, Vec<PathBuf>>>,
}

impl Disk {
    /// The disk as seen from `folder`; empty for the current one.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            globs: RefCell::default(),
        }
    }

    /// Every glob that was asked for, and what it matched.
    pub fn globs(&self) -> BTreeMap<String, Vec<PathBuf>> {
        self.globs.borrow().clone()
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
            .borrow_mut()
            .insert(pattern.to_owned(), paths.clone());
        Ok(paths)
    }
}
