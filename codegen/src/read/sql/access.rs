//! Policies, grants and the publication.

use syncline_schema::names;

use super::cursor::{Cursor, Result};
use super::reading::{Aside, Reading};
use crate::diff::{Privileges, Step, TableName};
use crate::sql::PUBLICATION;

/// Reads what follows `CREATE POLICY`.
pub(super) fn create_policy(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let here = cursor.here();
    let name = cursor.name()?;
    cursor.expect("on")?;
    let table = TableName::from(cursor.qualified()?);
    let mut plain = true;
    if cursor.eat("as") {
        plain &= cursor.is("permissive");
        cursor.name()?;
    }
    if cursor.eat("for") {
        plain &= cursor.is("all");
        cursor.name()?;
    }
    if cursor.eat("to") {
        plain &= cursor.is("public");
        cursor.name()?;
        while cursor.eat_mark(",") {
            plain = false;
            cursor.name()?;
        }
    }
    let mut using = None;
    if cursor.eat("using") {
        let inside = cursor.parens()?;
        using = Some(cursor.one_line(inside));
    }
    if cursor.eat("with check") {
        let inside = cursor.parens()?;
        // The same condition for both is what PostgreSQL takes where only one is given.
        plain &= using == Some(cursor.one_line(inside));
    }
    cursor.done()?;
    let ours = name == names::fit(&format!("{}_owner_policy", table.name));
    if !(ours && plain) {
        reading.left_alone(here, format!("the policy {name} of {table}"));
    }
    match using {
        Some(using) if plain => reading
            .steps
            .push(Step::CreatePolicy { table, name, using }),
        _ => reading.other(cursor.text),
    }
    Ok(())
}

/// Reads what follows `DROP POLICY`.
pub(super) fn drop_policy(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let _ = cursor.eat("if exists");
    let name = cursor.name()?;
    cursor.expect("on")?;
    let table = TableName::from(cursor.qualified()?);
    let _ = cursor.eat("cascade") || cursor.eat("restrict");
    cursor.done()?;
    reading.steps.push(Step::DropPolicy { table, name });
    Ok(())
}

/// Reads a `GRANT` or `REVOKE`; those that are not on the rows of tables are no change of theirs.
pub(super) fn grant(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) {
    let start = cursor.clone();
    match rows_grant(&mut cursor.clone()) {
        Some(steps) => reading.steps.extend(steps),
        None => reading.other(start.text),
    }
    cursor.skip_all();
}

fn rows_grant(cursor: &mut Cursor<'_>) -> Option<Vec<Step>> {
    let grants = cursor.eat("grant");
    if !grants && !cursor.eat("revoke") {
        return None;
    }
    let mut rights = Vec::new();
    loop {
        rights.push(cursor.name().ok()?);
        let _ = cursor.eat("privileges");
        if !cursor.eat_mark(",") {
            break;
        }
    }
    if !cursor.eat("on") {
        return None;
    }
    let _ = cursor.eat("table");
    let mut tables = Vec::new();
    loop {
        tables.push(TableName::from(cursor.qualified().ok()?));
        if !cursor.eat_mark(",") {
            break;
        }
    }
    if !cursor.eat(if grants { "to" } else { "from" }) {
        return None;
    }
    let mut roles = Vec::new();
    loop {
        roles.push(cursor.name().ok()?);
        if !cursor.eat_mark(",") {
            break;
        }
    }
    if !cursor.is_done() {
        return None;
    }
    rights.sort_unstable();
    let rights: Vec<_> = rights.iter().map(String::as_str).collect();
    let privileges = match (grants, rights.as_slice()) {
        (true, ["select"]) => Some(Privileges::Read),
        (true, ["delete", "insert", "select", "update"]) => Some(Privileges::Write),
        (false, ["all"]) => None,
        _ => return None,
    };
    let pairs = tables
        .iter()
        .flat_map(|table| roles.iter().map(move |role| (table.clone(), role.clone())));
    let step = |(table, role)| match privileges {
        Some(privileges) => Step::Grant {
            table,
            privileges,
            role,
        },
        None => Step::Revoke { table, role },
    };
    Some(pairs.map(step).collect())
}

/// Reads what follows `CREATE PUBLICATION` or `ALTER PUBLICATION`.
pub(super) fn publication(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let name = cursor.name()?;
    if name != PUBLICATION {
        // Another service's.
        reading.other(cursor.text);
        cursor.skip_all();
        return Ok(());
    }
    if cursor.eat("for all tables") {
        reading.other(cursor.text);
        reading.asides.push(Aside::PublishesAll(None));
        cursor.skip_all();
        return Ok(());
    }
    if cursor.eat("set") && !cursor.is_mark("(") {
        reading.asides.push(Aside::PublishesAnew);
    }
    let drops = cursor.eat("drop");
    let _ = cursor.eat("add") || cursor.eat("for");
    if cursor.eat("tables in schema") {
        let schema = cursor.name()?;
        reading.other(cursor.text);
        if !drops {
            reading.asides.push(Aside::PublishesAll(Some(schema)));
        }
        cursor.skip_all();
        return Ok(());
    }
    if !cursor.eat("table") {
        // Its options, owner or name.
        reading.other(cursor.text);
        cursor.skip_all();
        return Ok(());
    }
    members(cursor, drops, reading)
}

fn members(cursor: &mut Cursor<'_>, drops: bool, reading: &mut Reading<'_>) -> Result<()> {
    loop {
        let _ = cursor.eat("table");
        let _ = cursor.eat("only");
        let here = cursor.here();
        let table = TableName::from(cursor.qualified()?);
        let _ = cursor.eat_mark("*");
        if cursor.is_mark("(") {
            cursor.names()?;
            reading.left_alone(
                here.clone(),
                format!("the list of published columns of {table}"),
            );
        }
        if cursor.eat("where") {
            cursor.parens()?;
            reading.left_alone(here, format!("the filter of published rows of {table}"));
        }
        reading.steps.push(if drops {
            Step::Unpublish(table)
        } else {
            Step::Publish(table)
        });
        if !cursor.eat_mark(",") {
            break;
        }
    }
    if cursor.eat("with") {
        cursor.parens()?;
    }
    cursor.done()
}
