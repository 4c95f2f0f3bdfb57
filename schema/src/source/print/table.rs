//! What is said of a table: only what does not hold anyway.

use super::{Value, constraint, map, say, say_if, say_text, text, texts};
use crate::model::{
    Access, Column, Conflict, DefaultValue, Defaults, Delete, IdType, Key, Residence, Role, Scalar,
    Table, TrackPrevious,
};
use crate::source::node::Fields;
use crate::source::rules::rules_for;
use crate::source::tree::{Entries, Item};

/// The keys of a table but for `doc` and `columns`, and the columns that have to be declared.
pub(super) struct Said<'a> {
    pub(super) keys: Entries<'static>,
    pub(super) columns: Vec<&'a Column>,
}

/// Says a table under `defaults`. `whole` declares the columns too that would be injected.
pub(super) fn said<'a>(table: &'a Table, defaults: &Defaults, whole: bool) -> Said<'a> {
    let mut out = Entries::default();
    let synced = table.residence == Residence::Synced;
    let residence = match table.residence {
        Residence::Synced => None,
        Residence::Local => Some("local"),
        Residence::Server => Some("server"),
    };
    say_text(&mut out, "sync", residence);
    say_text(&mut out, "schema", table.schema.as_deref());
    say_if(&mut out, "insert_only", table.insert_only);
    // What one key says may change what holds for the next.
    let rules = |out: &Entries<'static>| rules_for(table.residence, Fields::new(out), defaults);
    if rules(&out).access != table.access {
        let word = match table.access {
            Access::Owner => "owner",
            Access::Public => "public",
            Access::Streams => "streams",
        };
        say(&mut out, "access", text(word));
    }
    if let Some(owner) = table
        .owner()
        .filter(|owner| rules(&out).owner != owner.name)
    {
        say(&mut out, "owner", text(owner.name.clone()));
    }
    match &table.key {
        Key::Columns(columns) => say(&mut out, "key", texts(columns.iter().map(String::as_str))),
        key if rules(&out).key == *key => {}
        Key::Id => say(&mut out, "key", text("id")),
        Key::Owner => say(&mut out, "key", text("owner")),
    }
    let stamped = table.with_role(Role::CreatedAt).is_some();
    if rules(&out).timestamps != stamped {
        say(&mut out, "timestamps", Value::Bool(stamped));
    }
    if rules(&out).delete != table.delete {
        let word = match table.delete {
            Delete::Soft => "soft",
            Delete::Hard => "hard",
        };
        say(&mut out, "delete", text(word));
    }
    if synced && rules(&out).sync_deleted_rows != table.sync_deleted_rows {
        let word = if table.sync_deleted_rows {
            "sync"
        } else {
            "hide"
        };
        say(&mut out, "deleted_rows", text(word));
    }
    if rules(&out).conflict != table.conflict {
        let word = match table.conflict {
            Conflict::LastWrite => "last_write",
            Conflict::RejectStale => "reject_stale",
        };
        say(&mut out, "conflict", text(word));
    }
    match &table.track_previous {
        Some(TrackPrevious::Columns(columns)) => {
            say(
                &mut out,
                "track_previous",
                texts(columns.iter().map(String::as_str)),
            );
        }
        Some(TrackPrevious::All) => {
            say_if(
                &mut out,
                "track_previous",
                table.conflict != Conflict::RejectStale,
            );
        }
        None => {}
    }
    say_if(&mut out, "track_metadata", table.track_metadata);
    if synced && rules(&out).ignore_empty_updates != table.ignore_empty_updates {
        say(
            &mut out,
            "ignore_empty_updates",
            Value::Bool(table.ignore_empty_updates),
        );
    }
    if rules(&out).rls != table.rls {
        say(&mut out, "rls", Value::Bool(table.rls));
    }
    say_text(&mut out, "renamed_from", table.renamed_from.as_deref());
    let columns = if whole {
        table.declared_columns().collect()
    } else {
        declared(table, &rules(&out), &mut out)
    };
    say_constraints(table, &mut out);
    Said { keys: out, columns }
}

fn say_constraints(table: &Table, out: &mut Entries<'static>) {
    let list = |unique: bool, print: fn(&Table, &crate::model::Index) -> Item<'static>| {
        let of_kind = table.indexes.iter().filter(|it| it.unique == unique);
        of_kind.map(|it| print(table, it)).collect::<Vec<_>>()
    };
    for (key, items) in [
        ("indexes", list(false, constraint::index)),
        ("unique", list(true, constraint::unique)),
    ] {
        if !items.is_empty() {
            say(out, key, Value::List(items));
        }
    }
    if !table.checks.is_empty() {
        let checks = table.checks.iter();
        say(
            out,
            "checks",
            map(checks.map(|it| (it.name.as_str(), it.expression.as_str()))),
        );
    }
    if !table.removed_columns.is_empty() {
        let removed = table.removed_columns.iter();
        let removed = removed.map(|it| (it.name.as_str(), it.date.as_str()));
        say(out, "removed_columns", map(removed));
    }
}

/// The columns but for those that injection gives at the same place.
fn declared<'a>(table: &'a Table, rules: &Defaults, out: &mut Entries<'static>) -> Vec<&'a Column> {
    let mut columns: Vec<&Column> = table.declared_columns().collect();
    // Injected timestamps come last, in this order.
    let mut before = 3;
    while let Some(last) = columns.last() {
        let rank = match last.role {
            Role::CreatedAt => 0,
            Role::UpdatedAt => 1,
            Role::DeletedAt => 2,
            _ => break,
        };
        if rank >= before || **last != stamp(last) {
            break;
        }
        before = rank;
        columns.pop();
    }
    columns.retain(|column| match column.role {
        Role::Owner => **column != Column::new(&column.name, Scalar::Text, false, Role::Owner),
        Role::Id => !is_injected_id(column, table, rules, out),
        _ => true,
    });
    columns
}

fn stamp(column: &Column) -> Column {
    let nullable = column.role == Role::DeletedAt;
    let mut stamp = Column::new(&column.name, Scalar::Timestamp, nullable, column.role);
    stamp.default = (!nullable).then_some(DefaultValue::Now);
    stamp
}

/// Does `id = "…"` say all of it? Then that is said, where it has to be.
fn is_injected_id(
    column: &Column,
    table: &Table,
    rules: &Defaults,
    out: &mut Entries<'static>,
) -> bool {
    let like = |scalar| {
        let mut id = Column::new("id", scalar, false, Role::Id);
        id.default = Some(DefaultValue::Uuid);
        *column == id
    };
    let (ty, word) = if like(Scalar::Text) {
        (IdType::Text, "text")
    } else if like(Scalar::Uuid) {
        (IdType::Uuid, "uuid")
    } else {
        return false;
    };
    if ty == rules.id {
        return true;
    }
    if table.residence == Residence::Local {
        return false;
    }
    say(out, "id", text(word));
    true
}
