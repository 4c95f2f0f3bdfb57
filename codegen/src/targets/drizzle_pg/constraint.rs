//! What stands behind the columns: keys, checks and policies; indexes by [`index`].

use syncline_schema::model::{Column, OnDelete, Table};
use syncline_schema::names;

use super::index;
use super::view::Context;
use crate::sql::{self, ForeignKey};
use crate::targets::Emission;
use crate::targets::typescript::{self, line_comment, member, string};

/// One of them.
#[derive(Debug, serde::Serialize)]
pub(super) struct ExtraView {
    /// What Drizzle cannot say of it.
    pub(super) comment: String,
    build: String,
    #[serde(skip)]
    pub(super) names_a_column: bool,
    #[serde(skip)]
    names_a_table: bool,
}

impl ExtraView {
    /// One that names a column of its table, and needs no comment.
    pub(super) fn new(build: String) -> Self {
        Self {
            comment: String::new(),
            build,
            names_a_column: true,
            names_a_table: false,
        }
    }

    /// Does it need the callback's parameter?
    pub(super) fn names_a_column(&self) -> bool {
        self.names_a_column
    }

    /// Does it name another table, which may name this one in turn?
    pub(super) fn names_a_table(&self) -> bool {
        self.names_a_table
    }
}

/// The primary key.
pub(super) struct Primary<'a> {
    columns: Vec<&'a str>,
    name: String,
    /// Is it one column whose key drizzle-kit would name as we do?
    plain: bool,
}

impl<'a> Primary<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
        let columns = table.key_columns();
        let name = sql::primary_key_name(table);
        let plain = columns.len() == 1 && name == format!("{}_pkey", table.name);
        Self {
            columns,
            name,
            plain,
        }
    }

    /// Is `column` the whole key, to be said at the column?
    pub(super) fn is_column(&self, column: &Column) -> bool {
        self.plain && self.columns.first() == Some(&column.name.as_str())
    }
}

/// Lowers keys, checks, indexes and policies of `table`.
pub(super) fn lower<'a>(
    table: &'a Table,
    key: &Primary<'_>,
    context: &mut Context<'a, '_>,
    out: &mut Emission<'_>,
) -> Vec<ExtraView> {
    let mut extras = Vec::new();
    if !key.plain && !key.columns.is_empty() {
        context.core.insert("primaryKey");
        let columns = columns("table", key.columns.iter().copied());
        let name = string(&key.name);
        extras.push(ExtraView::new(format!(
            "primaryKey({{ name: {name}, columns: [{columns}] }})"
        )));
    }
    for foreign in sql::foreign_keys(table, &context.tables) {
        context.core.insert("foreignKey");
        let place = table.column(foreign.columns.last().copied().unwrap_or_default());
        let place = place
            .and_then(|column| column.references.as_ref())
            .map_or(table.place, |it| it.place);
        let extra = foreign_key(&foreign, context);
        let beyond = beyond_drizzle(&foreign);
        out.note(
            place,
            format!(
                "pg.ts cannot say of foreign key `{}`: {beyond}",
                foreign.name
            ),
        );
        extras.push(ExtraView {
            comment: line_comment(&format!("In PostgreSQL: {beyond}."), "  "),
            ..extra
        });
    }
    for check in table.all_checks() {
        context.core.insert("check");
        context.orm.insert("sql");
        let build = format!(
            "check({}, {})",
            string(&check.name),
            typescript::sql(&check.expression)
        );
        extras.push(ExtraView {
            names_a_column: false,
            ..ExtraView::new(build)
        });
    }
    for index in &table.indexes {
        extras.push(index::lower(table, index, context, out));
    }
    // A policy switches row security on as well.
    let condition = if table.rls {
        sql::owner_condition(table)
    } else {
        None
    };
    extras.extend(condition.map(|condition| {
        context.core.insert("pgPolicy");
        context.orm.insert("sql");
        let name = string(&sql::owner_policy(table));
        let build = format!(
            "pgPolicy({name}, {{ using: {} }})",
            typescript::sql(&condition)
        );
        ExtraView {
            names_a_column: false,
            ..ExtraView::new(build)
        }
    }));
    extras
}

fn columns<'a>(table: &str, names: impl Iterator<Item = &'a str>) -> String {
    names
        .map(|name| member(table, name))
        .collect::<Vec<_>>()
        .join(", ")
}

fn foreign_key(key: &ForeignKey<'_>, context: &Context<'_, '_>) -> ExtraView {
    let own = std::ptr::eq(key.table, key.target);
    let target = match context.side.find(&key.target.name) {
        Some((_, constant)) if !own => constant,
        _ => "table",
    };
    let mut build = format!(
        "foreignKey({{ name: {}, columns: [{}], foreignColumns: [{}] }})",
        string(&key.name),
        columns("table", key.columns.iter().copied()),
        columns(target, key.target_columns.iter().copied()),
    );
    build.push_str(match key.on_delete {
        OnDelete::NoAction => "",
        OnDelete::Restrict => ".onDelete(\"restrict\")",
        OnDelete::Cascade => ".onDelete(\"cascade\")",
        OnDelete::SetNull => ".onDelete(\"set null\")",
    });
    ExtraView {
        names_a_table: !own,
        ..ExtraView::new(build)
    }
}

/// What Drizzle has no word for.
fn beyond_drizzle(key: &ForeignKey<'_>) -> String {
    match (key.on_delete, key.columns.as_slice()) {
        (OnDelete::SetNull, [_, column]) => {
            format!(
                "ON DELETE SET NULL ({}), DEFERRABLE INITIALLY DEFERRED",
                names::quote_sql(column)
            )
        }
        _ => "DEFERRABLE INITIALLY DEFERRED".to_owned(),
    }
}
