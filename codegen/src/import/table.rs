//! One table of PostgreSQL's: where its rows live, and what follows from that.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::Schema;
use syncline_schema::literal::default_of;
use syncline_schema::model::{
    Access, Column, DefaultValue, Delete, Key, OnDelete, Residence, Role, Scalar, Table,
};

use super::sent::SentTable;
use super::{Facts, Remark, checks, column, rules};
use crate::diff::TableName;
use crate::read::ReadTable;

/// Names of owner columns, the first that is there.
const OWNERS: &[&str] = &["owner_id", "user_id"];

/// Decides.
pub(super) fn decide(read: &Table, facts: &Facts, remarks: &mut Vec<Remark>) -> Table {
    let mut table = read.clone();
    let name = table.name.clone();
    let sent = facts.sent.as_ref().and_then(|it| it.tables.get(&name));
    let device = facts
        .device
        .as_ref()
        .and_then(|it| it.iter().find(|it| it.name == name));
    let published = || {
        let mut servers = facts.servers.iter();
        servers.any(|it| it.publishes_all || it.published.contains(&TableName::of(read)))
    };
    let said = device.is_some() || sent.is_some();
    let wanted = said || (facts.sent.is_none() && facts.device.is_none() && published());
    table.rls = false;
    let why = if wanted { unsyncable(&table) } else { None };
    if let Some(why) = &why {
        remarks.push(Remark::table(
            &name,
            format!("synced so far, and kept as a server table: {why}"),
        ));
    }
    if wanted && why.is_none() {
        synced(&mut table, facts, (sent, device), remarks);
    } else {
        server(&mut table);
    }
    if read.rls {
        table.rls = table.writable();
        let text = if table.rls {
            "row security is on, and stays on with the policies that the language makes: look at yours first"
        } else {
            "row security is on, which the language has for tables with an owner only"
        };
        remarks.push(Remark::table(&name, text));
    }
    checks::fold(&mut table, remarks);
    words_of_the_app(&mut table, facts, remarks);
    sequences(&table, remarks);
    rules::fold(&mut table, remarks);
    table
}

/// Text that takes only some words in the app's own types is an enum.
fn words_of_the_app(table: &mut Table, facts: &Facts, remarks: &mut Vec<Remark>) {
    for column in &mut table.columns {
        let key = (table.name.clone(), column.name.clone());
        let words = facts.servers.iter().find_map(|it| it.words.get(&key));
        let Some(words) = words.filter(|_| column.ty.scalar == Scalar::Text && !column.ty.array)
        else {
            continue;
        };
        column.ty.scalar = super::words(words.clone());
        column.max_length = None;
        let text = "its words are the app's alone so far; PostgreSQL checks them from now on";
        remarks.push(Remark::column(&table.name, &column.name, text));
    }
}

/// A default that needs what the language does not make.
fn sequences(table: &Table, remarks: &mut Vec<Remark>) {
    for column in &table.columns {
        if matches!(&column.default, Some(DefaultValue::Raw(sql)) if sql.contains("nextval(")) {
            let text = "counts by a sequence, which the language does not make: a new database needs it first";
            remarks.push(Remark::column(&table.name, &column.name, text));
        }
    }
}

/// Why PowerSync cannot carry it as the language has it.
fn unsyncable(table: &Table) -> Option<String> {
    if let Some(schema) = &table.schema {
        return Some(format!(
            "synced tables are in `public`, and this one is in `{schema}`"
        ));
    }
    let Some(id) = table.column("id") else {
        return Some("PowerSync identifies rows by a column `id`, and there is none".to_owned());
    };
    let text = matches!(
        column::nearest(&id.ty),
        Some(Scalar::Text | Scalar::Varchar(_) | Scalar::Uuid)
    );
    if !text {
        let ty = syncline_schema::types::postgres(&id.ty);
        return Some(format!(
            "its id is {ty}: the language's ids are text or uuid, made by the device"
        ));
    }
    let key = table.key_columns();
    let fits = match key.as_slice() {
        [] => true,
        [one] => *one == "id",
        [_, two] => *two == "id",
        _ => false,
    };
    (!fits).then(|| {
        format!(
            "its key is ({}), and the language's is (id) or (owner, id)",
            key.join(", ")
        )
    })
}

fn server(table: &mut Table) {
    table.residence = Residence::Server;
    table.access = Access::Streams;
    table.delete = Delete::Hard;
    // Readers take an owner from keys that others point at; a server table has columns only.
    if table.key == Key::Owner {
        let key = table.key_columns().into_iter().map(str::to_owned);
        table.key = Key::Columns(key.collect());
    }
    for column in &mut table.columns {
        if column.role == Role::Owner {
            column.role = Role::Data;
        }
    }
    stamps(table);
    // To the language such a type's defaults are SQL.
    for column in &mut table.columns {
        if matches!(column.ty.scalar, Scalar::Raw(_)) {
            let sql = default_of(column).map(std::borrow::Cow::into_owned);
            column.default = sql.map(DefaultValue::Raw);
        }
    }
}

/// Gives both timestamps their parts, where both are what the language's are.
fn stamps(table: &mut Table) {
    let fits = |name: &str| {
        let column = table.columns.iter().find(|it| it.name == name);
        column.is_some_and(|it| it.ty.scalar == Scalar::Timestamp && !it.ty.array && !it.nullable)
    };
    if fits("created_at") && fits("updated_at") {
        for column in &mut table.columns {
            match column.name.as_str() {
                "created_at" => column.role = Role::CreatedAt,
                "updated_at" => column.role = Role::UpdatedAt,
                _ => {}
            }
        }
    }
}

fn synced(
    table: &mut Table,
    facts: &Facts,
    (sent, device): (Option<&SentTable>, Option<&ReadTable>),
    remarks: &mut Vec<Remark>,
) {
    let name = table.name.clone();
    table.residence = Residence::Synced;
    column::spell(table, remarks);
    own_id(table, remarks);
    let owner = owner(table, sent);
    match (&owner, sent) {
        (Some(owner), _) => own(table, owner, remarks),
        (None, Some(sent)) if sent.public => table.access = Access::Public,
        (None, _) => table.access = Access::Streams,
    }
    if let (None, None) = (&owner, sent) {
        remarks.push(Remark::table(
            &name,
            "nothing says whose its rows are: `access = \"streams\"` sends none before a stream does",
        ));
    }
    table.key = match table.key_columns().as_slice() {
        [one, two] if *two == "id" && owner.as_deref() == Some(one) => Key::Owner,
        _ => Key::Id,
    };
    for wanted in ["created_at", "updated_at"] {
        let both = table.column("created_at").is_some() && table.column("updated_at").is_some();
        let Some(column) = table.columns.iter_mut().find(|it| it.name == wanted) else {
            continue;
        };
        if both && column.ty.scalar == Scalar::Timestamp && column.nullable {
            column.nullable = false;
            remarks.push(Remark::column(
                &name,
                wanted,
                "may be NULL so far, and the language's is not",
            ));
        }
    }
    stamps(table);
    table.delete = Delete::Hard;
    if let Some(mark) = table.columns.iter_mut().find(|it| it.name == "deleted_at") {
        if mark.ty.scalar == Scalar::Timestamp && mark.nullable {
            mark.role = Role::DeletedAt;
            table.delete = Delete::Soft;
        } else {
            remarks.push(Remark::column(
                &name,
                "deleted_at",
                "is not a nullable timestamp, so deletes are hard here",
            ));
        }
    }
    let derived = sent.filter(|it| it.owner.is_some() || it.public);
    table.sync_deleted_rows =
        table.delete == Delete::Soft && derived.is_some_and(|it| it.with_deleted);
    if table.sync_deleted_rows {
        remarks.push(Remark::table(
            &name,
            "the sync config sends deleted rows too: `deleted_rows = \"sync\"` keeps that",
        ));
    }
    let unsent = sent.is_none() && facts.sent.as_ref().is_some_and(|it| !it.gaps);
    if unsent && table.access == Access::Owner {
        table.insert_only = true;
        remarks.push(Remark::table(
            &name,
            "the device has it and the sync config does not send it: taken for `insert_only`",
        ));
    }
    column::of_device(table, (sent, device), remarks);
}

/// The id as devices make it.
fn own_id(table: &mut Table, remarks: &mut Vec<Remark>) {
    let name = table.name.clone();
    if table.key_columns().is_empty() {
        remarks.push(Remark::table(
            &name,
            "has no primary key so far; the language makes `id` one",
        ));
    }
    let Some(at) = table.columns.iter().position(|it| it.name == "id") else {
        return;
    };
    let mut id = table.columns.remove(at);
    let other = |it: &DefaultValue| *it != DefaultValue::Uuid;
    if id.default.as_ref().is_some_and(other) {
        remarks.push(Remark::column(
            &name,
            "id",
            "has a default of its own; the language's is a UUID, made by the device",
        ));
    }
    id.role = Role::Id;
    id.nullable = false;
    id.default = Some(DefaultValue::Uuid);
    table.columns.insert(0, id);
}

/// The owner: by the sync config's filter, else by its name.
fn owner(table: &Table, sent: Option<&SentTable>) -> Option<String> {
    let by_filter = sent.and_then(|it| it.owner.clone());
    let by_name = || {
        let mut names = OWNERS.iter().filter(|_| sent.is_none());
        names
            .find(|it| table.column(it).is_some())
            .map(|it| (*it).to_owned())
    };
    let name = by_filter.or_else(by_name)?;
    let ty = &table.column(&name)?.ty;
    let text = matches!(ty.scalar, Scalar::Text | Scalar::Varchar(_) | Scalar::Uuid);
    (text && !ty.array && name != "id").then_some(name)
}

fn own(table: &mut Table, owner: &str, remarks: &mut Vec<Remark>) {
    table.access = Access::Owner;
    let Some(at) = table.columns.iter().position(|it| it.name == owner) else {
        return;
    };
    let mut column: Column = table.columns.remove(at);
    if column.nullable {
        remarks.push(Remark::column(
            &table.name,
            owner,
            "may be NULL so far; an owner never is in PostgreSQL",
        ));
    }
    if column.default.is_some() {
        remarks.push(Remark::column(
            &table.name,
            owner,
            "has a default; an owner comes from the token only",
        ));
    }
    column.role = Role::Owner;
    column.nullable = false;
    column.default = None;
    table.columns.insert(1.min(table.columns.len()), column);
}

/// Takes away what points at nothing that the language can point at.
pub(super) fn mend_references(schema: &mut Schema, remarks: &mut Vec<Remark>) {
    let mut known = BTreeSet::new();
    for table in schema
        .tables
        .iter()
        .filter(|it| it.residence != Residence::Local)
    {
        known.extend(
            table
                .columns
                .iter()
                .map(|it| (table.name.clone(), it.name.clone())),
        );
    }
    // A key of several columns is pointed at by owner and id, of synced tables on both sides.
    let shared: BTreeMap<String, Residence> = (schema.tables.iter())
        .filter(|it| it.key_columns().len() > 1)
        .map(|it| (it.name.clone(), it.residence))
        .collect();
    for table in &mut schema.tables {
        let name = table.name.clone();
        for column in &mut table.columns {
            let Some(it) = &mut column.references else {
                continue;
            };
            let own = table.residence == Residence::Synced;
            let held = |to: &Residence| own && *to == Residence::Synced;
            if it.enforce && shared.get(&it.table).is_some_and(|to| !held(to)) {
                let text = format!(
                    "points at a row of `{}` by a key of several columns, which the language has for tables with an owner only: nothing enforces it from here on",
                    it.table
                );
                remarks.push(Remark::column(&name, &column.name, text));
                it.enforce = false;
                it.on_delete = OnDelete::NoAction;
            }
            if table.residence != Residence::Local
                && !known.contains(&(it.table.clone(), it.column.clone()))
            {
                let text = format!(
                    "points at `{}.{}`, which is not here, and no longer does",
                    it.table, it.column
                );
                remarks.push(Remark::column(&name, &column.name, text));
                column.references = None;
            }
        }
    }
}
