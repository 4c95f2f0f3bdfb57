//! What PostgreSQL holds of a schema's tables, whatever the schema was read from.

use std::collections::HashMap;

use syncline_schema::Schema;
use syncline_schema::model::{ColumnType, DefaultValue, EnumType, Literal, Scalar, Table};
use syncline_schema::types;

use super::{ForeignKeyDef, TableName};
use crate::read::{self, expression::same};
use crate::sql;

/// PostgreSQL's tables by name, for looking up.
pub type Tables<'a> = HashMap<TableName, &'a Table>;

/// The tables of PostgreSQL's side.
pub fn tables(schema: &Schema) -> Tables<'_> {
    schema
        .on_server()
        .map(|table| (TableName::of(table), table))
        .collect()
}

/// The foreign keys of every table, in declared order.
pub fn foreign_keys(schema: &Schema) -> HashMap<TableName, Vec<ForeignKeyDef>> {
    let by_name = sql::by_name(schema);
    let keys_of = |table| {
        let keys = sql::foreign_keys(table, &by_name);
        keys.map(|key| ForeignKeyDef {
            name: key.name,
            columns: key.columns.into_iter().map(str::to_owned).collect(),
            target: TableName::of(key.target),
            target_columns: key.target_columns.into_iter().map(str::to_owned).collect(),
            on_delete: key.on_delete,
            deferred: key.deferred,
        })
        .collect::<Vec<_>>()
    };
    schema
        .on_server()
        .map(|table| (TableName::of(table), keys_of(table)))
        .filter(|(_, keys)| !keys.is_empty())
        .collect()
}

/// The native enum types, each once, in the order of the columns that use them.
pub(super) fn enums(schema: &Schema) -> Vec<&EnumType> {
    let mut seen = Vec::<&EnumType>::new();
    let columns = schema.on_server().flat_map(|table| &table.columns);
    for column in columns {
        if let Scalar::Enum(it) = &column.ty.scalar
            && it.native.is_some()
            && !seen.iter().any(|other| other.native == it.native)
        {
            seen.push(it);
        }
    }
    seen
}

/// The schemas that tables live in, `public` aside, each once.
pub(super) fn spaces(schema: &Schema) -> Vec<&str> {
    let mut seen = Vec::new();
    for space in schema.on_server().filter_map(|it| it.schema.as_deref()) {
        if !seen.contains(&space) {
            seen.push(space);
        }
    }
    seen
}

/// The comment that a doc makes. To PostgreSQL an empty one is none.
pub(super) fn comment_of(doc: &Option<String>) -> Option<String> {
    doc.clone().filter(|it| !it.is_empty())
}

/// Do two defaults give a column of this type the same, whoever spelled them?
pub(super) fn same_default(a: &str, b: &str, ty: &ColumnType) -> bool {
    if same(a, b) {
        return true;
    }
    let sorted = |sql| {
        let mut value = read::sql::default(sql, ty);
        if let Some(DefaultValue::Literal(literal)) = &mut value {
            sort_keys(literal);
        }
        value
    };
    sorted(a) == sorted(b)
}

/// Are two types one to PostgreSQL, whoever spelled them?
pub(super) fn same_type(a: &ColumnType, b: &ColumnType) -> bool {
    let (a, b) = (types::postgres(a), types::postgres(b));
    a == b || read::sql::column_type(&a, &[]) == read::sql::column_type(&b, &[])
}

/// PostgreSQL puts the keys of a document in an order of its own.
fn sort_keys(literal: &mut Literal) {
    match literal {
        Literal::Json(text) => {
            if let Ok(mut value) = serde_json::from_str::<serde_json::Value>(text) {
                value.sort_all_objects();
                *text = value.to_string();
            }
        }
        Literal::Array(elements) => elements.iter_mut().for_each(sort_keys),
        _ => {}
    }
}
