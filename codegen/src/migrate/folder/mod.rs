//! The folder of migrations: history, and partly written by hand.
//!
//! ```text
//! migrations/
//!   syncline.sum                      what every file held when it was written, chained
//!   20261122163200_add_title/
//!     1_expand.sql                    run in the order of their numbers, each in a transaction
//!     2_concurrent.sql                but where its head says `-- syncline:no-transaction`
//!     down.sql                        what undoes it
//!     snapshot.json                   the schema behind it, and the hash of the snapshot before it
//! ```
//!
//! In: the folder's path. Out: a [`Folder`] with every migration that could be read, and all there
//! is to say of the others. [`write`] adds to it in one step.

mod branches;
mod contents;
mod directive;
mod name;
mod read;
mod snapshot;
mod sum;
mod write;

use std::path::{Path, PathBuf};

pub use directive::Allow;
pub use name::{Stamp, slug};
pub use snapshot::{Snapshot, SnapshotHead};
pub use sum::SUM;
pub use write::{NewMigration, WriteError, restore_sum, write};

use syncline_schema::{Diagnostics, FileId, Place, Schema, Sources};

/// The file of a migration's schema.
pub const SNAPSHOT: &str = "snapshot.json";

/// The file that undoes a migration.
pub const DOWN: &str = "down.sql";

/// A folder of migrations as it stands on disk.
#[derive(Debug, Default)]
pub struct Folder {
    /// Where it is.
    pub dir: PathBuf,
    /// Every migration, in the order in which they run.
    pub migrations: Vec<Migration>,
    /// What is wrong with it. Nothing may be run while there is an error.
    pub diagnostics: Diagnostics,
    /// The SQL files, for drawing places.
    pub sources: Sources,
}

/// One migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The folder's name, `<stamp>_<name>`: what the database remembers it by.
    pub id: String,
    /// When it was made.
    pub stamp: Stamp,
    /// The name without the stamp.
    pub name: String,
    /// What runs, in order.
    pub files: Vec<SqlFile>,
    /// What undoes it.
    pub down: Option<Down>,
    /// What its snapshot says of itself; none where there is none or it cannot be read.
    pub snapshot: Option<SnapshotHead>,
}

/// One SQL file of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFile {
    /// `1_expand.sql`.
    pub name: String,
    /// Its place in the order.
    pub number: u32,
    /// What it holds, without a byte-order mark.
    pub text: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Does it run in one transaction? Else statement by statement.
    pub transactional: bool,
    /// Does the file say that each of its statements may run twice? Asked after a crash, where it
    /// is not known whether the last one ran.
    pub repeatable: bool,
    /// The hazards that somebody looked at and allowed.
    pub allows: Vec<Allow>,
    /// The file in [`Folder::sources`].
    pub file: FileId,
}

/// What undoes a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Down {
    /// What it holds.
    pub text: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Why it cannot be undone, where the file says so.
    pub irreversible: Option<String>,
    /// The file in [`Folder::sources`].
    pub file: FileId,
}

impl Folder {
    /// Reads a folder. One that is not there holds no migration.
    pub fn read(dir: &Path) -> Self {
        read::read(dir)
    }

    /// The migration of this id, or of this name where only one has it.
    pub fn find(&self, name: &str) -> Option<&Migration> {
        let by_id = self.migrations.iter().find(|it| it.id == name);
        by_id.or_else(|| {
            let mut named = self
                .migrations
                .iter()
                .filter(|it| it.name == name || it.stamp.as_str() == name);
            named.next().filter(|_| named.next().is_none())
        })
    }

    /// The migrations that no other follows: one, unless branches met.
    pub fn heads(&self) -> Vec<&Migration> {
        branches::heads(&self.migrations)
    }

    /// The migration that a new one follows: the newest with a snapshot.
    pub fn newest(&self) -> Option<&Migration> {
        self.migrations
            .iter()
            .rev()
            .find(|it| it.snapshot.is_some())
    }

    /// The whole snapshot of a migration.
    ///
    /// # Errors
    /// A sentence: the file is gone, or is no snapshot that this version reads.
    pub fn snapshot(&self, migration: &Migration) -> Result<Snapshot, String> {
        let path = self.dir.join(&migration.id).join(SNAPSHOT);
        let shown = path.display();
        let bytes =
            std::fs::read(&path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        Snapshot::parse(&bytes).map_err(|why| format!("{shown}: {why}"))
    }

    /// The schema behind the newest migration, and the hash that a new snapshot names as its
    /// parent; an empty schema and none where there is no migration.
    ///
    /// # Errors
    /// See [`Self::snapshot`].
    pub fn latest(&self) -> Result<(Schema, Option<String>), String> {
        let Some(newest) = self.newest() else {
            return Ok((Schema::default(), None));
        };
        let schema = self.snapshot(newest)?.schema;
        let hash = newest.snapshot.as_ref().map(|it| it.sha256.clone());
        Ok((schema, hash))
    }

    /// The stamp of a migration made now: after every other one, whatever the clocks said.
    pub fn next_stamp(&self, now: std::time::SystemTime) -> Stamp {
        let newest = self.migrations.iter().map(|it| &it.stamp).max();
        Stamp::after(now, newest)
    }

    /// What is wrong with it, for a report over more than the folder: its files are added to
    /// `sources`, and the places are those there.
    pub fn findings(&self, sources: &mut Sources) -> Diagnostics {
        let moved: Vec<FileId> = self
            .sources
            .iter()
            .map(|file| sources.add(&file.path, file.text.clone()))
            .collect();
        let there = |place: Place| {
            let file = place.file().and_then(|it| moved.get(it.0 as usize));
            match (file, place.range()) {
                (Some(file), Some(range)) => Place::new(*file, range),
                _ => Place::NOWHERE,
            }
        };
        let mut found = Diagnostics::default();
        for mut one in self.diagnostics.clone() {
            for label in &mut one.labels {
                label.place = there(label.place);
            }
            found.push(one);
        }
        found
    }

    /// The start of a migration's first file.
    pub fn place(&self, migration: &Migration) -> Place {
        let file = migration.files.first().map(|it| it.file);
        file.map_or(Place::NOWHERE, |file| Place::new(file, 0..0))
    }
}

impl Migration {
    /// What the database remembers of the files that were run: SHA-256 over their names and hashes.
    pub fn checksum(&self) -> String {
        let lines = self
            .files
            .iter()
            .map(|file| format!("{} {}\n", file.sha256, file.name));
        crate::output::sha256(lines.collect::<String>().as_bytes())
    }
}
