//! Lines that the source owes to its own changes, written into it: what is removed stays listed,
//! and what a rename kept alive ends.
//!
//! In: a source that was read without an error, and [`Edit`]s. Out: the files' new texts. Every
//! byte that an edit does not speak of stays as it was; a file for which that cannot be had is
//! refused, with the lines to write by hand.

#[cfg(feature = "rust-files")]
mod rust;
mod toml;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Loaded;
use crate::place::FileId;

/// A change of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A column that is gone is listed under `removed_columns` of its table.
    RemovedColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The day, `YYYY-MM-DD`.
        date: String,
    },
    /// A table that is gone is listed under `[removed_tables]` of the main file.
    RemovedTable {
        /// The table.
        table: String,
        /// The day, `YYYY-MM-DD`.
        date: String,
    },
    /// A table's `renamed_from` goes.
    EndTableRename {
        /// The table, by its new name.
        table: String,
    },
    /// A column's `renamed_from` goes.
    EndColumnRename {
        /// The table.
        table: String,
        /// The column, by its new name.
        column: String,
    },
    /// A column's `replaces` goes, and the declaration of the column that it replaced.
    EndReplacement {
        /// The table.
        table: String,
        /// The new column.
        column: String,
        /// The one that it replaced.
        replaced: String,
    },
}

impl Edit {
    /// The table whose declaration is edited; none for the list of removed tables.
    fn declared(&self) -> Option<&str> {
        match self {
            Self::RemovedTable { .. } => None,
            Self::RemovedColumn { table, .. }
            | Self::EndTableRename { table }
            | Self::EndColumnRename { table, .. }
            | Self::EndReplacement { table, .. } => Some(table),
        }
    }
}

/// What somebody would do by hand, as a sentence without its full stop.
impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RemovedColumn {
                table,
                column,
                date,
            } => write!(
                f,
                "list `{column} = \"{date}\"` under removed_columns of `{table}`"
            ),
            Self::RemovedTable { table, date } => {
                write!(f, "list `{table} = \"{date}\"` under [removed_tables]")
            }
            Self::EndTableRename { table } => {
                write!(f, "take renamed_from away from table `{table}`")
            }
            Self::EndColumnRename { table, column } => {
                write!(f, "take renamed_from away from `{table}.{column}`")
            }
            Self::EndReplacement {
                table,
                column,
                replaced,
            } => write!(
                f,
                "take replaces away from `{table}.{column}`, and the column `{replaced}`"
            ),
        }
    }
}

/// A file of the source with another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The file, as it was read.
    pub path: PathBuf,
    /// Its text as it was.
    pub before: Arc<str>,
    /// Its text as it shall be.
    pub after: String,
}

/// Applies edits to the files of a source, of which `root` is the main one. Included files come
/// first and the main file last: a list of what is removed must not stand there while a file that
/// it includes still declares it.
///
/// # Errors
/// A sentence: a file cannot be edited without touching more of it, and what to write by hand.
pub fn edit(loaded: &Loaded, root: &Path, edits: &[Edit]) -> Result<Vec<Edited>, String> {
    let main = loaded.sources.find(root);
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        let file = match edit.declared() {
            Some(table) => loaded.schema.table(table).and_then(|it| it.place.file()),
            None => main,
        };
        let Some(file) = file else {
            return Err(format!("no file of the source declares it: {edit}"));
        };
        by_file.entry(file).or_default().push(edit);
    }
    let mut out = Vec::with_capacity(by_file.len());
    for (file, edits) in by_file {
        let Some(source) = loaded.sources.get(file) else {
            continue;
        };
        let after = apply(loaded, &source.path, &source.text, &edits).map_err(|why| {
            let by_hand: Vec<_> = edits.iter().map(|it| format!("\n  {it}")).collect();
            format!(
                "cannot edit {}: {why}; do it by hand and run again:{}",
                source.path.display(),
                by_hand.concat()
            )
        })?;
        out.push(Edited {
            path: source.path.clone(),
            before: Arc::clone(&source.text),
            after,
        });
    }
    out.sort_by_key(|it| it.path == root);
    Ok(out)
}

fn apply(loaded: &Loaded, path: &Path, text: &str, edits: &[&Edit]) -> Result<String, String> {
    if path.extension().is_some_and(|it| it == "rs") {
        #[cfg(feature = "rust-files")]
        return rust::apply(&loaded.schema, text, edits);
    }
    let _ = loaded;
    toml::apply(text, edits)
}
