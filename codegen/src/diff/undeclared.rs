//! Changes that could be a rename or a loss: only the source can say which.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::model::{Column, Residence, Scalar, Table};
use syncline_schema::{Code, Diagnostic, Diagnostics, Place, Schema, types};

use super::cast::{Cast, cast};
use super::{Pair, Renames, TableName, facts, tables};

/// What the caller says is meant to go: tables as `table`, columns as `table.column`.
#[derive(Clone, Debug, Default)]
pub struct Drops {
    /// The names.
    pub named: BTreeSet<String>,
    /// Everything that is not declared to be a rename goes.
    pub all: bool,
}

impl Drops {
    fn has(&self, name: &str) -> bool {
        self.all || self.named.contains(name)
    }
}

/// What has to be decided before steps can be taken: renames that nobody declared, and types that
/// cannot change where they stand.
pub fn undeclared(schemas: Pair<&Schema>, renames: &Renames, drops: &Drops) -> Diagnostics {
    let mut found = Diagnostics::default();
    let known = Pair {
        previous: tables(schemas.previous),
        next: tables(schemas.next),
    };
    let mut created = Vec::new();
    let mut kept = BTreeSet::new();
    for next in schemas.next.on_server() {
        let name = TableName::of(next);
        let before = renames.table_before(&name);
        match known.previous.get(before) {
            Some(previous) => {
                kept.insert(before.clone());
                columns(&name, Pair { previous, next }, renames, drops, &mut found);
            }
            None => created.push(next),
        }
    }
    for previous in schemas.previous.on_server() {
        let gone = !kept.contains(&TableName::of(previous))
            && !schemas
                .next
                .removed_tables
                .iter()
                .any(|it| it.name == previous.name)
            && !drops.has(&previous.name);
        let twin = created.iter().find(|next| gone && alike(previous, next));
        if let Some(next) = twin {
            found.push(table_rename(previous, next));
        }
    }
    native_words(schemas, renames, &mut found);
    found
}

/// PostgreSQL takes no word out of a type, and moves none.
fn native_words(schemas: Pair<&Schema>, renames: &Renames, found: &mut Diagnostics) {
    let before = facts::enums(schemas.previous);
    for next in facts::enums(schemas.next) {
        let Some(name) = next.native.as_deref() else {
            continue;
        };
        let Some(previous) = before.iter().find(|it| it.native == next.native) else {
            continue;
        };
        let renamed: BTreeMap<_, _> = renames.type_words(name).collect();
        let mut left = next.values.iter();
        let stuck = previous.values.iter().find(|word| {
            let to = renamed.get(word.as_str()).copied();
            let here = |it: &&String| it.as_str() == word.as_str() || to == Some(it.as_str());
            left.find(here).is_none()
        });
        let Some(word) = stuck else {
            continue;
        };
        let mut columns = schemas.next.on_server().flat_map(|it| &it.columns);
        let uses =
            |it: &&Column| matches!(&it.ty.scalar, Scalar::Enum(it) if it.native == next.native);
        let place = columns.find(uses).map_or(Place::NOWHERE, |it| it.place);
        let has = next.values.contains(word);
        found.push(
            Diagnostic::new(
                Code::D003,
                if has {
                    format!("the words of the type `{name}` cannot change their order: `{word}` has moved")
                } else {
                    format!("the type `{name}` cannot lose the word `{word}`")
                },
            )
            .at(place, "PostgreSQL takes no word out of a type, and moves none")
            .help("keep the words in the order that they have, and new ones where you like")
            .help("or let go of the type: without `native` the column is text with a check"),
        );
    }
}

fn columns(
    name: &TableName,
    tables: Pair<&Table>,
    renames: &Renames,
    drops: &Drops,
    found: &mut Diagnostics,
) {
    let Pair { previous, next } = tables;
    let taken: BTreeSet<_> = (next.columns.iter())
        .map(|it| renames.column_before(name, &it.name))
        .collect();
    let gone = previous.columns.iter().filter(|column| {
        !taken.contains(column.name.as_str())
            && !next.removed_columns.iter().any(|it| it.name == column.name)
            && !drops.has(&format!("{}.{}", next.name, column.name))
    });
    let mut added: Vec<_> = (next.columns.iter())
        .filter(|it| {
            previous
                .column(renames.column_before(name, &it.name))
                .is_none()
                && it.renamed_from.is_none()
                && it.replaces.is_none()
        })
        .collect();
    for old in gone {
        let same = |it: &&Column| types::postgres(&it.ty) == types::postgres(&old.ty);
        if let Some(at) = added.iter().position(same) {
            found.push(column_rename(next, old, added.remove(at)));
        }
    }
    for column in &next.columns {
        if let Some(was) = previous.column(renames.column_before(name, &column.name)) {
            retyped(
                next,
                Pair {
                    previous: was,
                    next: column,
                },
                found,
            );
        }
    }
}

fn column_rename(table: &Table, old: &Column, new: &Column) -> Diagnostic {
    let ty = types::postgres(&old.ty);
    Diagnostic::new(
        Code::D001,
        format!(
            "`{}.{}` goes and `{}` comes, both {ty}: a rename, or a loss?",
            table.name, old.name, new.name
        ),
    )
    .at(new.place, format!("new; `{}` is gone", old.name))
    .help(format!(
        "renamed: add `renamed_from = \"{}\"` to `{}`; the values stay",
        old.name, new.name
    ))
    .help(format!(
        "two columns: list the old one under `removed_columns` of `{}`, or pass `--drop {}.{}`; its values are lost",
        table.name, table.name, old.name
    ))
}

fn table_rename(old: &Table, new: &Table) -> Diagnostic {
    Diagnostic::new(
        Code::D002,
        format!(
            "table `{}` goes and `{}` comes with the same columns: a rename, or a loss?",
            old.name, new.name
        ),
    )
    .at(new.place, format!("new; `{}` is gone", old.name))
    .help(format!(
        "renamed: add `renamed_from = \"{}\"` to `{}`; the rows stay",
        old.name, new.name
    ))
    .help(format!(
        "two tables: list the old one under `[removed_tables]`, or pass `--drop {}`; its rows are lost",
        old.name
    ))
}

fn retyped(table: &Table, columns: Pair<&Column>, found: &mut Diagnostics) {
    let Pair { previous, next } = columns;
    let words = Pair {
        previous: types::postgres(&previous.ty),
        next: types::postgres(&next.ty),
    };
    if words.previous == words.next {
        return;
    }
    let name = format!("{}.{}", table.name, next.name);
    let stored = types::storage(&previous.ty) != types::storage(&next.ty);
    if table.residence == Residence::Synced && stored {
        found.push(
            Diagnostic::new(
                Code::D004,
                format!(
                    "`{name}` goes from {} to {} where it stands, and devices store the two differently",
                    words.previous, words.next
                ),
            )
            .at(next.place, "devices that are out there read and upload the old type")
            .help(format!(
                "keep `{}` as it was and add a column of the new type with `replaces = \"{}\"`: both live until old devices are gone",
                next.name, next.name
            )),
        );
    } else if cast(&previous.ty, &next.ty) == Cast::None {
        found.push(
            Diagnostic::new(
                Code::D003,
                format!(
                    "PostgreSQL has no way from {} to {} for `{name}`",
                    words.previous, words.next
                ),
            )
            .at(next.place, "the values that are there cannot become this")
            .help(format!(
                "add a column of the new type with `replaces = \"{}\"` and fill it in a step of your own, or give the new column another name and list `{}` under `removed_columns`",
                next.name, next.name
            )),
        );
    }
}

/// The same columns, but for what was injected.
fn alike(a: &Table, b: &Table) -> bool {
    let columns = |table: &Table| {
        let own = table.columns.iter().filter(|it| !it.injected());
        own.map(|it| (it.name.clone(), types::postgres(&it.ty)))
            .collect::<BTreeSet<_>>()
    };
    let (a, b) = (columns(a), columns(b));
    !a.is_empty() && a == b
}
