//! A project in a folder of its own, without a database.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::Output;

/// A source, and the real binary run beside it.
pub(super) struct Plain {
    path: PathBuf,
    /// Removed with the test.
    _dir: Option<TempDir>,
}

impl Plain {
    pub(super) fn new(source: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let plain = Self {
            path: dir.path().to_owned(),
            _dir: Some(dir),
        };
        plain.source(source);
        plain
    }

    /// A folder that belongs to somebody else.
    pub(super) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            _dir: None,
        }
    }

    /// With the migration `20261122000000_init`.
    pub(super) fn migrated(source: &str) -> Self {
        let plain = Self::new(source);
        plain.said(&["new", "--stamp", "20261122000000"], 0);
        plain
    }

    pub(super) fn dir(&self) -> &Path {
        &self.path
    }

    pub(super) fn source(&self, text: &str) {
        self.write("syncline.toml", text);
    }

    /// The source as it stands.
    pub(super) fn text(&self) -> String {
        self.read("syncline.toml")
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        fs::write(self.path.join(path), text).expect("a file");
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path.join(path)).expect("a file")
    }

    /// `syncline migrate <args>`.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Output {
        let args = [&["migrate"], args].concat();
        testkit::syncline(env!("CARGO_BIN_EXE_syncline"), args, &self.path)
    }

    /// What a verb says on stderr.
    #[track_caller]
    pub(super) fn said(&self, args: &[&str], code: i32) -> String {
        self.run(args).expect(code).stderr
    }

    /// `migrate new` has nothing to do.
    #[track_caller]
    pub(super) fn nothing(&self) {
        let said = self.said(&["new"], 0);
        assert!(said.starts_with("nothing to migrate"), "{said}");
    }

    /// The ids of the migrations, in order.
    pub(super) fn migrations(&self) -> Vec<String> {
        let list = fs::read_dir(self.path.join("migrations")).expect("a folder");
        let mut ids: Vec<_> = list
            .map(|it| it.expect("an entry"))
            .filter(|it| it.path().is_dir())
            .map(|it| it.file_name().to_string_lossy().into_owned())
            .collect();
        ids.sort();
        ids
    }

    /// The files of the newest migration.
    pub(super) fn files(&self) -> String {
        let newest = self.migrations().pop().expect("a migration");
        let list = fs::read_dir(self.path.join("migrations").join(newest)).expect("a folder");
        let mut names: Vec<_> = list
            .map(|it| {
                it.expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names.join(" ")
    }

    /// The SQL of a migration.
    pub(super) fn sql(&self, id: &str) -> String {
        let dir = self.path.join("migrations").join(id);
        let mut files: Vec<_> = fs::read_dir(dir)
            .expect("a folder")
            .map(|it| it.expect("an entry").path())
            .filter(|it| it.extension().is_some_and(|it| it == "sql"))
            .collect();
        files.sort();
        files
            .iter()
            .map(|it| fs::read_to_string(it).expect("a file"))
            .collect()
    }
}
