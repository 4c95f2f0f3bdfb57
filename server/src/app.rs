//! What the app's server is made of: the constants that the compiler prints.

use std::collections::HashMap;

use syncline_runtime::Mapper;

/// An app's tables, as generated code states them.
///
/// ```
/// use syncline_server::App;
///
/// static APP: App = App {
///     name: "notes",
///     schema_version: "0123456789abcdef",
///     tables: &[],
///     removed_tables: &[],
///     local_tables: &[],
///     role: "notes_app",
///     rejection: None,
///     row_security: false,
/// };
/// assert_eq!(APP.name, "notes");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// The project's name.
    pub name: &'static str,
    /// The version of the synced part of the schema, 16 hexadecimal digits.
    pub schema_version: &'static str,
    /// Every synced table, in the order of the schema.
    pub tables: &'static [&'static Mapper],
    /// Tables that are gone: uploads of them are accepted and dropped.
    pub removed_tables: &'static [&'static str],
    /// Tables that are on the device only.
    pub local_tables: &'static [&'static str],
    /// The role that the server signs in as, as setup.sql makes it.
    pub role: &'static str,
    /// Tells a user's devices what was refused: the owner and what the table of rejections has, as
    /// parameters.
    pub rejection: Option<&'static str>,
    /// Has any table row security? The server then names the user in each transaction.
    pub row_security: bool,
}

/// A table of the app, by its place in [`App::tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TableIndex(pub(crate) usize);

/// What an upload means by a table's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableNamed {
    /// This one.
    Synced(TableIndex),
    /// One that is gone.
    Removed,
    /// One that never leaves the device.
    Local,
}

/// The look-up of table names, and the order in which references let tables be written.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) app: &'static App,
    names: HashMap<&'static str, TableNamed>,
    /// For each table, its rank: what it refers to has a lower one.
    ranks: Vec<usize>,
}

impl Catalog {
    pub(crate) fn new(app: &'static App) -> Self {
        let mut names = HashMap::new();
        for name in app.local_tables {
            names.insert(*name, TableNamed::Local);
        }
        for name in app.removed_tables {
            names.insert(*name, TableNamed::Removed);
        }
        // A name of today wins over one of the past.
        for (at, mapper) in app.tables.iter().enumerate() {
            if let Some(former) = mapper.table.formerly {
                names.insert(former, TableNamed::Synced(TableIndex(at)));
            }
        }
        for (at, mapper) in app.tables.iter().enumerate() {
            names.insert(mapper.table.name, TableNamed::Synced(TableIndex(at)));
        }
        Self {
            app,
            names,
            ranks: ranks(app.tables),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<TableNamed> {
        self.names.get(name).copied()
    }

    pub(crate) fn mapper(&self, table: TableIndex) -> &'static Mapper {
        self.app.tables[table.0]
    }

    /// Where the table stands among those it refers to and those that refer to it.
    pub(crate) fn rank(&self, table: TableIndex) -> usize {
        self.ranks[table.0]
    }
}

/// Parents first. Tables of a circle keep their declared order: their references are deferred, or
/// the slow path finds the order that the device had.
fn ranks(tables: &[&'static Mapper]) -> Vec<usize> {
    let place = |name: &str| tables.iter().position(|it| it.table.name == name);
    let parents: Vec<Vec<usize>> = tables
        .iter()
        .map(|mapper| {
            let columns = mapper.table.columns.iter();
            columns
                .filter_map(|column| place(column.references?))
                .collect()
        })
        .collect();
    let mut ranks = vec![usize::MAX; tables.len()];
    let mut next = 0;
    while next < tables.len() {
        let free = |at: usize| {
            ranks[at] == usize::MAX
                && parents[at]
                    .iter()
                    .all(|&parent| parent == at || ranks[parent] != usize::MAX)
        };
        let first = (0..tables.len()).find(|&at| free(at));
        let Some(at) = first.or_else(|| ranks.iter().position(|rank| *rank == usize::MAX)) else {
            break;
        };
        ranks[at] = next;
        next += 1;
    }
    ranks
}
