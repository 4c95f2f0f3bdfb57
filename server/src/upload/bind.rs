//! Typed arrays as parameters of PostgreSQL's binary protocol.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use postgres_protocol::types::{ArrayDimension, array_to_sql};
use syncline_runtime::{PG_EPOCH_DAYS, PG_EPOCH_MICROS, TypedArray};
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

type Failure = Box<dyn Error + Sync + Send>;

/// An array, bound as it is: without another copy, and without a dynamic value for each row.
#[derive(Debug)]
pub(crate) struct Array<'a>(pub(crate) &'a TypedArray);

impl ToSql for Array<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let Kind::Array(element) = ty.kind() else {
            return Err(format!("{ty} is no array").into());
        };
        let oid = element.oid();
        if element.name() != self.0.pg_type() {
            return Err(format!("the array is of {}, not {element}", self.0.pg_type()).into());
        }
        match self.0 {
            TypedArray::Bool(rows) => put(rows, oid, out, |v, out| out.put_u8(u8::from(*v))),
            TypedArray::Int2(rows) => put(rows, oid, out, |v, out| out.put_i16(*v)),
            TypedArray::Int4(rows) => put(rows, oid, out, |v, out| out.put_i32(*v)),
            TypedArray::Int8(rows) | TypedArray::Time(rows) => {
                put(rows, oid, out, |v, out| out.put_i64(*v))
            }
            TypedArray::Float4(rows) => put(rows, oid, out, |v, out| out.put_f32(*v)),
            TypedArray::Float8(rows) => put(rows, oid, out, |v, out| out.put_f64(*v)),
            TypedArray::Timestamptz(rows) | TypedArray::Timestamp(rows) => {
                put(rows, oid, out, |v, out| out.put_i64(v - PG_EPOCH_MICROS))
            }
            TypedArray::Date(rows) => put(rows, oid, out, |v, out| out.put_i32(v - PG_EPOCH_DAYS)),
            TypedArray::Uuid(rows) => put(rows, oid, out, |v, out| out.put_slice(v)),
            TypedArray::Bytea(rows) => put(rows, oid, out, |v, out| out.put_slice(v)),
            TypedArray::Text(rows) => put(rows, oid, out, |v, out| out.put_slice(v.as_bytes())),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(_))
    }

    to_sql_checked!();
}

fn put<T>(
    rows: &[Option<T>],
    oid: u32,
    out: &mut BytesMut,
    write: impl Fn(&T, &mut BytesMut),
) -> Result<IsNull, Failure> {
    let dimension = ArrayDimension {
        len: i32::try_from(rows.len())?,
        lower_bound: 1,
    };
    array_to_sql(
        [dimension],
        oid,
        rows.iter().map(Option::as_ref),
        |row, out| {
            Ok(match row {
                Some(value) => {
                    write(value, out);
                    postgres_protocol::IsNull::No
                }
                None => postgres_protocol::IsNull::Yes,
            })
        },
        out,
    )?;
    Ok(IsNull::No)
}
