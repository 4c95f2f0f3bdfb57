//! `CREATE INDEX`, `DROP INDEX`, `ALTER INDEX`.

use syncline_schema::model::{Index, IndexColumn, IndexPart, Nulls, Scalar, Table};

use super::constraint::{columns_in, unqualified};
use super::cursor::{Cursor, Result};
use super::names::Names;
use super::reading::{Aside, Reading};
use crate::diff::{Step, TableName};

/// Reads what follows `CREATE`, from `UNIQUE` or `INDEX` on.
pub(super) fn create(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let start = cursor.here();
    let unique = cursor.eat("unique");
    cursor.expect("index")?;
    let concurrently = cursor.eat("concurrently");
    let if_not_exists = cursor.eat("if not exists");
    let given = if cursor.is("on") {
        None
    } else {
        Some(cursor.name()?)
    };
    cursor.expect("on")?;
    let _ = cursor.eat("only");
    let of = TableName::from(cursor.qualified()?);
    let unknown = Table::new(&of.name, syncline_schema::model::Residence::Server);
    let table = reading.known.table(&of).unwrap_or(&unknown);
    let mut index = Index::new("", Vec::new());
    index.unique = unique;
    if cursor.eat("using") {
        index.method = Some(cursor.name()?).filter(|it| it != "btree");
    }
    let mut parts = Vec::new();
    let mut beyond = None;
    let inside = cursor.parens()?;
    for part in cursor.split(inside) {
        let mut part = cursor.within(part);
        let (column, called, not_held) = element(&mut part, table, index.method.is_none())?;
        beyond = beyond.or(not_held);
        parts.push(called);
        index.columns.push(column);
    }
    if cursor.eat("include") {
        index.include = cursor.names()?;
        parts.extend(index.include.iter().cloned());
    }
    index.nulls_not_distinct = cursor.eat("nulls not distinct");
    let _ = cursor.eat("nulls distinct");
    let storage = cursor.here();
    if cursor.eat("with") {
        cursor.parens()?;
        reading.left_alone(storage.clone(), "how the index is stored");
    }
    if cursor.eat("tablespace") {
        cursor.name()?;
        reading.left_alone(storage, "how the index is stored");
    }
    if cursor.eat("where") {
        let rest = cursor.rest();
        if rest.is_empty() {
            return Err(cursor.expected("a condition"));
        }
        index.predicate = Some(unqualified(&cursor.one_line(rest), &of.name));
        cursor.skip_all();
    }
    cursor.done()?;
    index.name = given.unwrap_or_else(|| Names::of(table).index(table, &parts));
    if if_not_exists && table.indexes.iter().any(|it| it.name == index.name) {
        return Ok(());
    }
    if let Some(what) = beyond {
        reading.left_alone(start, format!("the index {} with {what}", index.name));
        reading.other(cursor.text);
        reading.asides.push(Aside::LeftPart(of, index.name));
        return Ok(());
    }
    index.place = reading.place(start);
    reading.steps.push(Step::CreateIndex {
        table: of,
        index: Box::new(index),
        concurrently,
    });
    Ok(())
}

/// One part of an index, what PostgreSQL calls it in the index's name, and what no schema holds.
fn element(
    cursor: &mut Cursor<'_>,
    table: &Table,
    btree: bool,
) -> Result<(IndexColumn, String, Option<&'static str>)> {
    let mut beyond = None;
    let start = cursor.position();
    let (part, called) = if cursor.is_mark("(") {
        let inside = cursor.parens()?;
        let sql = cursor.one_line(inside.clone());
        let called = called(&mut cursor.within(inside));
        match lone_column(&sql, table) {
            Some(name) => (IndexPart::Column(name.clone()), name),
            None => (
                IndexPart::Expression(unqualified(&sql, &table.name)),
                called,
            ),
        }
    } else {
        let name = cursor.qualified()?;
        if cursor.is_mark("(") {
            cursor.parens()?;
            let sql = cursor.one_line(start..cursor.position());
            (
                IndexPart::Expression(unqualified(&sql, &table.name)),
                name.name,
            )
        } else {
            (IndexPart::Column(name.name.clone()), name.name)
        }
    };
    let mut column = IndexColumn {
        part,
        desc: false,
        nulls: None,
        opclass: None,
    };
    if cursor.eat("collate") {
        cursor.qualified()?;
        beyond = Some("a collation");
    }
    let ordered = |cursor: &Cursor<'_>| cursor.is("asc") || cursor.is("desc") || cursor.is("nulls");
    if !cursor.is_done() && !ordered(cursor) {
        let class = cursor.qualified()?.name;
        if cursor.is_mark("(") {
            cursor.parens()?;
            beyond = Some("an operator class with parameters");
        }
        let ty = column
            .name()
            .and_then(|name| table.column(name))
            .map(|it| (&it.ty.scalar, it.ty.array));
        column.opclass = Some(class).filter(|it| !btree || !is_usual_class(it, ty));
    }
    column.desc = cursor.eat("desc");
    let _ = !column.desc && cursor.eat("asc");
    if cursor.eat("nulls first") {
        column.nulls = (!column.desc).then_some(Nulls::First);
    } else if cursor.eat("nulls last") {
        column.nulls = column.desc.then_some(Nulls::Last);
    }
    if !cursor.is_done() {
        return Err(cursor.expected("`,` or `)`"));
    }
    Ok((column, called, beyond))
}

/// `(title)` in parentheses is the column all the same.
fn lone_column(sql: &str, table: &Table) -> Option<String> {
    let columns = columns_in(table, sql);
    match columns.as_slice() {
        [one] if syncline_schema::names::quote_sql(one) == sql || *one == sql.to_lowercase() => {
            Some((*one).to_owned())
        }
        _ => None,
    }
}

/// What PostgreSQL calls an expression: its outermost function, or `expr`.
fn called(cursor: &mut Cursor<'_>) -> String {
    match cursor.qualified() {
        Ok(name) if cursor.is_mark("(") && cursor.parens().is_ok() && cursor.is_done() => name.name,
        _ => "expr".to_owned(),
    }
}

/// Is it the class that a B-tree takes for the type where none is named?
fn is_usual_class(class: &str, ty: Option<(&Scalar, bool)>) -> bool {
    let Some((scalar, array)) = ty else {
        return false;
    };
    let usual = match scalar {
        _ if array => "array_ops",
        Scalar::Text | Scalar::Varchar(_) => "text_ops",
        Scalar::Boolean => "bool_ops",
        Scalar::SmallInt => "int2_ops",
        Scalar::Integer => "int4_ops",
        Scalar::BigInt => "int8_ops",
        Scalar::Real => "float4_ops",
        Scalar::Double => "float8_ops",
        Scalar::Decimal { .. } => "numeric_ops",
        Scalar::Timestamp => "timestamptz_ops",
        Scalar::LocalTimestamp => "timestamp_ops",
        Scalar::Date => "date_ops",
        Scalar::Time => "time_ops",
        Scalar::Uuid => "uuid_ops",
        Scalar::Json => "jsonb_ops",
        Scalar::Bytes => "bytea_ops",
        Scalar::Enum(it) if it.native.is_some() => "enum_ops",
        Scalar::Enum(_) => "text_ops",
        Scalar::Raw(sql) => match sql.split('(').next().unwrap_or_default() {
            it if it.ends_with("[]") => "array_ops",
            "varchar" => "text_ops",
            "char" => "bpchar_ops",
            "numeric" => "numeric_ops",
            "timestamptz" => "timestamptz_ops",
            "timestamp" => "timestamp_ops",
            "time" => "time_ops",
            "inet" => "inet_ops",
            "interval" => "interval_ops",
            _ => return false,
        },
    };
    class == usual
}

/// Reads what follows `DROP INDEX`.
pub(super) fn drop(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let concurrently = cursor.eat("concurrently");
    let if_exists = cursor.eat("if exists");
    loop {
        let here = cursor.here();
        let name = cursor.qualified()?;
        match reading.known.table_of_index(&name) {
            Some(table) => reading.steps.push(Step::DropIndex {
                table: TableName::of(table),
                name: name.name,
                concurrently,
            }),
            None => unknown(cursor, reading, if_exists, here, &name.name),
        }
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let _ = cursor.eat("cascade") || cursor.eat("restrict");
    cursor.done()
}

fn unknown(
    cursor: &Cursor<'_>,
    reading: &mut Reading<'_>,
    if_exists: bool,
    here: std::ops::Range<usize>,
    name: &str,
) {
    reading.other(cursor.text);
    if !if_exists {
        reading.missing(here, format!("there is no index {name}"), name);
    }
}

/// Reads what follows `ALTER INDEX`.
pub(super) fn alter(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Result<()> {
    let if_exists = cursor.eat("if exists");
    let here = cursor.here();
    let name = cursor.qualified()?;
    let table = reading.known.table_of_index(&name);
    if cursor.eat("rename to") {
        let to = cursor.name()?;
        match table {
            Some(table) => reading.steps.push(Step::RenameIndex {
                table: TableName::of(table),
                from: name.name,
                to,
            }),
            None => unknown(cursor, reading, if_exists, here, &name.name),
        }
        return cursor.done();
    }
    reading.left_alone(here, format!("how the index {} is stored", name.name));
    reading.other(cursor.text);
    cursor.skip_all();
    Ok(())
}
