//! Which table and column is which: what kept its name, and what the source says was renamed.

use std::collections::BTreeMap;

use syncline_schema::Schema;
use syncline_schema::model::{Column, Scalar, Table};

use super::{Pair, TableName, Tables, tables};

/// From the next name to the one before.
type Names = BTreeMap<String, String>;

/// Declared renames that have yet to happen. What both schemas know by one name needs no entry.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    tables: BTreeMap<TableName, TableName>,
    /// By the next table.
    inside: BTreeMap<TableName, Inside>,
    /// The words of native enum types, by the type.
    types: BTreeMap<String, Names>,
}

#[derive(Clone, Debug, Default)]
struct Inside {
    columns: Names,
    indexes: Names,
    /// By the next column: the words of its enum.
    words: BTreeMap<String, Names>,
}

impl Renames {
    /// Those that `next` declares and `previous` has yet to follow. One that has happened, or
    /// whose old name is still in use, is none.
    pub fn declared(schemas: Pair<&Schema>) -> Self {
        let known = Pair {
            previous: tables(schemas.previous),
            next: tables(schemas.next),
        };
        let mut renames = Self::default();
        for table in schemas.next.on_server() {
            let name = TableName::of(table);
            if let Some(old) = table_before(&known, schemas.previous, &name, table) {
                renames.tables.insert(name.clone(), old);
            }
            renames
                .types
                .extend(table.columns.iter().filter_map(native_words));
            let before = known.previous.get(renames.table_before(&name));
            let inside = before.map(|before| {
                Inside::declared(Pair {
                    previous: before,
                    next: table,
                })
            });
            if let Some(inside) = inside.filter(|it| !it.is_empty()) {
                renames.inside.insert(name, inside);
            }
        }
        renames
    }

    /// The same renames, the other way: for undoing them.
    pub fn reversed(&self) -> Self {
        let inside = self.inside.iter().map(|(table, inside)| {
            let before = self.table_before(table).clone();
            (before, inside.reversed())
        });
        let types = self.types.iter();
        Self {
            types: types
                .map(|(name, words)| (name.clone(), swapped(words)))
                .collect(),
            inside: inside.collect(),
            tables: (self.tables.iter())
                .map(|(new, old)| (old.clone(), new.clone()))
                .collect(),
        }
    }

    /// The name that a table of the next schema had.
    pub fn table_before<'a>(&'a self, next: &'a TableName) -> &'a TableName {
        self.tables.get(next).unwrap_or(next)
    }

    /// The name that a column of a next table had.
    pub fn column_before<'a>(&'a self, table: &TableName, next: &'a str) -> &'a str {
        before(self.inside.get(table).map(|it| &it.columns), next)
    }

    /// `(before, next)` of each column of a next table that has another name.
    pub(super) fn columns(&self, table: &TableName) -> impl Iterator<Item = (&str, &str)> {
        let names = self.inside.get(table).into_iter();
        names.flat_map(|it| {
            it.columns
                .iter()
                .map(|(new, old)| (old.as_str(), new.as_str()))
        })
    }

    /// The name that an index of a next table was declared to have had.
    pub(super) fn index_before<'a>(&'a self, table: &TableName, next: &'a str) -> &'a str {
        before(self.inside.get(table).map(|it| &it.indexes), next)
    }

    /// `(before, next)` of each word of a next column's enum that has another spelling.
    pub(super) fn words(
        &self,
        table: &TableName,
        column: &str,
    ) -> impl Iterator<Item = (&str, &str)> {
        let names = self.inside.get(table).and_then(|it| it.words.get(column));
        let names = names.into_iter().flatten();
        names.map(|(new, old)| (old.as_str(), new.as_str()))
    }

    /// `(before, next)` of each word of a native enum type that was given another spelling, ever.
    pub(super) fn type_words(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let names = self.types.get(name).into_iter().flatten();
        names.map(|(new, old)| (old.as_str(), new.as_str()))
    }
}

fn native_words(column: &Column) -> Option<(String, Names)> {
    let Scalar::Enum(it) = &column.ty.scalar else {
        return None;
    };
    let words = it.renamed.iter();
    let words = words.map(|(old, new)| (new.clone(), old.clone()));
    Some((it.native.clone()?, words.collect()))
}

fn before<'a>(names: Option<&'a Names>, next: &'a str) -> &'a str {
    names
        .and_then(|it| it.get(next))
        .map_or(next, String::as_str)
}

impl Inside {
    fn declared(tables: Pair<&Table>) -> Self {
        let mut inside = Self::default();
        for column in &tables.next.columns {
            if let Some(old) = column.renamed_from.as_deref()
                && tables.previous.column(old).is_some()
                && tables.next.column(old).is_none()
                && tables.previous.column(&column.name).is_none()
            {
                inside.columns.insert(column.name.clone(), old.to_owned());
            }
            let old = before(Some(&inside.columns), &column.name);
            let words = tables
                .previous
                .column(old)
                .map(|old| renamed_words(old, column));
            if let Some(words) = words.filter(|it| !it.is_empty()) {
                inside.words.insert(column.name.clone(), words);
            }
        }
        let has = |table: &Table, name: &str| table.indexes.iter().any(|it| it.name == name);
        for index in &tables.next.indexes {
            if let Some(old) = index.renamed_from.as_deref()
                && has(tables.previous, old)
                && !has(tables.next, old)
                && !has(tables.previous, &index.name)
            {
                inside.indexes.insert(index.name.clone(), old.to_owned());
            }
        }
        inside
    }

    fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.indexes.is_empty() && self.words.is_empty()
    }

    fn reversed(&self) -> Self {
        let words = self.words.iter().map(|(column, words)| {
            let old = before(Some(&self.columns), column);
            (old.to_owned(), swapped(words))
        });
        Self {
            words: words.collect(),
            columns: swapped(&self.columns),
            indexes: swapped(&self.indexes),
        }
    }
}

fn swapped(names: &Names) -> Names {
    let pairs = names.iter();
    pairs.map(|(new, old)| (old.clone(), new.clone())).collect()
}

fn renamed_words(previous: &Column, next: &Column) -> Names {
    let (Scalar::Enum(was), Scalar::Enum(is)) = (&previous.ty.scalar, &next.ty.scalar) else {
        return Names::new();
    };
    let renamed = is.renamed.iter();
    renamed
        .filter(|(old, new)| was.values.contains(old) && !was.values.contains(new))
        .map(|(old, new)| (new.clone(), old.clone()))
        .collect()
}

/// By its declared old name; or by its own, in another schema: names are a source's own whatever
/// schema they are in, so it is the same table.
fn table_before(
    known: &Pair<Tables<'_>>,
    previous: &Schema,
    new: &TableName,
    table: &Table,
) -> Option<TableName> {
    if known.previous.contains_key(new) {
        return None;
    }
    let declared = table.renamed_from.as_deref().map(|it| new.sibling(it));
    let free = |it: &TableName| !known.next.contains_key(it);
    if let Some(old) = declared.filter(|it| known.previous.contains_key(it) && free(it)) {
        return Some(old);
    }
    let wanted = [table.renamed_from.as_deref(), Some(new.name.as_str())];
    let wanted = wanted.into_iter().flatten();
    wanted.into_iter().find_map(|wanted| {
        let mut elsewhere = (previous.on_server())
            .filter(|it| it.name == wanted)
            .map(TableName::of)
            .filter(free);
        elsewhere.next().filter(|_| elsewhere.next().is_none())
    })
}
