//! The output in memory: paths below the output folder and their text, sorted.

use std::collections::BTreeMap;

/// One file to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The target that made it.
    pub target: &'static str,
    /// The whole text, ending in a line break.
    pub text: String,
}

/// Every file of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, File>,
}

impl FileSet {
    /// Adds a file. `path` is relative to the output folder, with `/`.
    pub fn add(&mut self, path: impl Into<String>, target: &'static str, text: String) {
        let path = path.into();
        debug_assert!(text.ends_with('\n'), "{path} does not end in a line break");
        let before = self.files.insert(path, File { target, text });
        debug_assert!(before.is_none(), "two targets write one file");
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// Every file by path, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl IntoIterator for FileSet {
    type Item = (String, File);
    type IntoIter = std::collections::btree_map::IntoIter<String, File>;

    fn into_iter(self) -> Self::IntoIter {
        self.files.into_iter()
    }
}
