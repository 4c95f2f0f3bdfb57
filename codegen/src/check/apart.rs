//! What subjects without a schema source say of which tables live where, and of how columns are named.

use std::collections::HashSet;

use syncline_schema::model::{Residence, Table};
use syncline_schema::{Files, Place, Sources};

use super::pair::table_of;
use super::{Subject, SubjectKind};
use crate::read::{self, Library, ReadTable, Reading, drizzle, sync_config, text};

/// What the other subjects say of which tables live where.
#[derive(Debug, Default)]
pub(super) struct Apart {
    /// Tables that the device has or that are sent.
    pub(super) synced: HashSet<String>,
    /// Tables that stay on the device, in order.
    pub(super) local: Vec<String>,
    /// Could a table of the app schema not be followed, so that others may stay on the device as well?
    pub(super) gaps: bool,
    /// The words of the sync configs, among them the columns that they name.
    words: HashSet<String>,
    /// The device's tables, as its files have them.
    device: Vec<ReadTable>,
    /// Was anything read that says it?
    pub(super) any: bool,
}

impl Apart {
    /// Reads the subjects once for their names alone.
    pub(super) fn of(subjects: &[Subject], files: &dyn Files) -> Self {
        let mut found = Self::default();
        let sources = &mut Sources::default();
        let mut device = Vec::new();
        for subject in subjects {
            let Ok(source) = text::add(sources, &subject.path, &subject.bytes) else {
                continue;
            };
            match subject.kind {
                SubjectKind::DrizzleSqlite => device.push(source),
                SubjectKind::SyncConfig => {
                    let config = sync_config::read(&source);
                    let is_word = |c: char| c.is_alphanumeric() || c == '_';
                    let words = source.text.split(|c| !is_word(c)).map(str::to_owned);
                    found.words.extend(words);
                    let sent = config.queries.iter().map(|it| it.sent.table.text.clone());
                    found.synced.extend(sent);
                    found.any = true;
                }
                SubjectKind::AppSchema => {
                    let read = read::app_schema::read(&source, Library { files, sources });
                    found.gaps |= read.gaps;
                    for table in read.tables {
                        let options = table.options.iter().flatten();
                        let local = options.into_iter().any(|(key, value)| {
                            key == "localOnly" && *value == serde_json::Value::Bool(true)
                        });
                        if local {
                            found.local.push(table.name);
                        } else {
                            found.synced.insert(table.name);
                        }
                    }
                    found.any = true;
                }
                _ => {}
            }
        }
        if !device.is_empty() {
            let library = Library { files, sources };
            let reading = drizzle::read_with(drizzle::Dialect::Sqlite, &device, library);
            let names = reading.tables.iter().map(|it| it.name.clone());
            found.synced.extend(names);
            found.device = reading.tables;
            found.any = true;
        }
        found
    }

    /// Tables that stay on the device, and that the server rightly does not have.
    pub(super) fn only_local(&self, server: &Reading) -> Vec<Table> {
        let there = |name: &String| server.tables.iter().any(|it| it.name == *name);
        let apart = self.local.iter().filter(|name| !there(name));
        apart
            .map(|name| {
                let found = self.device.iter().find(|it| it.name == *name);
                let read = found.map(|it| table_of(it, Residence::Local));
                let mut table = read.unwrap_or_else(|| Table::new(name.clone(), Residence::Local));
                // These places are of another reading.
                table.place = Place::NOWHERE;
                for column in &mut table.columns {
                    column.place = Place::NOWHERE;
                    column.references = None;
                }
                table
            })
            .collect()
    }

    /// Gives columns without a name of their own the names that `casing: "snake_case"` makes,
    /// where the sync config uses those and not the properties' names. Did it?
    pub(super) fn take_casing(&self, reading: &mut Reading) -> bool {
        let unnamed = || {
            let columns = reading.tables.iter().flat_map(|it| &it.columns);
            columns.filter_map(|it| Some((&it.name, it.snake_name.as_ref()?)))
        };
        let other = || unnamed().filter(|(name, snake)| name != snake);
        let cased = other().any(|(_, snake)| self.words.contains(snake))
            && !other().any(|(name, _)| self.words.contains(name));
        if cased {
            reading.take_snake_names();
        }
        cased
    }
}
