//! Which statement is it? What has no file of its own is read here.

use super::cursor::{Cursor, Result};
use super::reading::{Aside, Reading};
use super::{access, alter_table, create_table, enums, index};
use crate::diff::{Step, TableName};

/// The first words of statements that change no table.
const NO_CHANGE: &[&str] = &[
    "abort",
    "analyze",
    "call",
    "checkpoint",
    "close",
    "cluster",
    "copy",
    "deallocate",
    "declare",
    "delete",
    "discard",
    "do",
    "execute",
    "explain",
    "fetch",
    "import",
    "insert",
    "listen",
    "load",
    "lock",
    "merge",
    "move",
    "notify",
    "pragma",
    "prepare",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "reset",
    "rollback",
    "savepoint",
    "security",
    "select",
    "set",
    "show",
    "start",
    "table",
    "truncate",
    "unlisten",
    "update",
    "vacuum",
    "values",
    "with",
];

/// What can be created, altered and dropped beside tables, and is in no schema. With the ones
/// that are marked, what is left alone is worth saying.
const OBJECTS: &[(&str, bool)] = &[
    ("access method", false),
    ("aggregate", true),
    ("cast", true),
    ("collation", true),
    ("constraint trigger", true),
    ("conversion", false),
    ("database", false),
    ("default privileges", false),
    ("domain", true),
    ("event trigger", true),
    ("extension", true),
    ("foreign data wrapper", false),
    ("foreign table", true),
    ("function", true),
    ("group", false),
    ("language", false),
    ("large object", false),
    ("materialized view", true),
    ("operator", true),
    ("owned", false),
    ("procedure", true),
    ("procedural language", false),
    ("publication", false),
    ("recursive view", true),
    ("role", false),
    ("routine", true),
    ("rule", true),
    ("sequence", true),
    ("server", false),
    ("statistics", true),
    ("subscription", false),
    ("system", false),
    ("tablespace", false),
    ("temp sequence", false),
    ("temp view", false),
    ("temporary sequence", false),
    ("temporary view", false),
    ("text search", true),
    ("transform", false),
    ("trigger", true),
    ("trusted language", false),
    ("user", false),
    ("user mapping", false),
    ("view", true),
];

/// Reads a statement.
pub(super) fn statement(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    if cursor.eat("create") {
        return create(cursor, reading);
    }
    if cursor.eat("alter") {
        return alter(cursor, reading);
    }
    if cursor.eat("drop") {
        return drop(cursor, reading);
    }
    if cursor.eat("comment on") {
        return comment(cursor, reading);
    }
    if cursor.is("grant") || cursor.is("revoke") {
        access::grant(cursor, reading);
        return Ok(());
    }
    if cursor.is("set") {
        search_path(&mut cursor.clone(), reading);
    }
    // `(SELECT 1)`
    if cursor.is_mark("(") || NO_CHANGE.iter().any(|word| cursor.is(word)) {
        reading.other(cursor.text);
        cursor.skip_all();
        return Ok(());
    }
    Err(cursor.expected("a statement of PostgreSQL"))
}

fn create(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let table = ["table", "unlogged table", "temp table", "temporary table"];
    let local = [
        "local temp table",
        "local temporary table",
        "global temp table",
        "global temporary table",
    ];
    if table.iter().chain(&local).any(|words| cursor.are(words)) {
        return create_table::read(cursor, reading);
    }
    if cursor.is("index") || cursor.are("unique index") {
        return index::create(cursor, reading);
    }
    if cursor.eat("type") {
        return enums::create(cursor, reading);
    }
    if cursor.eat("schema") {
        return create_schema(cursor, reading);
    }
    if cursor.eat("policy") {
        return access::create_policy(cursor, reading);
    }
    if cursor.eat("publication") {
        return access::publication(cursor, reading);
    }
    let _ = cursor.eat("or replace");
    object(cursor, reading, true)
}

fn alter(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    if cursor.eat("table") {
        if cursor.are("all in tablespace") {
            reading.other(cursor.text);
            cursor.skip_all();
            return Ok(());
        }
        return alter_table::read(cursor, reading);
    }
    if cursor.eat("index") {
        return index::alter(cursor, reading);
    }
    if cursor.eat("type") {
        return enums::alter(cursor, reading);
    }
    if cursor.eat("publication") {
        return access::publication(cursor, reading);
    }
    if cursor.is("policy") || cursor.is("schema") {
        let here = cursor.here();
        let owner = cursor
            .one_line(cursor.rest())
            .to_lowercase()
            .contains(" owner to ");
        if !owner {
            let what = if cursor.is("policy") {
                "a policy's new form"
            } else {
                "a schema's new name"
            };
            reading.left_alone(here, what);
        }
        reading.other(cursor.text);
        cursor.skip_all();
        return Ok(());
    }
    object(cursor, reading, false)
}

fn drop(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    if cursor.eat("table") {
        return drop_table(cursor, reading);
    }
    if cursor.eat("index") {
        return index::drop(cursor, reading);
    }
    if cursor.eat("type") {
        return enums::drop(cursor, reading);
    }
    if cursor.eat("schema") {
        return drop_schema(cursor, reading);
    }
    if cursor.eat("policy") {
        return access::drop_policy(cursor, reading);
    }
    object(cursor, reading, false)
}

/// Anything that is in no schema.
fn object(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>, made: bool) -> Result<()> {
    let Some((words, matters)) = OBJECTS.iter().find(|(words, _)| cursor.are(words)) else {
        return Err(cursor.expected("a table, index, type or another object"));
    };
    let here = cursor.here();
    cursor.eat(words);
    if made {
        let _ = cursor.eat("if not exists");
        let named = cursor.clone().qualified().ok();
        if *matters {
            let name = named.as_ref().map_or("", |it| it.name.as_str());
            reading.left_alone(here, format!("the {words} {name}"));
        }
        match (named, *words) {
            (Some(name), "domain") => reading.asides.push(Aside::LeftType(name.name)),
            (
                Some(name),
                "view" | "materialized view" | "recursive view" | "foreign table" | "temp view"
                | "temporary view" | "sequence",
            ) => {
                reading.asides.push(Aside::LeftTable(name.into()));
            }
            _ => {}
        }
    }
    reading.other(cursor.text);
    cursor.skip_all();
    Ok(())
}

fn create_schema(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let if_not_exists = cursor.eat("if not exists");
    let name = if cursor.eat("authorization") {
        cursor.name()?
    } else {
        let name = cursor.name()?;
        if cursor.eat("authorization") {
            cursor.name()?;
        }
        name
    };
    if !cursor.is_done() {
        return Err(cursor.expected(
            "the end of the statement: write what it creates as statements of their own",
        ));
    }
    if name != "public" || !if_not_exists {
        reading.steps.push(Step::CreateSchema(name));
    }
    Ok(())
}

fn drop_schema(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let _ = cursor.eat("if exists");
    let mut names = Vec::new();
    loop {
        names.push(cursor.name()?);
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let cascade = cursor.eat("cascade");
    let _ = !cascade && cursor.eat("restrict");
    for name in names {
        if cascade {
            let schema = Some(name.as_str()).filter(|it| *it != "public");
            let tables = reading.known.schema.tables.iter();
            let inside = tables.filter(|it| it.schema.as_deref() == schema);
            let steps: Vec<_> = inside
                .map(|it| Step::DropTable(TableName::of(it)))
                .collect();
            reading.steps.extend(steps);
        }
        reading.steps.push(Step::DropSchema(name));
    }
    cursor.done()
}

fn drop_table(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let if_exists = cursor.eat("if exists");
    loop {
        let name = TableName::from(cursor.qualified()?);
        if if_exists && reading.known.table(&name).is_none() {
            reading.other(format!("DROP TABLE IF EXISTS {name}"));
        } else {
            reading.steps.push(Step::DropTable(name));
        }
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let _ = cursor.eat("cascade") || cursor.eat("restrict");
    cursor.done()
}

/// Reads what follows `COMMENT ON`.
fn comment(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let table = cursor.eat("table");
    if !table && !cursor.eat("column") {
        reading.other(cursor.text);
        cursor.skip_all();
        return Ok(());
    }
    let mut parts = vec![cursor.name()?];
    while cursor.eat_mark(".") {
        parts.push(cursor.name()?);
    }
    let column = if table { None } else { parts.pop() };
    let name = parts
        .pop()
        .ok_or_else(|| cursor.expected("`.` and a column"))?;
    let table = TableName::new(parts.pop().as_deref(), &name);
    cursor.expect("is")?;
    let text = if cursor.eat("null") {
        None
    } else {
        Some(cursor.string()?)
    };
    reading.steps.push(Step::Comment {
        table,
        column,
        text,
    });
    cursor.done()
}

/// `SET search_path`: names without a schema mean another one from here on.
fn search_path(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) {
    let here = cursor.here();
    cursor.eat("set");
    let _ = cursor.eat("local") || cursor.eat("session");
    if !cursor.eat("search_path") {
        return;
    }
    let _ = cursor.eat_mark("=") || cursor.eat("to");
    let first = cursor.string().or_else(|_| cursor.name());
    if first.is_ok_and(|it| !it.is_empty() && it != "public" && it != "default") {
        reading.left_alone(here, "SET search_path");
    }
}
