//! `CREATE TABLE`.

use syncline_schema::model::{Check, Key, Residence, Table};

use super::column;
use super::constraint::{self, Body, Constraint};
use super::cursor::{Cursor, Result};
use super::names::Names;
use super::reading::{Aside, Reading};
use crate::diff::{Step, TableName};

/// Reads what follows `CREATE`, from `TABLE` or a word before it on.
pub(super) fn read(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let _ = cursor.eat("global") || cursor.eat("local");
    let temporary = cursor.eat("temporary") || cursor.eat("temp");
    let unlogged = cursor.eat("unlogged");
    cursor.expect("table")?;
    let if_not_exists = cursor.eat("if not exists");
    let at = cursor.here();
    let name = TableName::from(cursor.qualified()?);
    if temporary {
        // It is gone with its session.
        reading.other(cursor.text);
        reading.asides.push(Aside::LeftTable(name));
        cursor.skip_all();
        return Ok(());
    }
    if if_not_exists && reading.known.table(&name).is_some() {
        cursor.skip_all();
        return Ok(());
    }
    let text = cursor.text;
    let left = |reading: &mut Reading<'_>, why: &str| {
        reading.left_alone(at.clone(), format!("the table {name}, {why},"));
        reading.other(text);
        reading.asides.push(Aside::LeftTable(name.clone()));
    };
    if cursor.is("as") {
        left(reading, "made of a query");
        cursor.skip_all();
        return Ok(());
    }
    if cursor.is("of") || cursor.are("partition of") {
        left(reading, "whose columns stand elsewhere");
        cursor.skip_all();
        return Ok(());
    }
    let body = cursor.parens()?;
    if cursor.is("as") {
        left(reading, "made of a query");
        cursor.skip_all();
        return Ok(());
    }
    let parts = cursor.split(body);
    if cursor.is("inherits") || parts.iter().any(|it| cursor.within(it.clone()).is("like")) {
        left(reading, "whose columns stand elsewhere");
        cursor.skip_all();
        return Ok(());
    }
    let mut table = Table::new(&name.name, Residence::Server);
    table.schema.clone_from(&name.schema);
    table.key = Key::Columns(Vec::new());
    table.place = reading.place(at.clone());
    let mut constraints = Vec::new();
    for part in parts {
        let mut part = cursor.within(part);
        match constraint::take(&mut part, None, reading)? {
            Some(found) => constraints.push(found),
            None => {
                let (column, found) = column::take(&mut part, &name.name, reading)?;
                table.columns.push(column);
                constraints.extend(found);
            }
        }
        part.done()?;
    }
    if unlogged {
        reading.left_alone(at.clone(), format!("UNLOGGED of the table {name}"));
    }
    tail(cursor, &name, reading)?;
    finish(table, constraints, reading);
    Ok(())
}

/// Takes what stands behind the columns.
fn tail(cursor: &mut Cursor<'_>, name: &TableName, reading: &mut Reading<'_>) -> Result<()> {
    while !cursor.is_done() {
        let here = cursor.here();
        if cursor.eat("partition by") {
            cursor.name()?;
            cursor.parens()?;
            reading.left_alone(here, format!("the partitioning of {name}"));
        } else if cursor.eat("with") {
            cursor.parens()?;
            reading.left_alone(here, format!("how {name} is stored"));
        } else if cursor.eat("without oids") {
        } else if cursor.eat("tablespace") || cursor.eat("using") {
            cursor.name()?;
            reading.left_alone(here, format!("how {name} is stored"));
        } else {
            return Err(cursor.expected("the end of the statement"));
        }
    }
    Ok(())
}

/// The steps: the table with its key and checks, then what has steps of its own.
fn finish(mut table: Table, constraints: Vec<Constraint>, reading: &mut Reading<'_>) {
    let mut names = Names::default();
    for name in constraints.iter().filter_map(|it| it.name.as_deref()) {
        names.take(name);
    }
    let mut later = Vec::new();
    for it in constraints {
        match &it.body {
            Body::Check(expression) => {
                let expression = constraint::unqualified(expression, &table.name);
                let name = it.name.clone();
                table.checks.push(Check {
                    name: name.unwrap_or_else(|| names.check(&table, &expression)),
                    expression,
                    place: reading.place(it.range),
                });
            }
            Body::NotNull(name) => {
                for column in table.columns.iter_mut().filter(|it| it.name == *name) {
                    column.nullable = false;
                }
            }
            Body::Key { columns, .. } => {
                let name = it.name.clone().unwrap_or_else(|| names.key(&table));
                let usual = syncline_schema::names::fit(&format!("{}_pkey", table.name));
                table.key_name = Some(name).filter(|name| *name != usual);
                for column in &mut table.columns {
                    column.nullable &= !columns.contains(&column.name);
                }
                table.key = Key::Columns(columns.clone());
            }
            _ => later.push(it),
        }
    }
    let at = reading.steps.len();
    for it in later {
        constraint::steps(it, &table, &mut names, reading);
    }
    reading.steps.insert(at, Step::CreateTable(Box::new(table)));
}
