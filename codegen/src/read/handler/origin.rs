//! Where a value comes from, and which client a write goes through.

use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Expr, Kind};

/// Parts of a path that are what a device sent: `op.data.ownerId`, `req.body.userId`.
const SENT: &[&str] = &[
    "body",
    "data",
    "entry",
    "fields",
    "op",
    "opData",
    "operation",
    "payload",
    "record",
    "row",
    "values",
];

/// Parts of a path that the server knows by itself: `req.user.id`, `session.data.userId`.
const KNOWN: &[&str] = &[
    "auth", "claims", "context", "ctx", "jwt", "locals", "session", "sub", "token", "user",
];

/// Is it a part of what a device uploaded? A plain name is whatever its caller gives.
pub(super) fn is_sent<'m>(program: &'m Program, expr: &'m Expr, scope: &Scope<'m>) -> bool {
    let Value::Expr(found, _) = program.value(expr, scope) else {
        return path(expr).is_some_and(|it| is_of_device(&it));
    };
    path(found).is_some_and(|it| is_of_device(&it))
}

fn is_of_device(path: &[&str]) -> bool {
    let any = |list: &[&str]| path.iter().any(|it| list.contains(it));
    path.len() > 1 && any(SENT) && !any(KNOWN)
}

/// `op.data.ownerId` as its names, from the root on; none for anything but names and members.
fn path(mut expr: &Expr) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    loop {
        match &expr.kind {
            Kind::Member(object, name) => {
                names.push(name.as_str());
                expr = object;
            }
            Kind::Name(name) => {
                names.push(name);
                names.reverse();
                return Some(names);
            }
            // `op.data?.ownerId`, `op.data!.ownerId ?? x`
            Kind::Other(inside) => match inside.as_slice() {
                [one] => expr = one,
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// The library behind a call that writes, where it is one that is not followed.
pub(super) fn foreign(expr: &Expr) -> Option<&'static str> {
    let Kind::Call(callee, args) = &expr.kind else {
        return None;
    };
    let Kind::Member(object, method) = &callee.kind else {
        return None;
    };
    match (method.as_str(), args.len()) {
        ("insertInto" | "updateTable" | "deleteFrom" | "replaceInto", 1) => Some("Kysely"),
        ("insert" | "update" | "upsert" | "delete", _) if calls_from(object) => Some("Supabase"),
        ("insert" | "update" | "del" | "delete", _) if is_knex(object) => Some("Knex"),
        (
            "create" | "createMany" | "update" | "updateMany" | "upsert" | "delete" | "deleteMany",
            1,
        ) if is_prisma(object, args) => Some("Prisma"),
        _ => None,
    }
}

/// `client.from("notes")`, with methods behind it.
fn calls_from(object: &Expr) -> bool {
    let mut expr = object;
    while let Kind::Call(callee, args) = &expr.kind {
        let Kind::Member(inner, method) = &callee.kind else {
            return false;
        };
        if method == "from" && args.len() == 1 {
            return true;
        }
        expr = inner;
    }
    false
}

/// `knex("notes")`, with methods such as `where` behind it.
fn is_knex(object: &Expr) -> bool {
    let mut expr = object;
    while let Kind::Call(callee, args) = &expr.kind {
        match &callee.kind {
            Kind::Member(inner, _) => expr = inner,
            Kind::Name(name) => {
                let table = matches!(args.as_slice(), [one] if matches!(one.kind, Kind::Text(_) | Kind::Name(_) | Kind::Member(..)));
                return table && matches!(name.as_str(), "knex" | "db" | "trx" | "tx");
            }
            _ => return false,
        }
    }
    false
}

/// `prisma.note.update({ where, data })`
fn is_prisma(object: &Expr, args: &[Expr]) -> bool {
    use crate::read::typescript::syntax::Entry;

    let keyed = |it: &Expr| match &it.kind {
        Kind::Object(entries) => entries.iter().any(
            |it| matches!(it, Entry::Field { key, .. } if matches!(key.as_str(), "where" | "data")),
        ),
        _ => false,
    };
    matches!(object.kind, Kind::Member(..)) && args.first().is_some_and(keyed)
}
