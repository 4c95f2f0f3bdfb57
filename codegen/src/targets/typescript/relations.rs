//! Drizzle relations: for every reference one on each side, named after the column.
//!
//! In: the tables of one side. Out: a view for each table that has relations, in table order.

use std::collections::{HashMap, HashSet};

use syncline_schema::model::{Column, Key, Reference, Table};
use syncline_schema::names;

use super::names::{constant, free, member};
use super::text::string;

/// The relations of one table.
#[derive(Debug, serde::Serialize)]
pub(in crate::targets) struct RelationsView {
    /// The constant that holds them.
    name: String,
    /// The table's constant.
    table: String,
    /// `one`, `many`, or both: what the callback needs.
    kinds: &'static str,
    /// `name: one(…)` or `name: many(…)`.
    entries: Vec<String>,
}

/// The tables of the device or of the server.
#[derive(Debug)]
pub(in crate::targets) struct Side<'a> {
    pub(in crate::targets) tables: Vec<&'a Table>,
    /// Is it the server? There a row of another owner may have the same id, and `server_only`
    /// columns exist.
    pub(in crate::targets) server: bool,
    /// The tables by name.
    by_name: HashMap<&'a str, usize>,
    /// The tables' constants, in their order.
    pub(in crate::targets) constants: Vec<String>,
    taken: HashSet<String>,
}

impl<'a> Side<'a> {
    pub(in crate::targets) fn new(tables: impl Iterator<Item = &'a Table>, server: bool) -> Self {
        let tables: Vec<_> = tables.collect();
        let constants: Vec<_> = tables.iter().map(|table| constant(&table.name)).collect();
        let names = tables.iter().enumerate();
        Self {
            by_name: names.map(|(at, table)| (table.name.as_str(), at)).collect(),
            taken: constants.iter().cloned().collect(),
            constants,
            tables,
            server,
        }
    }

    /// A constant of this name that is no table's.
    pub(in crate::targets) fn free(&self, name: &str) -> String {
        free(name, &self.taken)
    }

    /// The table of this name and its constant.
    pub(in crate::targets) fn find(&self, name: &str) -> Option<(&'a Table, &str)> {
        let at = *self.by_name.get(name)?;
        Some((self.tables.get(at)?, self.constants.get(at)?))
    }

    fn has(&self, column: &Column) -> bool {
        column.former.is_none() && (self.server || !column.server_only)
    }
}

/// A reference whose both ends are on this side.
struct Link<'a> {
    from: usize,
    to: usize,
    column: &'a Column,
    reference: &'a Reference,
}

/// Lowers the references of `side`.
pub(in crate::targets) fn lower(side: &Side<'_>) -> Vec<RelationsView> {
    let links = links(side);
    let mut between: HashMap<(usize, usize), usize> = HashMap::new();
    let mut outgoing = vec![Vec::new(); side.tables.len()];
    let mut incoming = vec![Vec::new(); side.tables.len()];
    for link in &links {
        *between.entry(pair(link)).or_default() += 1;
        outgoing[link.from].push(link);
        incoming[link.to].push(link);
    }
    // Drizzle finds the other side of a relation by the two tables alone, where these have no
    // second relation; else by a name.
    let named = |link: &Link<'_>| {
        link.from == link.to || between.get(&pair(link)).is_some_and(|count| *count > 1)
    };
    let mut views = Vec::new();
    for (at, table) in side.tables.iter().enumerate() {
        let (ones, manys) = (&outgoing[at], &incoming[at]);
        if ones.is_empty() && manys.is_empty() {
            continue;
        }
        let columns = table.columns.iter().filter(|column| side.has(column));
        let mut taken: HashSet<String> = columns.map(|column| names::camel(&column.name)).collect();
        let mut entries = Vec::with_capacity(ones.len() + manys.len());
        for link in ones {
            let key = one_name(link, &mut taken);
            entries.push(format!("{key}: {}", one(link, side, named(link))));
        }
        let mut from: HashMap<usize, usize> = HashMap::new();
        for link in manys {
            *from.entry(link.from).or_default() += 1;
        }
        for link in manys {
            let alone = link.from != link.to && from.get(&link.from) == Some(&1);
            let key = many_name(link, side, alone, &mut taken);
            entries.push(format!("{key}: {}", many(link, side, named(link))));
        }
        let name = &side.constants[at];
        views.push(RelationsView {
            name: side.free(&format!("{}Relations", name.trim_end_matches('_'))),
            table: name.clone(),
            kinds: match (ones.is_empty(), manys.is_empty()) {
                (false, true) => "one",
                (true, false) => "many",
                _ => "one, many",
            },
            entries,
        });
    }
    views
}

fn pair(link: &Link<'_>) -> (usize, usize) {
    (link.from.min(link.to), link.from.max(link.to))
}

fn links<'a>(side: &Side<'a>) -> Vec<Link<'a>> {
    let mut links = Vec::new();
    for (from, &table) in side.tables.iter().enumerate() {
        for column in table.columns.iter().filter(|column| side.has(column)) {
            let Some(reference) = &column.references else {
                continue;
            };
            let Some(&to) = side.by_name.get(reference.table.as_str()) else {
                continue;
            };
            let target = side.tables[to].column(&reference.column);
            if target.is_some_and(|target| side.has(target)) {
                links.push(Link {
                    from,
                    to,
                    column,
                    reference,
                });
            }
        }
    }
    links
}

/// `parent_id` is about a `parent`.
fn subject(column: &Column) -> &str {
    let name = column.name.as_str();
    let cut = ["_id", "_uuid", "Id"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix));
    cut.filter(|rest| rest.chars().any(char::is_alphanumeric))
        .unwrap_or(name)
}

fn one_name(link: &Link<'_>, taken: &mut HashSet<String>) -> String {
    let name = names::camel(subject(link.column));
    let name = if taken.contains(&name) {
        format!("{name}Row")
    } else {
        name
    };
    claim(name, taken)
}

fn many_name(link: &Link<'_>, side: &Side<'_>, alone: bool, taken: &mut HashSet<String>) -> String {
    let plain = names::camel(&side.tables[link.from].name);
    let name = if !alone || taken.contains(&plain) {
        format!("{plain}By{}", names::pascal(subject(link.column)))
    } else {
        plain
    };
    claim(name, taken)
}

fn claim(mut name: String, taken: &mut HashSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

fn one(link: &Link<'_>, side: &Side<'_>, named: bool) -> String {
    let (from, to) = (&side.constants[link.from], &side.constants[link.to]);
    let mut fields = vec![member(from, &link.column.name)];
    let mut references = vec![member(to, &link.reference.column)];
    let target = side.tables[link.to];
    if let (true, Key::Owner, Some(own), Some(theirs)) = (
        side.server,
        &target.key,
        side.tables[link.from].owner(),
        target.owner(),
    ) {
        fields.insert(0, member(from, &own.name));
        references.insert(0, member(to, &theirs.name));
    }
    format!(
        "one({to}, {{ fields: [{}], references: [{}]{} }})",
        fields.join(", "),
        references.join(", "),
        if named {
            format!(", relationName: {}", relation_name(link, side))
        } else {
            String::new()
        }
    )
}

fn many(link: &Link<'_>, side: &Side<'_>, named: bool) -> String {
    let from = &side.constants[link.from];
    if named {
        format!(
            "many({from}, {{ relationName: {} }})",
            relation_name(link, side)
        )
    } else {
        format!("many({from})")
    }
}

fn relation_name(link: &Link<'_>, side: &Side<'_>) -> String {
    string(&format!(
        "{}.{}",
        side.tables[link.from].name, link.column.name
    ))
}
