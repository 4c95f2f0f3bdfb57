//! Columns of synced tables: types in the language's words, and what the device says of them.

use syncline_schema::model::{
    Column, ColumnType, DefaultValue, IndexPart, Role, Scalar, Table, Unit,
};
use syncline_schema::types::{postgres, storage};

use super::sent::SentTable;
use super::{Remark, types};
use crate::read::{self, DeviceStorage, Mode, ReadTable, ReadType};

/// The nearest scalar; none where nothing comes near, or for arrays of what is not exact.
pub(super) fn nearest(ty: &ColumnType) -> Option<Scalar> {
    match &ty.scalar {
        Scalar::Raw(raw) => types::nearest(raw),
        exact => Some(exact.clone()),
    }
}

/// Puts every type into the language's words; what has none is left out.
pub(super) fn spell(table: &mut Table, remarks: &mut Vec<Remark>) {
    let name = table.name.clone();
    let mut lost = Vec::new();
    table.columns.retain_mut(|column| {
        let Scalar::Raw(_) = &column.ty.scalar else {
            return true;
        };
        let was = postgres(&column.ty);
        let Some(scalar) = nearest(&column.ty) else {
            let text = format!("is {was}, which no device can hold, and is left out");
            remarks.push(Remark::column(&name, &column.name, text));
            lost.push(column.name.clone());
            return false;
        };
        column.ty.scalar = scalar;
        let text = format!(
            "is {was}; the nearest type is `{}`, {}",
            column.ty,
            postgres(&column.ty)
        );
        remarks.push(Remark::column(&name, &column.name, text));
        // A constant is one of the new type, where it can be.
        if let Some(DefaultValue::Raw(sql)) = &column.default {
            column.default = read::sql::default(sql, &column.ty);
        }
        true
    });
    let is_lost = |part: &IndexPart| matches!(part, IndexPart::Column(it) if lost.contains(it));
    table.indexes.retain(|index| {
        let gone = index.columns.iter().any(|it| is_lost(&it.part))
            || index.include.iter().any(|it| lost.contains(it));
        if gone {
            let text = format!("the index `{}` is on a column that is left out", index.name);
            remarks.push(Remark::table(&name, text));
        }
        !gone
    });
}

/// Lays what the device and the sync config say over the columns.
pub(super) fn of_device(
    table: &mut Table,
    (sent, device): (Option<&SentTable>, Option<&ReadTable>),
    remarks: &mut Vec<Remark>,
) {
    let name = table.name.clone();
    let writable = table.writable();
    for column in &mut table.columns {
        if column.role != Role::Data {
            continue;
        }
        let unsent = sent.and_then(|it| it.columns.as_ref());
        let unsent = unsent.is_some_and(|it| !it.contains(&column.name));
        let theirs = device.and_then(|it| it.columns.iter().find(|it| it.name == column.name));
        let unknown = device.is_some_and(|it| !it.gaps) && theirs.is_none();
        if unsent || unknown {
            let why = if unsent {
                "the sync config does not send it"
            } else {
                "the device does not have it"
            };
            if writable && !column.nullable && column.default.is_none() {
                let text = format!("{why}, but nothing else could fill it, so the device gets it");
                remarks.push(Remark::column(&name, &column.name, text));
            } else {
                column.server_only = true;
                let text = format!("{why}: `server_only`");
                remarks.push(Remark::column(&name, &column.name, text));
            }
            continue;
        }
        let Some(theirs) = theirs else { continue };
        let text = |text: String| Remark::column(&name, &column.name, text);
        let nullable = !theirs.not_null && !theirs.primary_key;
        if column.nullable_on_device() != nullable {
            let (says, means) = if nullable {
                ("the device may leave it NULL", "and PostgreSQL not")
            } else {
                ("the device never leaves it NULL", "and PostgreSQL may")
            };
            remarks.push(text(format!("{says}, {means}: the device is believed")));
            column.nullable = nullable;
        }
        let ReadType::Device(stored, mode) = &theirs.kind else {
            continue;
        };
        let here = storage(&column.ty);
        if *stored != DeviceStorage::PowerSync(here) {
            remarks.push(Remark::column(&name, &column.name, format!(
                "the device has `{}`, and stores it as {} from now on: PostgreSQL's type is believed",
                theirs.written, here.name()
            )));
        }
        unit(column, mode);
    }
    for theirs in device.iter().flat_map(|it| &it.columns) {
        if table.column(&theirs.name).is_none() {
            remarks.push(Remark::table(
                &name,
                format!(
                    "the device has a column `{}`, and PostgreSQL has none: it is left out",
                    theirs.name
                ),
            ));
        }
    }
}

/// A time that devices keep as a number is uploaded as one.
fn unit(column: &mut Column, mode: &Mode) {
    if column.ty.scalar == Scalar::Timestamp && !column.ty.array {
        column.unit = match mode {
            Mode::Seconds => Some(Unit::Seconds),
            Mode::Milliseconds => Some(Unit::Milliseconds),
            _ => None,
        };
    }
}
