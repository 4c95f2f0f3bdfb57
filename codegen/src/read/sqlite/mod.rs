//! The reader of client databases: SQLite files, with PowerSync's views over JSON or plain tables.
//! In: the bytes of a file. Out: its tables; their places are in a listing of its catalog.

mod declaration;
mod file;

use std::fmt::Write;
use std::path::Path;

use syncline_schema::codes::Code;
use syncline_schema::types::Storage;
use syncline_schema::{Diagnostic, Place, Sources};

use self::declaration::{Declared, Token};
pub use self::file::MAX_BYTES;
use self::file::Object;
use super::DeviceStorage;

/// What a database file holds.
#[derive(Debug, Default)]
pub(crate) struct Database {
    pub(crate) tables: Vec<Table>,
    /// Has it PowerSync's own tables?
    pub(crate) is_powersync: bool,
    /// Tables of rows that no view shows: their names, and where they stand.
    pub(crate) hidden: Vec<(String, Place)>,
    /// The first line of the listing.
    pub(crate) top: Place,
}

/// A table as the app sees it.
#[derive(Debug)]
pub(crate) struct Table {
    /// The name under which it is synced.
    pub(crate) name: String,
    /// Does it stay on the device?
    pub(crate) is_local: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) place: Place,
}

/// A column of it.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) storage: DeviceStorage,
    pub(crate) place: Place,
}

const SYNCED: &str = "ps_data__";
const LOCAL: &str = "ps_data_local__";

/// Reads a database file. A listing of its catalog, as `.schema` of the sqlite3 shell prints it,
/// goes into `sources` under the file's path.
///
/// # Errors
/// C001, once.
pub(crate) fn read(
    sources: &mut Sources,
    path: &Path,
    bytes: &[u8],
) -> Result<Database, Diagnostic> {
    let objects = file::catalog(bytes).map_err(|why| {
        let shown = path.display().to_string().replace('\\', "/");
        Diagnostic::new(Code::C001, format!("cannot read {shown}: {why}"))
            .note("nothing of it is compared")
            .help("name a closed, unencrypted copy: `sqlite3 app.db \".backup copy.db\"`")
    })?;
    let shown: Vec<_> = objects
        .iter()
        .filter(|it| matches!(it.kind.as_str(), "table" | "view") && !it.sql.is_empty())
        .collect();
    let mut listing = String::new();
    let mut starts = Vec::new();
    for object in &shown {
        starts.push(listing.len());
        let _ = writeln!(listing, "{};", object.sql.replace('\0', "\u{fffd}"));
    }
    let file = sources.add(path, listing);
    let mut database = Database {
        top: Place::new(file, 0..0),
        is_powersync: shown.iter().any(|it| it.name == "ps_crud"),
        ..Database::default()
    };
    let place = |start: usize, range: std::ops::Range<usize>| {
        Place::new(file, start + range.start..start + range.end)
    };
    for (object, start) in shown.iter().zip(&starts) {
        let tokens = declaration::tokens(&object.sql);
        let table = of_object(&database, object, &tokens);
        database
            .tables
            .extend(table.map(|(name, is_local, columns)| {
                Table {
                    name,
                    is_local,
                    columns: columns
                        .into_iter()
                        .map(|it| Column {
                            storage: storage(&it.ty),
                            place: place(*start, it.range),
                            name: it.name,
                        })
                        .collect(),
                    place: place(*start, name_range(&tokens, &object.name)),
                }
            }));
    }
    for (object, start) in shown.iter().zip(&starts) {
        let rows_of = |prefix: &str| {
            object
                .name
                .strip_prefix(prefix)
                .filter(|_| object.kind == "table")
        };
        let Some(name) = rows_of(SYNCED).or_else(|| rows_of(LOCAL)) else {
            continue;
        };
        if !database.tables.iter().any(|it| it.name == name) {
            let tokens = declaration::tokens(&object.sql);
            let at = place(*start, name_range(&tokens, &object.name));
            database.hidden.push((name.to_owned(), at));
        }
    }
    Ok(database)
}

/// A table's name, whether it is local, its columns; none for what is no table of the app.
fn of_object(
    database: &Database,
    object: &Object,
    tokens: &[Token],
) -> Option<(String, bool, Vec<Declared>)> {
    if object.kind == "view" {
        let (columns, behind) = declaration::view(tokens)?;
        if let Some(name) = behind.strip_prefix(LOCAL) {
            return Some((name.to_owned(), true, columns));
        }
        return Some((behind.strip_prefix(SYNCED)?.to_owned(), false, columns));
    }
    let own = ["sqlite_", "ps_"]
        .iter()
        .any(|it| object.name.starts_with(it));
    if own || database.is_powersync {
        return None;
    }
    Some((object.name.clone(), true, declaration::table(tokens)))
}

/// Where the name of a table or view stands in its statement.
fn name_range(tokens: &[Token], name: &str) -> std::ops::Range<usize> {
    let found = tokens.iter().find(|it| it.text == name);
    found.map_or(0..0, |it| it.range.clone())
}

/// What a declared type stores, by SQLite's rules of affinity.
fn storage(declared: &str) -> DeviceStorage {
    let ty = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|it| ty.contains(it));
    if has(&["INT"]) {
        DeviceStorage::PowerSync(Storage::Integer)
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        DeviceStorage::PowerSync(Storage::Text)
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        DeviceStorage::PowerSync(Storage::Real)
    } else if ty.is_empty() || has(&["BLOB"]) {
        DeviceStorage::Refused("blob".to_owned())
    } else {
        DeviceStorage::Refused(declared.to_ascii_lowercase())
    }
}
