//! Rows for the tables of a schema, and what must become of them when it changes.

use syncline_codegen::diff::{Pair, Renames, TableName, tables};
use syncline_codegen::sql::default_of;
use syncline_schema::convert::convert;
use syncline_schema::model::{Column, ColumnType, DefaultValue, Role, Scalar, Table};
use syncline_schema::names::{quote_sql, quote_text};
use syncline_schema::{Schema, types};

use super::ground::Ground;

/// How many rows each table gets.
const ROWS: usize = 4;

/// Fills the tables of `previous` with rows that `next` has room for, as far as a generator can
/// tell. Rows that PostgreSQL refuses are left out.
pub(crate) fn insert(ground: &mut Ground, schemas: Pair<&Schema>) -> Result<(), String> {
    let renames = Renames::declared(schemas);
    let next: Vec<_> = schemas.next.on_server().collect();
    let mut rows = Vec::new();
    for table in schemas.previous.on_server() {
        let name = TableName::of(table);
        let after = next
            .iter()
            .find(|it| *renames.table_before(&TableName::of(it)) == name);
        for n in 1..=ROWS {
            rows.push(row(&name, table, after.copied(), &renames, n));
        }
    }
    let all = format!("BEGIN;\n{}\nCOMMIT;", rows.join("\n"));
    if ground.execute(&all).is_err() {
        // What points at others may have to wait for them.
        for _ in 0..ROWS {
            rows.retain(|row| ground.execute(row).is_err());
        }
    }
    for table in next {
        let name = TableName::of(table);
        for check in table.all_checks() {
            let before = renames.table_before(&name);
            let delete = format!("DELETE FROM {before} WHERE NOT ({});", check.expression);
            // It may speak of columns that are yet to come.
            let _ = ground.execute(&delete);
        }
    }
    Ok(())
}

fn row(
    name: &TableName,
    table: &Table,
    next: Option<&Table>,
    renames: &Renames,
    n: usize,
) -> String {
    let mut columns = Vec::new();
    let mut values = Vec::new();
    for column in &table.columns {
        let after = next.and_then(|next| {
            let name = TableName::of(next);
            next.columns
                .iter()
                .find(|it| renames.column_before(&name, &it.name) == column.name)
        });
        columns.push(quote_sql(&column.name));
        values.push(value_of(column, after, n));
    }
    let (columns, values) = (columns.join(", "), values.join(", "));
    format!("INSERT INTO {name} ({columns}) VALUES ({values});")
}

fn value_of(column: &Column, after: Option<&Column>, n: usize) -> String {
    let ty = types::postgres(&column.ty);
    let linked = column.references.is_some() || column.role == Role::Id || column.name == "id";
    let fills = |it: &Column| it.nullable || default_of(it).is_some();
    if column.nullable && n == 3 && after.is_none_or(fills) {
        return format!("NULL::{ty}");
    }
    if column.role == Role::Owner {
        return format!("'00000000-0000-0000-0000-000000000001'::{ty}");
    }
    let unlinked = after.is_some_and(|it| it.references.is_none() && it.name != "id");
    if linked && unlinked && column.nullable && after.is_none_or(fills) {
        return format!("NULL::{ty}");
    }
    if linked && !(unlinked && column.references.as_ref().is_some_and(|it| !it.enforce)) {
        return format!("{}::{ty}", quote_text(&key(&column.ty, after, n)));
    }
    // What the new type can hold, written as the old one.
    let text = match after.filter(|it| it.ty != column.ty) {
        Some(after) if narrower(&after.ty, &column.ty) => {
            let of = value(&after.ty, n);
            return format!(
                "{}::{}::text::{ty}",
                quote_text(&of),
                types::postgres(&after.ty)
            );
        }
        _ => value(&column.ty, n),
    };
    format!("{}::{ty}", quote_text(&text))
}

/// Does the new type decide which values there can be?
fn narrower(after: &ColumnType, before: &ColumnType) -> bool {
    matches!(before.scalar, Scalar::Text | Scalar::Varchar(_)) || after.array == before.array
}

/// The same for every column of a type: what points at a row finds it.
fn key(ty: &ColumnType, after: Option<&Column>, n: usize) -> String {
    let uuid = matches!(ty.scalar, Scalar::Uuid)
        || after.is_some_and(|it| matches!(it.ty.scalar, Scalar::Uuid));
    match &ty.scalar {
        _ if uuid => format!("00000000-0000-0000-0000-00000000000{n}"),
        _ => n.to_string(),
    }
}

fn value(ty: &ColumnType, n: usize) -> String {
    if ty.array {
        let one = scalar(&ty.scalar, n)
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        return match n {
            1 => "{}".to_owned(),
            _ => format!("{{\"{one}\",\"{one}\"}}"),
        };
    }
    scalar(&ty.scalar, n)
}

fn scalar(scalar: &Scalar, n: usize) -> String {
    match scalar {
        Scalar::Text => match n {
            2 => "it's \"two\" \\ größe\n$$".to_owned(),
            n => format!("r{n}"),
        },
        Scalar::Varchar(length) => {
            let text: String = format!("{n}ü's").chars().take(*length as usize).collect();
            text
        }
        Scalar::Boolean => (n.is_multiple_of(2)).to_string(),
        Scalar::SmallInt | Scalar::Integer | Scalar::BigInt => (n * 2).to_string(),
        Scalar::Real | Scalar::Double => format!("{n}.5"),
        Scalar::Decimal { precision, scale } => match (precision, scale) {
            (p, s) if p > s => n.to_string(),
            _ => "0".to_owned(),
        },
        Scalar::Timestamp | Scalar::LocalTimestamp => format!("2026-01-0{n} 10:00:00.123"),
        Scalar::Date => format!("2026-01-0{n}"),
        Scalar::Time => format!("10:0{n}:00.5"),
        Scalar::Uuid => format!("00000000-0000-0000-0000-00000000010{n}"),
        Scalar::Json => format!("{{\"n\": [{n}, \"it's\", null]}}"),
        Scalar::Bytes => format!("\\x0{n}ff"),
        Scalar::Enum(it) => it.values[n % it.values.len()].clone(),
        Scalar::Raw(name) if name.contains("vector") => format!("word{n}"),
        Scalar::Raw(_) => n.to_string(),
    }
}

/// Columns that live on: what their values are before, as they must read afterwards.
pub(crate) struct Kept {
    /// The query on the old table, and on the new one.
    pub(crate) queries: Pair<String>,
    /// The query on the old table that must read the same when all is undone.
    pub(crate) undone: String,
}

/// Those of every table that lives on.
pub(crate) fn kept(schemas: Pair<&Schema>) -> Vec<Kept> {
    let renames = Renames::declared(schemas);
    let before = tables(schemas.previous);
    let mut out = Vec::new();
    for next in schemas.next.on_server() {
        let name = TableName::of(next);
        let old = renames.table_before(&name);
        let Some(previous) = before.get(old) else {
            continue;
        };
        let mut pairs = Vec::new();
        let mut stay = Vec::new();
        for column in &next.columns {
            let own = renames.column_before(&name, &column.name);
            let former = [column.renamed_from.as_deref(), column.replaces.as_deref()];
            let mut sources = [Some(own)].into_iter().chain(former).flatten();
            let Some(source) = sources.find_map(|it| previous.column(it)) else {
                continue;
            };
            let Some(value) = carried(source, column, source.name != own) else {
                continue;
            };
            pairs.push((value, quote_sql(&column.name)));
            let same = types::postgres(&source.ty) == types::postgres(&column.ty);
            if source.name == own && same && source.nullable == column.nullable {
                stay.push(quote_sql(&source.name));
            }
        }
        let row = |columns: &mut dyn Iterator<Item = &String>| {
            let columns: Vec<_> = columns.map(|it| format!("({it})::text")).collect();
            format!("row({})::text", columns.join(", "))
        };
        let select = |row: String, table: &TableName| {
            format!("SELECT {row} COLLATE \"C\" FROM {table} ORDER BY 1")
        };
        out.push(Kept {
            queries: Pair {
                previous: select(row(&mut pairs.iter().map(|it| &it.0)), old),
                next: select(row(&mut pairs.iter().map(|it| &it.1)), &name),
            },
            undone: select(row(&mut stay.iter()), old),
        });
    }
    out
}

/// The value that a column's old one becomes, where it stands or in a column that `follows` it;
/// none where it is not for us to say.
fn carried(old: &Column, new: &Column, follows: bool) -> Option<String> {
    let mut value = quote_sql(&old.name);
    if new.replaces.is_some() {
        value = convert(old, new, &value)?;
    } else if let (Scalar::Enum(was), Scalar::Enum(is)) = (&old.ty.scalar, &new.ty.scalar) {
        let renamed = is.renamed.iter();
        let renamed = renamed.filter(|(from, _)| was.values.contains(from));
        let words: String = renamed
            .map(|(from, to)| format!(" WHEN {} THEN {}", quote_text(from), quote_text(to)))
            .collect();
        if !words.is_empty() {
            value = format!("CASE {value}::text{words} ELSE {value}::text END");
        }
    } else if matches!(&new.ty.scalar, Scalar::Enum(it) if it.native.is_some()) {
        // The type may be yet to come.
        value = format!("{value}::text");
    } else if types::postgres(&old.ty) != types::postgres(&new.ty) {
        let text = matches!(new.ty.scalar, Scalar::Text);
        let via = if text { "" } else { "::text" };
        let number = |it: &ColumnType| {
            matches!(
                it.scalar,
                Scalar::SmallInt
                    | Scalar::Integer
                    | Scalar::BigInt
                    | Scalar::Real
                    | Scalar::Double
                    | Scalar::Decimal { .. }
            )
        };
        let via = if number(&old.ty) && number(&new.ty) {
            ""
        } else {
            via
        };
        value = format!("{value}{via}::{}", types::postgres(&new.ty));
    }
    if follows || (old.nullable && !new.nullable) {
        match &new.default {
            Some(DefaultValue::Literal(_)) => {
                let default = default_of(new)?;
                let ty = types::postgres(&new.ty);
                value = format!("coalesce(({value})::{ty}, ({default})::{ty})");
            }
            Some(DefaultValue::Device) | None => {}
            Some(_) => return None,
        }
    }
    Some(value)
}

/// Queries that count rows of tables that were there and that lack a new column's default.
pub(crate) fn without_default(schemas: Pair<&Schema>) -> Vec<String> {
    let renames = Renames::declared(schemas);
    let before = tables(schemas.previous);
    let mut out = Vec::new();
    for next in schemas.next.on_server() {
        let name = TableName::of(next);
        let Some(previous) = before.get(renames.table_before(&name)) else {
            continue;
        };
        for column in &next.columns {
            let old = renames.column_before(&name, &column.name);
            let follows = column.renamed_from.is_some() || column.replaces.is_some();
            if previous.column(old).is_some() || follows {
                continue;
            }
            let (Some(DefaultValue::Literal(_)), Some(default)) =
                (&column.default, default_of(column))
            else {
                continue;
            };
            let (column, ty) = (quote_sql(&column.name), types::postgres(&column.ty));
            out.push(format!(
                "SELECT {column}::text FROM {name} WHERE {column}::text IS DISTINCT FROM ({default})::{ty}::text"
            ));
        }
    }
    out
}
