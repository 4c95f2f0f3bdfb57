//! `conflict = "reject_stale"`: is the row still as its device saw it?

use serde_json::Value as Json;
use syncline_runtime::{Value, pg_value};
use tokio_postgres::{Error, Transaction};

use super::bind::Array;
use super::device::Device;
use super::engine::Engine;
use super::plan;
use crate::body::Op;
use crate::verdict::{Code, Refusal};

/// Locks the row and compares it with the previous values of the op. A row that is not there, or
/// is someone else's, is no conflict: the op has no effect, as ever.
pub(super) async fn check(
    engine: &Engine,
    device: &Device<'_>,
    op: &Op,
    ops: &Transaction<'_>,
) -> Result<Option<Refusal>, Error> {
    let mapper = engine.catalog.mapper(op.table);
    let (Some(sql), false) = (mapper.statements.current, op.previous.is_empty()) else {
        return Ok(None);
    };
    let ids = plan::ids(mapper, &op.id);
    let Some(row) = ops.query_opt(sql, &[&device.user, &Array(&ids)]).await? else {
        return Ok(None);
    };
    for (at, previous) in &op.previous {
        let Some(column) = mapper.table.columns.get(*at) else {
            continue;
        };
        let text: Option<&str> = row.try_get(column.name)?;
        let current = match text {
            None => Value::Null,
            // What cannot be read cannot be what the device had.
            Some(text) => pg_value(column, text).unwrap_or(Value::Null),
        };
        if !same(&current, previous) {
            let message = "has changed since the device read it".to_owned();
            return Ok(Some(Refusal::in_column(
                Code::Conflict,
                column.name,
                message,
            )));
        }
    }
    Ok(None)
}

/// Equal as values: the texts of two JSON documents may differ.
fn same(current: &Value, previous: &Value) -> bool {
    match (current, previous) {
        (Value::Json(a), Value::Json(b)) => {
            let read = |text: &str| serde_json::from_str::<Json>(text).ok();
            read(a) == read(b)
        }
        (a, b) => a == b,
    }
}
