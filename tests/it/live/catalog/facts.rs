//! What PostgreSQL holds of a schema, one line a fact, so that a difference can be read.

use syncline_codegen::diff::TableName;
use syncline_codegen::read::sql::{column_type, default as read_default};
use syncline_codegen::sql;
use syncline_schema::model::{Column, ColumnType, DefaultValue, Index, IndexPart, Literal, Scalar};
use syncline_schema::{Schema, types};

/// The facts, sorted.
pub(super) fn of(schema: &Schema) -> Vec<String> {
    let mut out = Vec::new();
    let tables = sql::by_name(schema);
    for table in schema.on_server() {
        let name = sql::qualified(table);
        let mut say = |fact: String| out.push(format!("{name}: {fact}"));
        say(format!("doc {:?} rls {}", comment(&table.doc), table.rls));
        let key = sql::primary_key_name(table);
        say(format!("key {key} {:?}", table.key_columns()));
        for (at, column) in table.columns.iter().enumerate() {
            say(format!(
                "column {at} {:?} {} null {} doc {:?} default {:?}",
                column.name,
                types::postgres(&one_name(&column.ty)),
                column.nullable,
                comment(&column.doc),
                default(column)
            ));
        }
        for check in table.all_checks() {
            say(format!("check {}", check.name));
        }
        for index in &table.indexes {
            let index = unspelled(index);
            let said = sql::create_index(&TableName::of(table), &index, false);
            say(format!("{said} constraint {}", index.constraint));
        }
        for key in sql::foreign_keys(table, &tables) {
            say(format!(
                "foreign key {} {:?} to {} {:?} {:?} deferred {}",
                key.name,
                key.columns,
                sql::qualified(key.target),
                key.target_columns,
                key.on_delete,
                key.deferred
            ));
        }
    }
    out.sort();
    out
}

/// Types and defaults by the one spelling that the reader of SQL has for them.
fn one_name(ty: &ColumnType) -> ColumnType {
    match &ty.scalar {
        Scalar::Raw(_) => column_type(&types::postgres(ty), &[]),
        _ => ty.clone(),
    }
}

fn default(column: &Column) -> Option<String> {
    let ty = one_name(&column.ty);
    let written = sql::default_of(column)?;
    match read_default(&written, &ty)? {
        DefaultValue::Raw(_) => Some("an expression".to_owned()),
        // PostgreSQL sorts the keys of a document.
        DefaultValue::Literal(Literal::Json(text)) => Some(sorted(&text)),
        value => Some(format!("{value:?}")),
    }
}

fn sorted(json: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    value.sort_all_objects();
    value.to_string()
}

/// To PostgreSQL an empty comment is none.
fn comment(doc: &Option<String>) -> Option<&str> {
    doc.as_deref().filter(|it| !it.is_empty())
}

/// An index whose expressions are only there or not: PostgreSQL spells them its own way.
fn unspelled(index: &Index) -> Index {
    let mut index = index.clone();
    for column in &mut index.columns {
        if let IndexPart::Expression(sql) = &mut column.part {
            "expression".clone_into(sql);
        }
    }
    index.predicate = index.predicate.map(|_| "condition".to_owned());
    index
}
