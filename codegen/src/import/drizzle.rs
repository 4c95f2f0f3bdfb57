//! Tables of Drizzle files as PostgreSQL would have them.

use std::collections::BTreeMap;

use serde_json::Value;
use syncline_schema::model::{
    Check, Column, ColumnType, DefaultValue, EnumType, Index, IndexColumn, IndexPart, Key, Nulls,
    OnDelete, Reference, Residence, Role, Scalar, Table,
};
use syncline_schema::{Schema, names};

use super::Remark;
use crate::read::{self, Mode, PgType, ReadColumn, ReadDefault, ReadTable, ReadType, Reading};

/// The tables, and what of them cannot be told.
pub(super) fn schema(reading: &Reading, remarks: &mut Vec<Remark>) -> Schema {
    Schema {
        tables: (reading.tables.iter())
            .map(|it| table(it, remarks))
            .collect(),
        ..Schema::default()
    }
}

fn table(found: &ReadTable, remarks: &mut Vec<Remark>) -> Table {
    let mut table = Table::new(&found.name, Residence::Server);
    table.schema = found.schema.clone().filter(|it| it != "public");
    table.access = syncline_schema::model::Access::Streams;
    table.delete = syncline_schema::model::Delete::Hard;
    table.rls = found.rls;
    table.key = Key::Columns(found.primary_key.clone());
    for it in &found.columns {
        if let Some(column) = column(found, it, remarks) {
            table.columns.push(column);
        }
    }
    for it in &found.references {
        let at = match it.columns.as_slice() {
            [one] => Some((one, it.targets.first())),
            [owner, one] if it.targets.first() == Some(owner) => Some((one, it.targets.get(1))),
            _ => None,
        };
        let column = at.and_then(|(one, target)| {
            let column = table.columns.iter_mut().find(|it| it.name == *one)?;
            Some((column, target?.clone()))
        });
        let Some((column, target)) = column else {
            remarks.push(Remark::table(
                &found.name,
                format!(
                    "the foreign key `{}` is not of one column, and is left out",
                    it.name
                ),
            ));
            continue;
        };
        column.references = Some(Reference {
            table: it.table.clone(),
            column: target,
            enforce: true,
            deferred: false,
            name: Some(it.name.clone()),
            on_delete: match it.on_delete.as_str() {
                "cascade" => OnDelete::Cascade,
                "restrict" => OnDelete::Restrict,
                "set null" => OnDelete::SetNull,
                _ => OnDelete::NoAction,
            },
            place: it.place,
        });
    }
    table.indexes = found.indexes.iter().map(|it| index(found, it)).collect();
    let checks = found.checks.iter().map(|(name, expression)| Check {
        name: name.clone(),
        expression: expression.clone(),
        place: found.place,
    });
    table.checks = checks.collect();
    table
}

fn column(table: &ReadTable, found: &ReadColumn, remarks: &mut Vec<Remark>) -> Option<Column> {
    let say = |text: &str| Remark::column(&table.name, &found.name, text);
    let ReadType::Postgres(ty, mode) = &found.kind else {
        remarks.push(say("its type could not be followed, and it is left out"));
        return None;
    };
    let nullable = !found.not_null && !found.primary_key;
    let mut column = Column::new(&found.name, Scalar::Text, nullable, Role::Data);
    column.ty = column_type(ty, mode);
    let sql = match &found.default {
        ReadDefault::None => None,
        ReadDefault::App => {
            remarks.push(say(
                "its default is code of the app, which the language does not hold",
            ));
            None
        }
        ReadDefault::Generated => {
            remarks.push(say("PostgreSQL makes its values (serial, identity or generated), which the language does not hold"));
            None
        }
        ReadDefault::Unknown => {
            remarks.push(say("its default could not be followed, and is left out"));
            None
        }
        ReadDefault::Sql(sql) => Some(sql.clone()),
        ReadDefault::Value(Value::String(text)) => Some(names::quote_text(text)),
        ReadDefault::Value(value @ (Value::Array(_) | Value::Object(_))) => {
            Some(names::quote_text(&value.to_string()))
        }
        ReadDefault::Value(value) => Some(value.to_string()),
    };
    column.default = sql.and_then(|sql| read::sql::default(&sql, &column.ty));
    if column.default == Some(DefaultValue::Raw(String::new())) {
        column.default = None;
    }
    Some(column)
}

fn is_text(ty: &PgType) -> bool {
    matches!(ty.name.as_str(), "text" | "varchar" | "char")
}

/// PostgreSQL's own enums have their words; those of text are TypeScript's alone.
fn column_type(ty: &PgType, mode: &Mode) -> ColumnType {
    let Mode::Words(values) = mode else {
        return PgType::column_type(&ty.written());
    };
    if is_text(ty) {
        return PgType::column_type(&ty.written());
    }
    let scalar = Scalar::Enum(EnumType {
        values: values.clone(),
        native: Some(ty.name.clone()),
        renamed: Vec::new(),
    });
    ColumnType {
        scalar,
        array: ty.array,
    }
}

/// The words of text columns, by table and column.
pub(super) fn words_of_text(reading: &Reading) -> BTreeMap<(String, String), Vec<String>> {
    let tables = reading.tables.iter();
    let columns = tables.flat_map(|table| table.columns.iter().map(move |it| (table, it)));
    let words = columns.filter_map(|(table, column)| match &column.kind {
        ReadType::Postgres(ty, Mode::Words(words)) if is_text(ty) && !ty.array => {
            Some(((table.name.clone(), column.name.clone()), words.clone()))
        }
        _ => None,
    });
    words.collect()
}

fn index(table: &ReadTable, found: &read::ReadIndex) -> Index {
    let parts = found.parts.iter().map(|part| IndexColumn {
        part: match &part.column {
            Some(name) => IndexPart::Column(name.clone()),
            None => IndexPart::Expression(part.sql.clone()),
        },
        desc: part.desc,
        nulls: (part.nulls_first && !part.desc).then_some(Nulls::First),
        opclass: None,
    });
    let columns: Vec<_> = parts.collect();
    let name = found.name.clone().unwrap_or_else(|| {
        let parts = columns.iter().map(|it| it.name().unwrap_or("index"));
        let parts: Vec<_> = parts.collect();
        format!("{}_{}_index", table.name, parts.join("_"))
    });
    Index {
        unique: found.unique,
        constraint: found.constraint,
        predicate: found.predicate.clone(),
        ..Index::new(name, columns)
    }
}
