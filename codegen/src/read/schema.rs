//! A schema that was read from SQL or a live catalog, in the form in which `check` takes what
//! others wrote.

use serde_json::Value;
use syncline_schema::literal::default_of;
use syncline_schema::model::{
    Column, DefaultValue, Index, IndexColumn, IndexPart, Literal, Nulls, OnDelete, Scalar, Schema,
    Table,
};
use syncline_schema::{Place, types};

use super::{
    Mode, PgType, ReadColumn, ReadDefault, ReadIndex, ReadIndexPart, ReadReference, ReadTable,
    ReadType, Reading,
};
use crate::diff::TableName;

/// PostgreSQL's tables of a schema. `place` tells where a table comes from.
pub fn reading(schema: &Schema, place: impl Fn(&TableName) -> Place) -> Reading {
    let tables = schema.on_server();
    Reading {
        tables: tables
            .map(|it| table(it, place(&TableName::of(it))))
            .collect(),
        ..Reading::default()
    }
}

fn table(table: &Table, place: Place) -> ReadTable {
    let key: Vec<String> = table.key_columns().into_iter().map(str::to_owned).collect();
    ReadTable {
        name: table.name.clone(),
        schema: table.schema.clone(),
        columns: table
            .columns
            .iter()
            .map(|it| column(it, &key, place))
            .collect(),
        gaps: false,
        primary_key: key,
        indexes: table.indexes.iter().map(|it| index(it, place)).collect(),
        references: references(table, place),
        checks: (table.all_checks().into_iter())
            .map(|it| (it.name, it.expression))
            .collect(),
        rls: table.rls,
        rule_gaps: false,
        place,
    }
}

fn column(column: &Column, key: &[String], place: Place) -> ReadColumn {
    let default = default_of(column);
    let written = {
        let null = if column.nullable { "" } else { " NOT NULL" };
        let default = default.as_deref().map(|it| format!(" DEFAULT {it}"));
        format!(
            "{} {}{null}{}",
            column.name,
            types::postgres(&column.ty),
            default.unwrap_or_default()
        )
    };
    let mode = match &column.ty.scalar {
        Scalar::Enum(it) => Mode::Words(it.values.clone()),
        _ => Mode::Plain,
    };
    ReadColumn {
        name: column.name.clone(),
        key: column.name.clone(),
        snake_name: None,
        kind: ReadType::Postgres(PgType::parse(&types::postgres(&column.ty)), mode),
        not_null: !column.nullable,
        primary_key: matches!(key, [one] if *one == column.name),
        has_default: default.is_some(),
        default: match (&column.default, default) {
            (_, None) => ReadDefault::None,
            (Some(DefaultValue::Literal(value)), _) => ReadDefault::Value(json(value)),
            (_, Some(sql)) => ReadDefault::Sql(sql.into_owned()),
        },
        written,
        place,
    }
}

fn json(value: &Literal) -> Value {
    match value {
        Literal::Bool(value) => Value::from(*value),
        Literal::Integer(value) => Value::from(*value),
        Literal::Number(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
        }
        Literal::Text(text) => Value::from(text.as_str()),
        Literal::Json(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        Literal::Array(values) => values.iter().map(json).collect(),
    }
}

fn index(index: &Index, place: Place) -> ReadIndex {
    let part = |it: &IndexColumn| ReadIndexPart {
        column: it.name().map(str::to_owned),
        sql: match &it.part {
            IndexPart::Column(_) => String::new(),
            IndexPart::Expression(sql) => sql.clone(),
        },
        desc: it.desc,
        nulls_first: it.nulls == Some(Nulls::First),
    };
    ReadIndex {
        name: Some(index.name.clone()),
        parts: index.columns.iter().map(part).collect(),
        unique: index.unique,
        constraint: index.constraint,
        predicate: index.predicate.clone(),
        place,
    }
}

fn references(table: &Table, place: Place) -> Vec<ReadReference> {
    let columns = table.columns.iter();
    let enforced = columns.filter_map(|column| {
        let reference = column.references.as_ref().filter(|it| it.enforce)?;
        Some(ReadReference {
            name: reference.name.clone().unwrap_or_default(),
            columns: vec![column.name.clone()],
            table: reference.table.clone(),
            targets: vec![reference.column.clone()],
            on_delete: match reference.on_delete {
                OnDelete::NoAction => "no action",
                OnDelete::Restrict => "restrict",
                OnDelete::Cascade => "cascade",
                OnDelete::SetNull => "set null",
            }
            .to_owned(),
            place,
        })
    });
    enforced.collect()
}
