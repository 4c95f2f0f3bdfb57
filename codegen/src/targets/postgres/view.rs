//! `schema.sql`: the statements, in an order in which they run.

use std::collections::HashSet;

use syncline_schema::Schema;
use syncline_schema::model::Table;

use crate::diff::TableName;
use crate::sql::{self, ForeignKey, Tables};
use crate::targets::BANNER;

/// What the template prints.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    /// Milliseconds.
    lock_timeout: u32,
    /// Milliseconds.
    statement_timeout: u32,
    /// Statements that belong together.
    blocks: Vec<Vec<String>>,
}

/// Schemas and enum types first, then the tables as declared, each with what belongs to it, and
/// last the foreign keys that point ahead.
pub(super) fn lower(schema: &Schema) -> View {
    let tables = sql::by_name(schema);
    let mut blocks = vec![schemas(schema), enums(schema)];
    let mut made = HashSet::with_capacity(tables.len());
    let mut ahead = Vec::new();
    for table in schema.on_server() {
        made.insert(table.name.as_str());
        lower_table(table, &tables, &made, &mut ahead, &mut blocks);
    }
    blocks.push(ahead);
    blocks.retain(|block| !block.is_empty());
    let migrations = &schema.settings.migrations;
    View {
        banner: BANNER,
        lock_timeout: migrations.lock_timeout,
        statement_timeout: migrations.statement_timeout,
        blocks,
    }
}

fn schemas(schema: &Schema) -> Vec<String> {
    let mut seen = HashSet::new();
    schema
        .on_server()
        .filter_map(|table| table.schema.as_deref())
        .filter(|name| seen.insert(*name))
        .map(sql::create_schema)
        .collect()
}

fn enums(schema: &Schema) -> Vec<String> {
    use syncline_schema::model::Scalar;
    let mut seen = HashSet::new();
    schema
        .on_server()
        .flat_map(|table| &table.columns)
        .filter_map(|column| match &column.ty.scalar {
            Scalar::Enum(it) => Some(it),
            _ => None,
        })
        .filter(|it| it.native.as_deref().is_some_and(|name| seen.insert(name)))
        .filter_map(sql::create_enum)
        .collect()
}

fn lower_table<'a>(
    table: &'a Table,
    tables: &'a Tables<'a>,
    made: &HashSet<&str>,
    ahead: &mut Vec<String>,
    blocks: &mut Vec<Vec<String>>,
) {
    let (inline, later): (Vec<ForeignKey<'_>>, Vec<_>) =
        sql::foreign_keys(table, tables).partition(|key| made.contains(key.target.name.as_str()));
    blocks.push(vec![sql::create_table(table, &inline)]);
    ahead.extend(later.iter().map(sql::add_foreign_key));
    let indexes = table.indexes.iter();
    let name = TableName::of(table);
    blocks.push(
        indexes
            .map(|index| sql::create_index(&name, index, false))
            .collect(),
    );
    let columns = table.columns.iter();
    let comments = columns.filter_map(|column| sql::comment_on_column(table, column));
    blocks.push(
        sql::comment_on_table(table)
            .into_iter()
            .chain(comments)
            .collect(),
    );
    if table.rls {
        let policy = sql::create_owner_policy(table);
        blocks.push(
            policy
                .into_iter()
                .flat_map(|policy| [sql::enable_row_security(table), policy])
                .collect(),
        );
    }
}
