//! Indexes and unique rules, without what follows from the table.

use super::{Value, item, say, say_if, say_text, text, texts};
use crate::model::{Access, Delete, Index, IndexColumn, IndexPart, Nulls, Role, Table};
use crate::names;
use crate::source::tree::{Entries, Item};

/// An index, in the short form where that says it all.
pub(super) fn index(table: &Table, index: &Index) -> Item<'static> {
    let mut out = Entries::default();
    let parts: Vec<_> = index.columns.iter().map(part).collect();
    let short = parts.iter().all(|part| part.value.text().is_some());
    say(&mut out, "columns", Value::List(parts.clone()));
    let auto = index
        .columns
        .iter()
        .map(|part| part.name().unwrap_or("expr"));
    if index.name != names::index(&table.name, auto) {
        say(&mut out, "name", text(index.name.clone()));
    }
    say_text(&mut out, "where", index.predicate.as_deref());
    say_text(&mut out, "using", index.method.as_deref());
    if !index.include.is_empty() {
        say(
            &mut out,
            "include",
            texts(index.include.iter().map(String::as_str)),
        );
    }
    say_text(&mut out, "renamed_from", index.renamed_from.as_deref());
    if short && out.iter().len() == 1 {
        return item(Value::List(parts));
    }
    item(Value::Table(out))
}

fn part(part: &IndexColumn) -> Item<'static> {
    let mut out = Entries::default();
    match &part.part {
        IndexPart::Column(name) => {
            if !part.desc && part.nulls.is_none() && part.opclass.is_none() {
                return item(text(name.clone()));
            }
            say(&mut out, "column", text(name.clone()));
        }
        IndexPart::Expression(sql) => say(&mut out, "expression", text(sql.clone())),
    }
    say_if(&mut out, "desc", part.desc);
    let nulls = part.nulls.map(|nulls| match nulls {
        Nulls::First => "first",
        Nulls::Last => "last",
    });
    say_text(&mut out, "nulls", nulls);
    say_text(&mut out, "opclass", part.opclass.as_deref());
    item(Value::Table(out))
}

/// A unique rule: the owner that it begins with and the deleted rows that it leaves out follow
/// from the table, unless it is global.
pub(super) fn unique(table: &Table, rule: &Index) -> Item<'static> {
    let mut columns: Vec<&str> = rule.columns.iter().filter_map(IndexColumn::name).collect();
    let mut predicate = rule.predicate.as_deref();
    if !rule.global {
        let owner = table
            .with_role(Role::Owner)
            .map(|owner| owner.name.as_str());
        let owned = table.access == Access::Owner && columns.first().copied() == owner;
        if owned && columns.len() > 1 {
            columns.remove(0);
        }
        if let (Delete::Soft, Some(column)) = (table.delete, table.deleted_at()) {
            let alive = format!("{} IS NULL", names::quote_sql(&column.name));
            predicate = predicate.filter(|it| *it != alive).map(|it| {
                let own = it.strip_suffix(&format!(") AND {alive}"));
                own.and_then(|own| own.strip_prefix('(')).unwrap_or(it)
            });
        }
    }
    let mut out = Entries::default();
    say(&mut out, "columns", texts(columns.iter().copied()));
    if rule.name != names::unique(&table.name, columns.iter().copied()) {
        say(&mut out, "name", text(rule.name.clone()));
    }
    say_if(&mut out, "global", rule.global);
    say_text(&mut out, "where", predicate);
    say_if(&mut out, "nulls_not_distinct", rule.nulls_not_distinct);
    say_text(&mut out, "renamed_from", rule.renamed_from.as_deref());
    if out.iter().len() == 1 {
        return item(texts(columns));
    }
    item(Value::Table(out))
}
