//! `ALTER TABLE`.

use syncline_schema::model::{Column, ColumnType, Residence, Scalar, Table};

use super::constraint::{self, Body};
use super::cursor::{Cursor, Result};
use super::names::Names;
use super::reading::{Aside, Reading};
use super::{column, default, types};
use crate::diff::{Step, TableName};

/// Actions that change no schema, by their first words.
const NO_CHANGE: &[&str] = &[
    "owner to",
    "validate trigger",
    "enable trigger",
    "disable trigger",
    "enable always trigger",
    "enable replica trigger",
    "cluster on",
    "set without cluster",
    "set without oids",
];

/// Reads what follows `ALTER TABLE`.
pub(super) fn read(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let if_exists = cursor.eat("if exists");
    let _ = cursor.eat("only");
    let name = TableName::from(cursor.qualified()?);
    let _ = cursor.eat_mark("*");
    let Some(table) = reading.known.table(&name) else {
        if if_exists {
            reading.other(cursor.text);
            cursor.skip_all();
            return Ok(());
        }
        let none = Table::new(&name.name, Residence::Server);
        return actions(cursor, &none, name, reading);
    };
    actions(cursor, table, name, reading)
}

fn actions(
    cursor: &mut Cursor<'_>,
    table: &Table,
    name: TableName,
    reading: &mut Reading<'_>,
) -> Result<()> {
    if cursor.is_done() {
        return Err(cursor.expected("what to alter"));
    }
    let mut names = Names::of(table);
    // What the statement has added so far, for names and types.
    let mut now = table.clone();
    now.name.clone_from(&name.name);
    now.schema.clone_from(&name.schema);
    for part in cursor.split(cursor.rest()) {
        let mut part = cursor.within(part);
        action(&mut part, &mut now, &name, &mut names, reading)?;
        part.done()?;
    }
    cursor.skip_all();
    Ok(())
}

fn action(
    cursor: &mut Cursor<'_>,
    now: &mut Table,
    name: &TableName,
    names: &mut Names,
    reading: &mut Reading<'_>,
) -> Result<()> {
    if cursor.eat("add") {
        return add(cursor, now, name, names, reading);
    }
    if cursor.eat("drop") {
        return drop(cursor, now, name, reading);
    }
    if cursor.eat("rename") {
        return rename(cursor, name, reading);
    }
    if cursor.is("alter") && !cursor.are("alter constraint") {
        cursor.next();
        return alter_column(cursor, now, name, reading);
    }
    if cursor.eat("set schema") {
        let to = Some(cursor.name()?).filter(|it| it != "public");
        let table = name.clone();
        reading.steps.push(Step::SetSchema { table, to });
        return Ok(());
    }
    if cursor.eat("validate constraint") {
        let (table, name) = (name.clone(), cursor.name()?);
        reading.steps.push(Step::Validate { table, name });
        return Ok(());
    }
    for (words, on) in [
        ("enable row level security", true),
        ("disable row level security", false),
    ] {
        if cursor.eat(words) {
            let table = name.clone();
            reading.steps.push(Step::RowSecurity { table, on });
            return Ok(());
        }
    }
    let here = cursor.here();
    let known = NO_CHANGE.iter().any(|words| cursor.are(words));
    let sql = cursor.one_line(cursor.rest());
    if !known {
        let words: Vec<_> = sql.split(' ').take(4).collect();
        reading.left_alone(here, format!("`{}` of {name}", words.join(" ")));
    }
    if cursor.is_done() {
        return Err(cursor.expected("what to alter"));
    }
    cursor.skip_all();
    reading.other(format!("ALTER TABLE {name} {sql}"));
    Ok(())
}

fn add(
    cursor: &mut Cursor<'_>,
    now: &mut Table,
    name: &TableName,
    names: &mut Names,
    reading: &mut Reading<'_>,
) -> Result<()> {
    if !cursor.is("column")
        && let Some(found) = constraint::take(cursor, None, reading)?
    {
        constraint::steps(found, now, names, reading);
        return Ok(());
    }
    let _ = cursor.eat("column");
    let if_not_exists = cursor.eat("if not exists");
    let findings = reading.findings.len();
    let (column, constraints) = column::take(cursor, &name.name, reading)?;
    if if_not_exists && now.column(&column.name).is_some() {
        reading.findings.truncate(findings);
        return Ok(());
    }
    now.columns.push(column.clone());
    let key = constraints
        .iter()
        .any(|it| matches!(it.body, Body::Key { .. }));
    reading.steps.push(Step::AddColumn {
        table: name.clone(),
        column: Box::new(Column {
            nullable: column.nullable && !key,
            ..column
        }),
    });
    for it in constraints {
        constraint::steps(it, now, names, reading);
    }
    Ok(())
}

fn drop(
    cursor: &mut Cursor<'_>,
    now: &mut Table,
    table: &TableName,
    reading: &mut Reading<'_>,
) -> Result<()> {
    let constraint = cursor.eat("constraint");
    let _ = !constraint && cursor.eat("column");
    let if_exists = cursor.eat("if exists");
    let name = cursor.name()?;
    let _ = cursor.eat("cascade") || cursor.eat("restrict");
    let table = table.clone();
    if constraint {
        let step = Step::DropConstraint { table, name };
        if if_exists && !would_fit(&step, reading) {
            reading.other(step_text(&step));
        } else {
            reading.steps.push(step);
        }
        return Ok(());
    }
    if if_exists && now.column(&name).is_none() {
        return Ok(());
    }
    now.columns.retain(|it| it.name != name);
    reading.steps.push(Step::DropColumn {
        table,
        column: name,
    });
    Ok(())
}

/// Does the table have what the step takes away?
fn would_fit(step: &Step, reading: &Reading<'_>) -> bool {
    let Step::DropConstraint { table, .. } = step else {
        return false;
    };
    let Some(table) = reading.known.table(table) else {
        return false;
    };
    let mut alone = syncline_schema::Schema::default();
    alone.tables.push(table.clone());
    crate::diff::fold::apply(step, &mut alone).is_ok()
}

fn step_text(step: &Step) -> String {
    match step {
        Step::DropConstraint { table, name } => format!(
            "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {}",
            syncline_schema::names::quote_sql(name)
        ),
        _ => String::new(),
    }
}

fn rename(cursor: &mut Cursor<'_>, name: &TableName, reading: &mut Reading<'_>) -> Result<()> {
    let table = name.clone();
    if cursor.eat("to") {
        let to = cursor.name()?;
        // An index can be renamed so as well.
        let index = super::cursor::Name {
            schema: name.schema.clone(),
            name: name.name.clone(),
        };
        let step = match reading.known.table_of_index(&index) {
            Some(owner) if reading.known.table(name).is_none() => Step::RenameIndex {
                table: TableName::of(owner),
                from: index.name,
                to,
            },
            _ => {
                let left = Aside::LeftTable(name.sibling(&to));
                if reading.known.table(name).is_none() {
                    reading.asides.push(left);
                }
                Step::RenameTable { table, to }
            }
        };
        reading.steps.push(step);
        return Ok(());
    }
    let constraint = cursor.eat("constraint");
    let _ = !constraint && cursor.eat("column");
    let from = cursor.name()?;
    cursor.expect("to")?;
    let to = cursor.name()?;
    reading.steps.push(if constraint {
        Step::RenameConstraint { table, from, to }
    } else {
        Step::RenameColumn { table, from, to }
    });
    Ok(())
}

fn alter_column(
    cursor: &mut Cursor<'_>,
    now: &mut Table,
    table: &TableName,
    reading: &mut Reading<'_>,
) -> Result<()> {
    let _ = cursor.eat("column");
    let here = cursor.here();
    let name = cursor.name()?;
    let table = table.clone();
    let column = name.clone();
    if cursor.eat("set not null") {
        reading.steps.push(Step::SetNotNull { table, column });
    } else if cursor.eat("drop not null") {
        reading.steps.push(Step::DropNotNull { table, column });
    } else if cursor.eat("drop default") {
        set_default(now, table, &name, None, reading);
    } else if cursor.eat("set default") {
        let rest = cursor.rest();
        if rest.is_empty() {
            return Err(cursor.expected("a default"));
        }
        let sql = cursor.one_line(rest);
        cursor.skip_all();
        set_default(now, table, &name, Some(&sql), reading);
    } else if cursor.eat("set data type") || cursor.eat("type") {
        let to = types::resolve(&types::take(cursor)?, reading.known.enums);
        if cursor.eat("collate") {
            cursor.qualified()?;
            reading.left_alone(here, format!("the collation of {table}.{name}"));
        }
        let using = if cursor.eat("using") {
            let rest = cursor.rest();
            let sql = cursor.one_line(rest);
            cursor.skip_all();
            Some(sql)
        } else {
            None
        };
        let from = now.column(&name).map(|it| it.ty.clone());
        for it in now.columns.iter_mut().filter(|it| it.name == name) {
            it.ty = to.clone();
        }
        reading.steps.push(Step::SetType {
            table,
            column,
            from,
            to,
            using,
        });
    } else {
        // Identity, generation, statistics, storage.
        let what = cursor.one_line(cursor.rest());
        let words: Vec<_> = what.split(' ').take(4).collect();
        if cursor.is_done() {
            return Err(cursor.expected("what to alter"));
        }
        reading.left_alone(here, format!("`{}` of {table}.{name}", words.join(" ")));
        let column = syncline_schema::names::quote_sql(&name);
        reading.other(format!("ALTER TABLE {table} ALTER COLUMN {column} {what}"));
        cursor.skip_all();
    }
    Ok(())
}

fn set_default(
    now: &mut Table,
    table: TableName,
    name: &str,
    sql: Option<&str>,
    reading: &mut Reading<'_>,
) {
    let mut column = match now.column(name) {
        Some(column) => column.clone(),
        None => {
            let mut unknown = Column::new(
                name,
                Scalar::Raw("unknown".to_owned()),
                true,
                syncline_schema::model::Role::Data,
            );
            unknown.ty = ColumnType::scalar(Scalar::Raw("unknown".to_owned()));
            unknown
        }
    };
    column.default = sql.and_then(|sql| default::read(sql, &column.ty));
    reading.steps.push(Step::SetDefault {
        table,
        default: column.default.clone(),
        column: Box::new(column),
    });
}
