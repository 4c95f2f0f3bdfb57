//! Tables that only the device's files have.

use syncline_schema::Schema;
use syncline_schema::model::{
    Access, Column, DefaultValue, Delete, Key, Literal, Residence, Role, Scalar, Table,
};
use syncline_schema::types::Storage;

use super::{Facts, Remark, words};
use crate::read::{DeviceStorage, Mode, ReadColumn, ReadDefault, ReadTable, ReadType};

/// Adds them: local, unless there is nothing of PostgreSQL's to go by and they are sent.
pub(super) fn add(facts: &Facts, schema: &mut Schema, remarks: &mut Vec<Remark>) {
    for found in facts.device.iter().flatten() {
        if schema.table(&found.name).is_some() {
            continue;
        }
        let sent = facts.sent.as_ref().map(|it| it.tables.get(&found.name));
        let synced = match sent {
            Some(sent) => sent.is_some(),
            None => facts.servers.is_empty(),
        };
        let table = if synced {
            synced_of(found, facts, remarks)
        } else {
            local_of(found, remarks)
        };
        schema.tables.push(table);
    }
}

fn local_of(found: &ReadTable, remarks: &mut Vec<Remark>) -> Table {
    let mut table = Table::new(&found.name, Residence::Local);
    table.access = Access::Streams;
    table.delete = Delete::Hard;
    table.columns = columns(found, remarks);
    match table.columns.iter_mut().find(|it| it.name == "id") {
        Some(id) => {
            id.role = Role::Id;
            id.nullable = false;
            id.default = Some(DefaultValue::Uuid);
        }
        None => remarks.push(Remark::table(
            &found.name,
            "has no `id` on the device, and gets one: PowerSync gives every table one",
        )),
    }
    for it in &found.indexes {
        let parts: Vec<_> = it
            .parts
            .iter()
            .map_while(|part| part.column.as_deref())
            .collect();
        let name = it.name.as_deref().unwrap_or("an index").to_owned();
        if it.unique || parts.len() != it.parts.len() || it.predicate.is_some() {
            let text =
                format!("`{name}` is no plain index, and PowerSync has no other: it is left out");
            remarks.push(Remark::table(&found.name, text));
            continue;
        }
        let columns = parts
            .iter()
            .map(|it| syncline_schema::model::IndexColumn::column(*it));
        table
            .indexes
            .push(syncline_schema::model::Index::new(name, columns.collect()));
    }
    table
}

/// A table that is sent, as PostgreSQL is to have it. Decided as one that PostgreSQL has.
fn synced_of(found: &ReadTable, facts: &Facts, remarks: &mut Vec<Remark>) -> Table {
    remarks.push(Remark::table(
        &found.name,
        "nothing given says how PostgreSQL has it: its types are made from the device's",
    ));
    let mut table = local_of(found, remarks);
    table.residence = Residence::Server;
    table.key = Key::Columns(vec!["id".to_owned()]);
    if table.column("id").is_none() {
        table
            .columns
            .insert(0, Column::new("id", Scalar::Text, false, Role::Id));
    }
    for column in &mut table.columns {
        let stamp = ["created_at", "updated_at", "deleted_at"].contains(&column.name.as_str());
        if stamp {
            column.ty.scalar = Scalar::Timestamp;
            column.nullable = column.name == "deleted_at";
            column.default = (!column.nullable).then_some(DefaultValue::Now);
        }
    }
    super::table::decide(&table, facts, remarks)
}

fn columns(found: &ReadTable, remarks: &mut Vec<Remark>) -> Vec<Column> {
    let mut out = Vec::new();
    for it in &found.columns {
        let ReadType::Device(storage, mode) = &it.kind else {
            remarks.push(Remark::column(
                &found.name,
                &it.name,
                "its type could not be followed, and it is left out",
            ));
            continue;
        };
        if let DeviceStorage::Refused(ty) = storage {
            let text = format!("is `{ty}`, which PowerSync does not have: it is text here");
            remarks.push(Remark::column(&found.name, &it.name, text));
        }
        let nullable = !it.not_null && !it.primary_key;
        let mut column = Column::new(&it.name, scalar(storage, mode), nullable, Role::Data);
        column.default = default(it, &column.ty.scalar);
        if it.has_default && column.default.is_none() && it.name != "id" {
            remarks.push(Remark::column(
                &found.name,
                &it.name,
                "its default is code of the app, which the language does not hold",
            ));
        }
        out.push(column);
    }
    out
}

fn scalar(storage: &DeviceStorage, mode: &Mode) -> Scalar {
    match (storage, mode) {
        (DeviceStorage::PowerSync(Storage::Text), Mode::Json) => Scalar::Json,
        (DeviceStorage::PowerSync(Storage::Text), Mode::Words(values)) => words(values.clone()),
        (DeviceStorage::PowerSync(Storage::Integer), Mode::Boolean) => Scalar::Boolean,
        (DeviceStorage::PowerSync(Storage::Integer), _) => Scalar::Integer,
        (DeviceStorage::PowerSync(Storage::Real), _) => Scalar::Double,
        _ => Scalar::Text,
    }
}

fn default(found: &ReadColumn, scalar: &Scalar) -> Option<DefaultValue> {
    let ReadDefault::Value(value) = &found.default else {
        return None;
    };
    let literal = match scalar {
        Scalar::Boolean => Literal::Bool(value.as_bool()?),
        Scalar::Integer => Literal::Integer(i64::from(i32::try_from(value.as_i64()?).ok()?)),
        Scalar::Double => Literal::Number(value.as_f64()?.to_string()),
        Scalar::Json => Literal::Json(value.to_string()),
        Scalar::Enum(it) => {
            let word = value.as_str()?.to_owned();
            Literal::Text(it.values.contains(&word).then_some(word)?)
        }
        _ => Literal::Text(value.as_str()?.to_owned()),
    };
    Some(DefaultValue::Literal(literal))
}
