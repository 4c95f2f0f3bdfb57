//! Uploads, bound to statements as the server binds them.

use postgres::Client;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use syncline_runtime::{
    Mapper, Mask, PG_EPOCH_DAYS, PG_EPOCH_MICROS, Statement, TypedArray, decode,
};

use crate::Failure;

/// One row of an upload: columns and JSON.
pub type Upload<'a> = &'a [(&'a str, &'a str)];

/// What is bound for one value: PostgreSQL's binary form.
#[derive(Debug)]
struct Binary(Vec<u8>);

impl ToSql for Binary {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub fn bind(array: TypedArray) -> Box<dyn ToSql + Sync> {
    fn binary<T, const N: usize>(
        rows: Vec<Option<T>>,
        form: impl Fn(T) -> [u8; N],
    ) -> Box<dyn ToSql + Sync> {
        let rows = rows
            .into_iter()
            .map(|row| row.map(|it| Binary(form(it).to_vec())));
        Box::new(rows.collect::<Vec<_>>())
    }
    match array {
        TypedArray::Bool(rows) => Box::new(rows),
        TypedArray::Int2(rows) => Box::new(rows),
        TypedArray::Int4(rows) => Box::new(rows),
        TypedArray::Int8(rows) => Box::new(rows),
        TypedArray::Float4(rows) => Box::new(rows),
        TypedArray::Float8(rows) => Box::new(rows),
        TypedArray::Text(rows) => Box::new(rows),
        TypedArray::Bytea(rows) => Box::new(rows),
        TypedArray::Timestamptz(rows) | TypedArray::Timestamp(rows) => {
            binary(rows, |micros| (micros - PG_EPOCH_MICROS).to_be_bytes())
        }
        TypedArray::Time(rows) => binary(rows, i64::to_be_bytes),
        TypedArray::Date(rows) => binary(rows, |days| (days - PG_EPOCH_DAYS).to_be_bytes()),
        TypedArray::Uuid(rows) => binary(rows, |uuid| uuid),
    }
}

/// The arrays of a statement, and the mask of each row.
fn arrays(
    mapper: &Mapper,
    statement: &Statement,
    rows: &[Upload<'_>],
) -> Result<(Vec<TypedArray>, Vec<Vec<u8>>), Failure> {
    let columns = mapper.table.columns;
    let mut arrays: Vec<_> = statement
        .columns
        .iter()
        .map(|at| TypedArray::for_column(&columns[*at]))
        .collect();
    let mut masks = Vec::new();
    for row in rows {
        let mut mask = Mask::none(mapper.table);
        for (array, at) in arrays.iter_mut().zip(statement.columns) {
            let column = &columns[*at];
            match row.iter().find(|(name, _)| *name == column.name) {
                Some((_, json)) => {
                    mask.insert(*at);
                    array.push(decode(column, json)?)?;
                }
                None => array.push_null(),
            }
        }
        masks.push(mask.as_bytes().to_vec());
    }
    Ok((arrays, masks))
}

/// Gives `id` and, behind a `+`, the ids of new rows.
pub fn put_known(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    known: Option<&Mask>,
    rows: &[Upload<'_>],
) -> Result<String, Failure> {
    let statement = mapper.statements.put.ok_or("no put")?;
    let (arrays, _) = arrays(mapper, &statement, rows)?;
    let known = known.map(Mask::as_bytes);
    let arrays: Vec<_> = arrays.into_iter().map(bind).collect();
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&owner, &known];
    params.extend(arrays.iter().map(|it| &**it));
    let rows = client.query(statement.sql, &params)?;
    let ids = rows.iter().map(|row| {
        let new = if row.get("inserted") { "+" } else { "" };
        format!("{new}{}", row.get::<_, &str>("id"))
    });
    Ok(sorted(ids.collect()))
}

pub fn put(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    rows: &[Upload<'_>],
) -> Result<String, Failure> {
    put_known(client, mapper, owner, None, rows)
}

pub fn patch(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    rows: &[Upload<'_>],
) -> Result<String, Failure> {
    let statement = mapper.statements.patch.ok_or("no patch")?;
    let (arrays, masks) = arrays(mapper, &statement, rows)?;
    let arrays: Vec<_> = arrays.into_iter().map(bind).collect();
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&owner, &masks];
    params.extend(arrays.iter().map(|it| &**it));
    ids(client, statement.sql, &params)
}

pub fn delete(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    rows: &[&str],
) -> Result<String, Failure> {
    let sql = mapper.statements.delete.ok_or("no delete")?;
    let mut array = TypedArray::for_column(&mapper.table.columns[0]);
    for id in rows {
        array.push(decode(&mapper.table.columns[0], &format!("\"{id}\""))?)?;
    }
    ids(client, sql, &[&owner, &*bind(array)])
}

fn ids(client: &mut Client, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<String, Failure> {
    let rows = client.query(sql, params)?;
    Ok(sorted(rows.iter().map(|row| row.get("id")).collect()))
}

/// PostgreSQL promises no order.
fn sorted(mut ids: Vec<String>) -> String {
    ids.sort_by(|a, b| a.trim_start_matches('+').cmp(b.trim_start_matches('+')));
    ids.join(" ")
}
