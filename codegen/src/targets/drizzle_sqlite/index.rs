//! One index of a device's table. On the device an index is only an index: it keeps no rule and
//! has no order, condition or method of its own. What is lost stands in a comment and in a note.

use std::borrow::Cow;

use syncline_schema::model::{Index, IndexPart, Nulls, Residence, Role, Table};
use syncline_schema::names;

use crate::targets::Emission;
use crate::targets::typescript::{line_comment, member, string};

/// What stands for an index.
#[derive(Debug, serde::Serialize)]
pub(super) struct IndexView {
    /// What PostgreSQL has beyond it.
    comment: String,
    /// Empty where the device has no such index at all.
    build: String,
}

impl IndexView {
    pub(super) fn is_built(&self) -> bool {
        !self.build.is_empty()
    }
}

/// Lowers `index`, and notes what the device does not get of it.
pub(super) fn lower(table: &Table, index: &Index, out: &mut Emission<'_>) -> IndexView {
    let place = index.place.or(table.place);
    let elsewhere = match table.residence {
        Residence::Local => "not on the device",
        _ => "in PostgreSQL only",
    };
    if let Some(why) = impossible(table, index) {
        out.note(
            place,
            format!(
                "index `{}` of `{}` is {elsewhere}: {why}",
                index.name, table.name
            ),
        );
        return IndexView {
            comment: line_comment(&format!("{}, {elsewhere}: {why}.", index.name), "  "),
            build: String::new(),
        };
    }
    let lost = lost(table, index).join("; ");
    let comment = if lost.is_empty() {
        String::new()
    } else {
        let message = format!(
            "index `{}` of `{}` is a plain one on the device; {elsewhere}: {lost}",
            index.name, table.name
        );
        out.note(place, message);
        let head = if table.residence == Residence::Local {
            "Not on the device"
        } else {
            "In PostgreSQL"
        };
        line_comment(&format!("{head}: {lost}."), "  ")
    };
    let columns: Vec<_> = columns(table, index)
        .into_iter()
        .map(|name| member("table", name))
        .collect();
    IndexView {
        comment,
        build: format!("index({}).on({})", string(&name(index)), columns.join(", ")),
    }
}

/// The index's name, without what PowerSync refuses in names. Nobody uses the name of an index.
fn name(index: &Index) -> Cow<'_, str> {
    let refused = |c: char| names::powersync_refusal(c.encode_utf8(&mut [0; 4])).is_some();
    if index.name.contains(refused) {
        Cow::Owned(index.name.replace(refused, "_"))
    } else {
        Cow::Borrowed(&index.name)
    }
}

/// Why the device cannot have the index at all.
fn impossible(table: &Table, index: &Index) -> Option<String> {
    for part in &index.columns {
        match &part.part {
            IndexPart::Expression(_) => return Some("it is on an expression".to_owned()),
            IndexPart::Column(name) if table.column(name).is_some_and(|it| it.server_only) => {
                return Some(format!("`{name}` never leaves it"));
            }
            IndexPart::Column(_) => {}
        }
    }
    match index.method.as_deref() {
        // Both answer what a plain index answers.
        None | Some("hash" | "brin") => None,
        Some(method) => Some(format!("it is made by {method}")),
    }
}

/// The indexed columns. A rule that holds for each owner begins with the owner: of no use where
/// all rows are one user's, and null in rows that have not synced.
fn columns<'a>(table: &Table, index: &'a Index) -> Vec<&'a str> {
    let mut columns: Vec<_> = index
        .columns
        .iter()
        .filter_map(|part| part.name())
        .collect();
    if for_each_owner(table, index) && columns.len() > 1 {
        columns.remove(0);
    }
    columns
}

fn for_each_owner(table: &Table, index: &Index) -> bool {
    let first = index.columns.first().and_then(|part| part.name());
    let owner = table
        .columns
        .iter()
        .find(|column| column.role == Role::Owner);
    index.unique && !index.global && owner.is_some_and(|owner| first == Some(&owner.name))
}

fn lost(table: &Table, index: &Index) -> Vec<String> {
    let mut lost = Vec::new();
    if index.unique {
        let whose = if for_each_owner(table, index) {
            " for each owner"
        } else {
            ""
        };
        lost.push(format!("unique{whose}"));
    }
    if index.nulls_not_distinct {
        lost.push("nulls are equal".to_owned());
    }
    let descending: Vec<_> = index
        .columns
        .iter()
        .filter(|part| part.desc)
        .filter_map(|part| part.name())
        .collect();
    if descending.len() == index.columns.len() {
        lost.push("descending".to_owned());
    } else if !descending.is_empty() {
        lost.push(format!("{} descending", descending.join(", ")));
    }
    for part in &index.columns {
        let Some(name) = part.name() else { continue };
        match part.nulls {
            Some(Nulls::First) => lost.push(format!("nulls of {name} first")),
            Some(Nulls::Last) => lost.push(format!("nulls of {name} last")),
            None => {}
        }
        lost.extend(
            part.opclass
                .as_ref()
                .map(|class| format!("{name} by {class}")),
        );
    }
    lost.extend(
        index
            .method
            .as_ref()
            .map(|method| format!("made by {method}")),
    );
    if !index.include.is_empty() {
        lost.push(format!("including {}", index.include.join(", ")));
    }
    lost.extend(index.predicate.as_deref().map(|condition| {
        let alive = table
            .deleted_at()
            .map(|column| format!("{} IS NULL", names::quote_sql(&column.name)));
        if alive.as_deref() == Some(condition) {
            "deleted rows left out".to_owned()
        } else {
            format!("only where {condition}")
        }
    }));
    lost
}
