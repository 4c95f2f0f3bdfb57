//! One index or unique rule of a PostgreSQL table.

use syncline_schema::model::{Index, IndexColumn, IndexPart, Nulls, Table};
use syncline_schema::names;

use super::constraint::ExtraView;
use super::view::Context;
use crate::sql;
use crate::targets::Emission;
use crate::targets::typescript::{self, line_comment, member, string};

/// Lowers `index`, and notes what Drizzle cannot say of it.
pub(super) fn lower(
    table: &Table,
    index: &Index,
    context: &mut Context<'_, '_>,
    out: &mut Emission<'_>,
) -> ExtraView {
    let function = if index.unique { "uniqueIndex" } else { "index" };
    context.core.insert(function);
    let mut names_a_column = false;
    let parts: Vec<_> = index
        .columns
        .iter()
        .map(|part| {
            let built = built_part(part);
            names_a_column |= built.is_some();
            built.unwrap_or_else(|| {
                context.orm.insert("sql");
                typescript::sql(&sql_part(part))
            })
        })
        .collect();
    let parts = parts.join(", ");
    let mut build = format!("{function}({})", string(&index.name));
    match &index.method {
        Some(method) => build.push_str(&format!(".using({}, {parts})", string(method))),
        None => build.push_str(&format!(".on({parts})")),
    }
    if let Some(condition) = &index.predicate {
        context.orm.insert("sql");
        build.push_str(&format!(".where({})", typescript::sql(condition)));
    }
    let mut beyond = Vec::new();
    if !index.include.is_empty() {
        beyond.push(format!(
            "INCLUDE ({})",
            sql::list(index.include.iter().map(String::as_str))
        ));
    }
    if index.nulls_not_distinct {
        beyond.push("NULLS NOT DISTINCT".to_owned());
    }
    let mut extra = ExtraView::new(build);
    extra.names_a_column = names_a_column;
    if !beyond.is_empty() {
        let beyond = beyond.join(", ");
        out.note(
            index.place.or(table.place),
            format!("pg.ts cannot say of index `{}`: {beyond}", index.name),
        );
        extra.comment = line_comment(&format!("In PostgreSQL: {beyond}."), "  ");
    }
    extra
}

/// A part as Drizzle's builder makes it. Not with an operator class: drizzle-kit would forget the
/// order then.
fn built_part(part: &IndexColumn) -> Option<String> {
    let (IndexPart::Column(name), None) = (&part.part, &part.opclass) else {
        return None;
    };
    let mut built = member("table", name);
    built.push_str(match (part.desc, part.nulls) {
        (false, None | Some(Nulls::Last)) => "",
        (false, Some(Nulls::First)) => ".asc().nullsFirst()",
        // Drizzle's own `desc()` puts nulls last, PostgreSQL's DESC first.
        (true, None | Some(Nulls::First)) => ".desc().nullsFirst()",
        (true, Some(Nulls::Last)) => ".desc().nullsLast()",
    });
    Some(built)
}

fn sql_part(part: &IndexColumn) -> String {
    let mut text = match &part.part {
        IndexPart::Column(name) => names::quote_sql(name),
        IndexPart::Expression(expression) => format!("({expression})"),
    };
    if let Some(class) = &part.opclass {
        text.push(' ');
        text.push_str(
            &class
                .split('.')
                .map(names::quote_sql)
                .collect::<Vec<_>>()
                .join("."),
        );
    }
    text.push_str(if part.desc { " DESC" } else { "" });
    text.push_str(match part.nulls {
        Some(Nulls::First) => " NULLS FIRST",
        Some(Nulls::Last) => " NULLS LAST",
        None => "",
    });
    text
}
