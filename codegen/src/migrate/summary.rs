//! A plan for people: a sentence a step, grouped by table, with what is dangerous about it.
//!
//! The match over [`Step`] is exhaustive: no step can be added that nobody is told of.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::literal::default_of;
use syncline_schema::model::{Column, DefaultValue, Index, IndexPart, OnDelete, Table};
use syncline_schema::names::{quote_sql as quoted, quote_text};
use syncline_schema::types;

use super::plan::{Phase, Plan};
use crate::diff::hazard::Found;
use crate::diff::{ForeignKeyDef, Privileges, Step, TableName};

/// A step as people read it.
#[derive(Clone, Debug)]
pub struct Line {
    /// When it runs.
    pub phase: Phase,
    /// The step.
    pub step: Step,
    /// What it does, without a full stop.
    pub text: String,
    /// Why it is dangerous.
    pub hazards: Vec<Found>,
}

/// The steps of a plan in the order in which they run, with their hazards.
pub fn lines(plan: &Plan) -> Vec<Line> {
    let mut hazards: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for (number, found) in &plan.hazards {
        hazards.entry(*number).or_default().push(found.clone());
    }
    let numbered = plan.steps().enumerate();
    numbered
        .map(|(number, (phase, step))| Line {
            phase,
            text: sentence(step),
            hazards: hazards.remove(&number).unwrap_or_default(),
            step: step.clone(),
        })
        .collect()
}

/// The lines table by table, in the order in which each is first spoken of; what belongs to no
/// table stands under none.
pub fn by_table(lines: &[Line]) -> Vec<(Option<String>, Vec<&Line>)> {
    let mut groups: Vec<(Option<String>, Vec<&Line>)> = Vec::new();
    let mut known = BTreeMap::new();
    for line in lines {
        let about = line.step.about().map(|it| it.to_string());
        let at = *known.entry(about.clone()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, list)) => list.push(line),
            None => groups.push((about, vec![line])),
        }
    }
    groups
}

/// The lines as text, table by table, each hazard below its step. `more` adds to a line what is
/// known beside it.
pub fn text(lines: &[Line], more: impl Fn(&Line) -> Option<String>) -> String {
    let mut out = String::new();
    for (about, lines) in by_table(lines) {
        out.push_str(about.as_deref().unwrap_or("the database"));
        out.push('\n');
        for line in lines {
            let more = more(line).map(|it| format!(" ({it})")).unwrap_or_default();
            out.push_str(&format!("  {}{more}\n", line.text));
            for found in &line.hazards {
                let name = found.hazard.name();
                out.push_str(&format!("    hazard {name}: {}\n", found.why));
            }
        }
    }
    out
}

/// What a step does, without a full stop. The table is said only where the step makes, takes or
/// names one.
pub fn sentence(step: &Step) -> String {
    match step {
        Step::CreateSchema(name) => format!("create schema {}", quoted(name)),
        Step::DropSchema(name) => format!("drop schema {}", quoted(name)),
        Step::CreateEnum(it) => {
            let name = quoted(it.native.as_deref().unwrap_or_default());
            let words: Vec<_> = it.values.iter().map(|it| quote_text(it)).collect();
            format!("create type {name}: {}", words.join(", "))
        }
        Step::DropEnum(name) => format!("drop type {}", quoted(name)),
        Step::AddEnumValue { name, value, .. } => {
            format!(
                "add the word {} to type {}",
                quote_text(value),
                quoted(name)
            )
        }
        Step::RenameEnumValue { name, from, to } => format!(
            "spell the word {} of type {} as {}",
            quote_text(from),
            quoted(name),
            quote_text(to)
        ),
        Step::CreateTable(table) => format!("create the table: {}", columns_of(table)),
        Step::DropTable(_) => "drop the table and its rows".to_owned(),
        Step::RenameTable { to, .. } => format!("rename the table to {}", quoted(to)),
        Step::SetSchema { to, .. } => format!(
            "move the table to schema {}",
            quoted(to.as_deref().unwrap_or("public"))
        ),
        Step::AddColumn { column, .. } => format!("add column {}", described(column)),
        Step::DropColumn { column, .. } => {
            format!("drop column {} and its values", quoted(column))
        }
        Step::RenameColumn { from, to, .. } => {
            format!("rename column {} to {}", quoted(from), quoted(to))
        }
        Step::SetType {
            column, from, to, ..
        } => {
            let was = from
                .as_ref()
                .map(|it| format!(" from {}", types::postgres(it)));
            let was = was.unwrap_or_default();
            format!(
                "change column {}{was} to {}",
                quoted(column),
                types::postgres(to)
            )
        }
        Step::SetDefault {
            column, default, ..
        } => match default {
            Some(it) => format!(
                "column {}: default {}",
                quoted(&column.name),
                default_text(column, it)
            ),
            None => format!("column {}: no default any more", quoted(&column.name)),
        },
        Step::SetNotNull { column, .. } => {
            format!("column {}: required from now on", quoted(column))
        }
        Step::DropNotNull { column, .. } => {
            format!("column {}: may be NULL from now on", quoted(column))
        }
        Step::Fill {
            column,
            value,
            rows,
            batch,
            ..
        } => format!(
            "set {} to {value} where {rows}, {batch} rows at a time",
            quoted(column)
        ),
        Step::AddPrimaryKey { columns, .. } => format!("primary key ({})", list(columns)),
        Step::AddUnique { index, .. } => {
            format!("unique {} on {}", quoted(&index.name), parts(index))
        }
        Step::AddCheck {
            check, not_valid, ..
        } => {
            let new_only = if *not_valid { ", for new rows" } else { "" };
            format!(
                "check {}{new_only}: {}",
                quoted(&check.name),
                check.expression
            )
        }
        Step::AddForeignKey { key, not_valid, .. } => {
            let new_only = if *not_valid { ", for new rows" } else { "" };
            format!("foreign key {}{new_only}", foreign_key(key))
        }
        Step::Validate { name, .. } => {
            format!("judge the rows that are there by {}", quoted(name))
        }
        Step::DropConstraint { name, .. } => format!("drop constraint {}", quoted(name)),
        Step::RenameConstraint { from, to, .. } => {
            format!("rename constraint {} to {}", quoted(from), quoted(to))
        }
        Step::CreateIndex { index, .. } => {
            let unique = if index.unique {
                "unique index"
            } else {
                "index"
            };
            let some = if index.predicate.is_some() {
                ", for some rows"
            } else {
                ""
            };
            format!("{unique} {} on {}{some}", quoted(&index.name), parts(index))
        }
        Step::DropIndex { name, .. } => format!("drop index {}", quoted(name)),
        Step::RenameIndex { from, to, .. } => {
            format!("rename index {} to {}", quoted(from), quoted(to))
        }
        Step::RowSecurity { on, .. } => {
            format!("row security {}", if *on { "on" } else { "off" })
        }
        Step::CreatePolicy { name, .. } => {
            format!("policy {}: a user's own rows only", quoted(name))
        }
        Step::DropPolicy { name, .. } => format!("drop policy {}", quoted(name)),
        Step::Grant {
            privileges, role, ..
        } => {
            let verb = match privileges {
                Privileges::Read => "read",
                Privileges::Write => "read and write",
            };
            format!("{} may {verb} it", quoted(role))
        }
        Step::Revoke { role, .. } => format!("{} may do nothing with it any more", quoted(role)),
        Step::Publish(_) => "publish it to the sync service".to_owned(),
        Step::Unpublish(_) => "take it out of the publication".to_owned(),
        Step::Comment { column, text, .. } => {
            let of = column.as_deref().map(|it| format!(" of {}", quoted(it)));
            let of = of.unwrap_or_default();
            match text {
                Some(_) => format!("set the comment{of}"),
                None => format!("remove the comment{of}"),
            }
        }
        Step::Other { sql } => format!("run {}", first_line(sql)),
    }
}

/// What programs call a step, and the column that it is about.
pub fn kind(step: &Step) -> (&'static str, Option<&str>) {
    match step {
        Step::CreateSchema(_) => ("create_schema", None),
        Step::DropSchema(_) => ("drop_schema", None),
        Step::CreateEnum(_) => ("create_enum", None),
        Step::DropEnum(_) => ("drop_enum", None),
        Step::AddEnumValue { .. } => ("add_enum_value", None),
        Step::RenameEnumValue { .. } => ("rename_enum_value", None),
        Step::CreateTable(_) => ("create_table", None),
        Step::DropTable(_) => ("drop_table", None),
        Step::RenameTable { .. } => ("rename_table", None),
        Step::SetSchema { .. } => ("set_schema", None),
        Step::AddColumn { column, .. } => ("add_column", Some(&column.name)),
        Step::DropColumn { column, .. } => ("drop_column", Some(column)),
        Step::RenameColumn { to, .. } => ("rename_column", Some(to)),
        Step::SetType { column, .. } => ("set_type", Some(column)),
        Step::SetDefault { column, .. } => ("set_default", Some(&column.name)),
        Step::SetNotNull { column, .. } => ("set_not_null", Some(column)),
        Step::DropNotNull { column, .. } => ("drop_not_null", Some(column)),
        Step::Fill { column, .. } => ("fill", Some(column)),
        Step::AddPrimaryKey { .. } => ("add_primary_key", None),
        Step::AddUnique { .. } => ("add_unique", None),
        Step::AddCheck { .. } => ("add_check", None),
        Step::AddForeignKey { .. } => ("add_foreign_key", None),
        Step::Validate { .. } => ("validate", None),
        Step::DropConstraint { .. } => ("drop_constraint", None),
        Step::RenameConstraint { .. } => ("rename_constraint", None),
        Step::CreateIndex { .. } => ("create_index", None),
        Step::DropIndex { .. } => ("drop_index", None),
        Step::RenameIndex { .. } => ("rename_index", None),
        Step::RowSecurity { .. } => ("row_security", None),
        Step::CreatePolicy { .. } => ("create_policy", None),
        Step::DropPolicy { .. } => ("drop_policy", None),
        Step::Grant { .. } => ("grant", None),
        Step::Revoke { .. } => ("revoke", None),
        Step::Publish(_) => ("publish", None),
        Step::Unpublish(_) => ("unpublish", None),
        Step::Comment { column, .. } => ("comment", column.as_deref()),
        Step::Other { .. } => ("other", None),
    }
}

/// Does the step read, write or lose the rows of its table, rather than its definition alone?
pub fn touches_rows(step: &Step) -> bool {
    match step {
        Step::AddCheck { not_valid, .. } | Step::AddForeignKey { not_valid, .. } => !not_valid,
        Step::AddPrimaryKey { using_index, .. } | Step::AddUnique { using_index, .. } => {
            using_index.is_none()
        }
        Step::DropTable(_)
        | Step::DropColumn { .. }
        | Step::SetType { .. }
        | Step::Fill { .. }
        | Step::Validate { .. }
        | Step::CreateIndex { .. } => true,
        _ => false,
    }
}

/// A short name for a plan, made of what changes; words joined by `_`.
pub fn name_of(lines: &[Line], first: bool) -> String {
    if first {
        return "init".to_owned();
    }
    if lines.is_empty() {
        return "version".to_owned();
    }
    let mut heads = Vec::new();
    let mut spoken = BTreeSet::new();
    for line in lines {
        let Some((subject, head)) = head(&line.step) else {
            continue;
        };
        // What else happens to it goes with the first.
        if spoken.insert(subject) {
            heads.push(head);
        }
        if let Step::AddColumn { table, column } = &line.step {
            let former = column.renamed_from.as_ref().or(column.replaces.as_ref());
            spoken.extend(former.map(|it| format!("{table}.{it}")));
        }
    }
    match heads.as_slice() {
        [] => "change".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one}_{other}"),
        [one, rest @ ..] => format!("{one}_and_{}_more", rest.len()),
    }
}

/// What a step is about, and the name that it gives; none for those that go with another.
fn head(step: &Step) -> Option<(String, String)> {
    let of_table = |table: &TableName, name: String| (table.to_string(), name);
    let of_column = |verb: &str, table: &TableName, column: &str| {
        let subject = format!("{table}.{column}");
        (subject, format!("{verb}_{}_{column}", table.name))
    };
    Some(match step {
        Step::CreateTable(table) => {
            let name = TableName::of(table);
            of_table(&name, format!("create_{}", name.name))
        }
        Step::DropTable(table) => of_table(table, format!("drop_{}", table.name)),
        Step::RenameTable { table, to } => {
            of_table(table, format!("rename_{}_to_{to}", table.name))
        }
        Step::SetSchema { table, .. } => of_table(table, format!("move_{}", table.name)),
        Step::AddColumn { table, column } => match &column.renamed_from {
            Some(_) => of_column("rename_to", table, &column.name),
            None => of_column("add", table, &column.name),
        },
        Step::DropColumn { table, column } => of_column("drop", table, column),
        Step::RenameColumn { table, to, .. } => of_column("rename_to", table, to),
        Step::SetType { table, column, .. }
        | Step::DropNotNull { table, column }
        | Step::SetNotNull { table, column } => of_column("change", table, column),
        Step::SetDefault { table, column, .. } => of_column("change", table, &column.name),
        Step::AddEnumValue { name, value, .. } => (name.clone(), format!("add_{name}_{value}")),
        Step::CreateIndex { table, index, .. } => {
            (index.name.clone(), format!("index_{}", table.name))
        }
        _ => return None,
    })
}

fn columns_of(table: &Table) -> String {
    let mut names: Vec<_> = table.columns.iter().map(|it| quoted(&it.name)).collect();
    let more = names.len().saturating_sub(8);
    if more > 1 {
        names.truncate(8);
        return format!("{} and {more} more", names.join(", "));
    }
    names.join(", ")
}

/// `stars integer, default 3`.
fn described(column: &Column) -> String {
    let mut out = format!("{}: {}", quoted(&column.name), types::postgres(&column.ty));
    if !column.nullable {
        out.push_str(", required");
    }
    if let Some(default) = default_of(column) {
        out.push_str(", default ");
        out.push_str(&default);
    }
    out
}

fn default_text(column: &Column, default: &DefaultValue) -> String {
    let mut column = column.clone();
    column.default = Some(default.clone());
    default_of(&column).map_or_else(|| "none".to_owned(), std::borrow::Cow::into_owned)
}

fn foreign_key(key: &ForeignKeyDef) -> String {
    let then = match key.on_delete {
        OnDelete::NoAction | OnDelete::Restrict => "",
        OnDelete::Cascade => ", rows go with theirs",
        OnDelete::SetNull => ", set to NULL with theirs",
    };
    format!(
        "({}) to {} ({}){then}",
        list(&key.columns),
        key.target,
        list(&key.target_columns)
    )
}

fn parts(index: &Index) -> String {
    let parts: Vec<_> = index
        .columns
        .iter()
        .map(|it| match &it.part {
            IndexPart::Column(name) => quoted(name),
            IndexPart::Expression(sql) => format!("({sql})"),
        })
        .collect();
    format!("({})", parts.join(", "))
}

fn list(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|it| quoted(it)).collect();
    names.join(", ")
}

fn first_line(sql: &str) -> String {
    let mut lines = sql.trim().lines();
    let first: String = lines.next().unwrap_or_default().chars().take(60).collect();
    let whole = first.len() == sql.trim().len();
    format!("{}{}", first, if whole { "" } else { " …" })
}
