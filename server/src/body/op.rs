//! Decodes one op.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use syncline_runtime::{Conflict, Mask, Named, Role, Statements, Table, Value, decode};

use crate::app::{Catalog, TableIndex, TableNamed};
use crate::verdict::{Code, Refusal};

/// What an op does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum OpKind {
    Put,
    Patch,
    Delete,
}

/// A row's identity, in the form in which ids are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum RowId {
    Text(String),
    Uuid([u8; 16]),
}

impl RowId {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(Self::Text(text)),
            Value::Uuid(bytes) => Some(Self::Uuid(bytes)),
            _ => None,
        }
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::Text(text.clone()),
            Self::Uuid(bytes) => Value::Uuid(*bytes),
        }
    }
}

/// A decoded op.
#[derive(Debug, Clone)]
pub(crate) struct Op {
    pub(crate) table: TableIndex,
    pub(crate) kind: OpKind,
    pub(crate) id: RowId,
    /// The columns that it names.
    pub(crate) given: Mask,
    /// Their values, by their places in the table.
    pub(crate) values: Vec<(usize, Value)>,
    /// The values that the device saw before, where the table rejects stale writes.
    pub(crate) previous: Vec<(usize, Value)>,
    /// It named another owner than the token's.
    pub(crate) other_owner: bool,
}

/// What became of an op.
#[derive(Debug, Clone)]
pub(crate) enum Decoded {
    Op(Op),
    /// Its table is gone: nothing to do.
    Dropped,
    Refused(Refusal),
}

/// The members of an op in all shapes that connectors send.
#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    op: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "type")]
    table: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, alias = "op_data", alias = "opData")]
    data: Option<&'a RawValue>,
    #[serde(borrow, alias = "previous_values", alias = "previousValues")]
    old: Option<&'a RawValue>,
}

/// Decodes the text of an op, and adds what it says to the digest of its transaction.
///
/// The digest is over what was sent, not over what today's schema makes of it: a repeated upload
/// is the same before and after a deploy.
pub(super) fn read(catalog: &Catalog, user: &str, text: &[u8], digest: &mut Sha256) -> Decoded {
    let Ok(members) = serde_json::from_slice::<Members<'_>>(text) else {
        add(digest, &[text]);
        return refused(Code::InvalidOp, "is not an op: op, table, id and data");
    };
    let data = members.data.map(RawValue::get).unwrap_or_default();
    add(
        digest,
        &[
            members.op.as_deref().unwrap_or_default().as_bytes(),
            members.table.as_deref().unwrap_or_default().as_bytes(),
            members.id.map(RawValue::get).unwrap_or_default().as_bytes(),
            data.as_bytes(),
        ],
    );
    match decode_members(catalog, user, &members) {
        Ok(Some(op)) => Decoded::Op(op),
        Ok(None) => Decoded::Dropped,
        Err(refusal) => Decoded::Refused(refusal),
    }
}

/// The table and the row that an op names.
pub(super) fn names(text: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(members) = serde_json::from_slice::<Members<'_>>(text) else {
        return (None, None);
    };
    let id = members
        .id
        .and_then(|it| serde_json::from_str::<String>(it.get()).ok());
    (
        members.table.as_deref().map(shown),
        id.as_deref().map(shown),
    )
}

fn add(digest: &mut Sha256, parts: &[&[u8]]) {
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
}

fn refused(code: Code, message: &str) -> Decoded {
    Decoded::Refused(Refusal::new(code, message))
}

fn decode_members(
    catalog: &Catalog,
    user: &str,
    members: &Members<'_>,
) -> Result<Option<Op>, Refusal> {
    let kind = match members.op.as_deref() {
        Some("PUT" | "put") => OpKind::Put,
        Some("PATCH" | "patch") => OpKind::Patch,
        Some("DELETE" | "delete") => OpKind::Delete,
        _ => {
            return Err(Refusal::new(
                Code::InvalidOp,
                "op is not PUT, PATCH or DELETE",
            ));
        }
    };
    let name = members.table.as_deref().unwrap_or_default();
    let table = match catalog.find(name) {
        Some(TableNamed::Synced(table)) => table,
        Some(TableNamed::Removed) => return Ok(None),
        Some(TableNamed::Local) => {
            return Err(Refusal::new(
                Code::LocalTable,
                format!("{name} is on the device only"),
            ));
        }
        None => {
            let message = format!("there is no table {}", shown(name));
            return Err(Refusal::new(Code::UnknownTable, message));
        }
    };
    let mapper = catalog.mapper(table);
    check_kind(kind, mapper.table, &mapper.statements)?;
    let id_column = &mapper.table.columns[0];
    let id = members.id.map_or("null", RawValue::get);
    let id = decode(id_column, id)
        .map_err(|why| Refusal::in_column(Code::InvalidId, "id", why.message()))?;
    let id = RowId::of(id)
        .ok_or_else(|| Refusal::in_column(Code::InvalidId, "id", "is not an id".to_owned()))?;
    let mut op = Op {
        table,
        kind,
        id,
        given: Mask::none(mapper.table),
        values: Vec::new(),
        previous: Vec::new(),
        other_owner: false,
    };
    if kind != OpKind::Delete
        && let Some(data) = members.data
    {
        let fill = Fill {
            user,
            table: mapper.table,
            takes: takes(kind, &mapper.statements),
            op: &mut op,
            refusal: None,
        };
        fill.read(data)?;
    }
    if mapper.table.conflict == Conflict::RejectStale
        && let Some(old) = members.old
    {
        op.previous = previous(mapper.table, old);
    }
    Ok(Some(op))
}

/// May a device do this to the table at all?
fn check_kind(kind: OpKind, table: &Table, statements: &Statements) -> Result<(), Refusal> {
    let allowed = match kind {
        OpKind::Put => statements.put.is_some(),
        OpKind::Patch => statements.patch.is_some(),
        OpKind::Delete => statements.delete.is_some(),
    };
    if allowed {
        return Ok(());
    }
    let name = table.name;
    Err(if !table.writable() {
        Refusal::new(
            Code::ReadOnlyTable,
            format!("{name} is written by the server"),
        )
    } else if table.insert_only {
        Refusal::new(
            Code::ReadOnlyTable,
            format!("rows of {name} are only inserted"),
        )
    } else {
        Refusal::new(Code::ReadOnlyTable, format!("{name} does not take this op"))
    })
}

/// The columns that the statement of this kind takes.
fn takes(kind: OpKind, statements: &Statements) -> &'static [usize] {
    let statement = match kind {
        OpKind::Put => statements.put,
        OpKind::Patch => statements.patch,
        OpKind::Delete => None,
    };
    statement.map_or(&[], |it| it.columns)
}

/// Fills an op from its data, member by member.
struct Fill<'a> {
    user: &'a str,
    table: &'static Table,
    takes: &'static [usize],
    op: &'a mut Op,
    refusal: Option<Refusal>,
}

impl Fill<'_> {
    fn read(mut self, data: &RawValue) -> Result<(), Refusal> {
        let text = data.get();
        if text == "null" {
            return Ok(());
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = reader.deserialize_map(&mut self);
        match (read, self.refusal) {
            (_, Some(refusal)) => Err(refusal),
            (Ok(()), None) => Ok(()),
            (Err(_), None) => Err(Refusal::new(Code::InvalidOp, "data is not an object")),
        }
    }

    fn member(&mut self, name: &str, value: &RawValue) -> Result<(), Refusal> {
        let (index, column) = match self.table.find(name) {
            Some(Named::Column { index, column }) => (index, column),
            Some(Named::Removed) => return Ok(()),
            None => {
                let message = format!("{} has no such column", self.table.name);
                return Err(Refusal::in_column(
                    Code::UnknownColumn,
                    &shown(name),
                    message,
                ));
            }
        };
        if self.op.given.contains(index) {
            let message = "is named twice".to_owned();
            return Err(Refusal::in_column(Code::DuplicateKey, column.name, message));
        }
        self.op.given.insert(index);
        match column.role {
            Role::Owner => {
                // Whatever it says, the owner is the token's.
                let same = value.get() == "null"
                    || serde_json::from_str::<Cow<'_, str>>(value.get())
                        .is_ok_and(|owner| owner == self.user);
                self.op.other_owner |= !same;
                return Ok(());
            }
            Role::Id => {
                let same = decode(column, value.get())
                    .is_ok_and(|value| RowId::of(value).as_ref() == Some(&self.op.id));
                return if same || value.get() == "null" {
                    Ok(())
                } else {
                    let message = "is not the id of the op".to_owned();
                    Err(Refusal::in_column(Code::InvalidId, "id", message))
                };
            }
            _ => {}
        }
        if !self.takes.contains(&index) {
            let message = if column.immutable {
                "is set once, and never changed".to_owned()
            } else {
                "is written by the server".to_owned()
            };
            return Err(Refusal::in_column(
                Code::ReadOnlyColumn,
                column.name,
                message,
            ));
        }
        // What PostgreSQL fills where a row leaves it out may be null in a new row.
        if self.op.kind == OpKind::Put && value.get() == "null" && column.default_sql.is_some() {
            self.op.values.push((index, Value::Null));
            return Ok(());
        }
        let value = decode(column, value.get())
            .map_err(|why| Refusal::in_column(Code::InvalidValue, why.column(), why.message()))?;
        self.op.values.push((index, value));
        Ok(())
    }
}

impl<'de> Visitor<'de> for &mut Fill<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of columns")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            let Err(refusal) = self.member(&name, value) else {
                continue;
            };
            // The first counts, unless a newer server could take a later one: then it also knows
            // better about the first.
            let first = self.refusal.as_ref();
            if first.is_none_or(|first| refusal.may_be_newer() && !first.may_be_newer()) {
                self.refusal = Some(refusal);
            }
        }
        Ok(())
    }
}

/// The previous values that can be read; what cannot says nothing of the row.
fn previous(table: &'static Table, old: &RawValue) -> Vec<(usize, Value)> {
    let Ok(members) =
        serde_json::from_str::<std::collections::BTreeMap<String, &RawValue>>(old.get())
    else {
        return Vec::new();
    };
    let read = |(name, value): (String, &RawValue)| match table.find(&name)? {
        Named::Column { index, column } if column.role == Role::Data => {
            decode(column, value.get()).ok().map(|value| (index, value))
        }
        _ => None,
    };
    members.into_iter().filter_map(read).collect()
}

/// A name from a client, short and without anything that a terminal or a log could take amiss.
fn shown(name: &str) -> String {
    let clean = name
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    clean.take(128).collect()
}
