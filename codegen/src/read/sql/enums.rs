//! `CREATE TYPE`, `ALTER TYPE`, `DROP TYPE`.

use syncline_schema::model::EnumType;

use super::cursor::{Cursor, Name, Result};
use super::reading::{Aside, Reading};
use crate::diff::Step;

/// Reads what follows `CREATE TYPE`.
pub(super) fn create(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let here = cursor.here();
    let name = cursor.qualified()?;
    if name.schema.is_none() && cursor.eat("as enum") {
        let inside = cursor.parens()?;
        let mut values = Vec::new();
        for part in cursor.split(inside) {
            let mut part = cursor.within(part);
            values.push(part.string()?);
            part.done()?;
        }
        reading.steps.push(Step::CreateEnum(EnumType {
            values,
            native: Some(name.name),
            renamed: Vec::new(),
        }));
        return cursor.done();
    }
    reading.left_alone(here, format!("the type {}", shown(&name)));
    reading.asides.push(Aside::LeftType(name.name));
    reading.other(cursor.text);
    cursor.skip_all();
    Ok(())
}

fn shown(name: &Name) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.clone(),
    }
}

/// Reads what follows `ALTER TYPE`.
pub(super) fn alter(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let here = cursor.here();
    let written = cursor.qualified()?;
    let known = reading
        .known
        .enum_named(&written.name)
        .filter(|_| written.schema.is_none());
    let name = written.name.clone();
    if let Some(known) = known {
        if cursor.eat("add value") {
            let if_not_exists = cursor.eat("if not exists");
            let value = cursor.string()?;
            let before = if cursor.eat("before") {
                Some(cursor.string()?)
            } else if cursor.eat("after") {
                let after = cursor.string()?;
                let at = known.values.iter().position(|it| *it == after);
                at.and_then(|at| known.values.get(at + 1)).cloned()
            } else {
                None
            };
            let there = known.values.contains(&value);
            if !(if_not_exists && there) {
                reading.steps.push(Step::AddEnumValue {
                    name,
                    value,
                    before,
                });
            }
            return cursor.done();
        }
        if cursor.eat("rename value") {
            let from = cursor.string()?;
            cursor.expect("to")?;
            let to = cursor.string()?;
            reading.steps.push(Step::RenameEnumValue { name, from, to });
            return cursor.done();
        }
        if cursor.eat("rename to") {
            let to = cursor.name()?;
            reading.other(cursor.text);
            reading.asides.push(Aside::RenamedEnum(name, to));
            return cursor.done();
        }
    }
    if !cursor.are("owner to") {
        reading.left_alone(here, format!("the type {}", shown(&written)));
    }
    reading.other(cursor.text);
    cursor.skip_all();
    Ok(())
}

/// Reads what follows `DROP TYPE`.
pub(super) fn drop(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let if_exists = cursor.eat("if exists");
    loop {
        let here = cursor.here();
        let name = cursor.qualified()?;
        if name.schema.is_none() && reading.known.enum_named(&name.name).is_some() {
            reading.steps.push(Step::DropEnum(name.name));
        } else {
            reading.other(cursor.text);
            if !if_exists {
                let message = format!("there is no enum {}", shown(&name));
                reading.missing(here, message, &name.name);
            }
        }
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let _ = cursor.eat("cascade") || cursor.eat("restrict");
    cursor.done()
}
