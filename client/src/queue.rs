//! The upload queue as the server takes it: whole transactions, as JSON, as many as fit into one request.

use futures_lite::{StreamExt, pin};
use powersync::error::PowerSyncError;
use powersync::{CrudEntry, CrudTransaction, UpdateType};
use serde_json::{Map, Value, json};

use crate::database::Database;

/// One change of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct UploadOp {
    /// `PUT`, `PATCH` or `DELETE`.
    pub op: &'static str,
    /// The table.
    pub table: String,
    /// The row.
    pub id: String,
    /// The columns: all that are not NULL of a `PUT`, those that changed of a `PATCH`.
    pub data: Option<Map<String, Value>>,
    /// The values before, where the table tracks them.
    pub old: Option<Map<String, Value>>,
    /// The app's own words, where the table tracks them.
    pub metadata: Option<String>,
}

/// What one request may hold. The default is within what the server takes by default: 16 MiB, 10,000 ops,
/// 100 transactions.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of the body.
    pub bytes: usize,
    /// Of all transactions.
    pub ops: usize,
    /// How many.
    pub transactions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 12 * 1024 * 1024,
            ops: 10_000,
            transactions: 100,
        }
    }
}

/// A transaction of the queue.
pub(crate) struct Outgoing<'d> {
    /// Its number on this device. With the client id and what it holds, it tells a repeated upload from a new
    /// one.
    pub(crate) op_id: i64,
    pub(crate) ops: Vec<UploadOp>,
    pub(crate) json: String,
    source: CrudTransaction<'d>,
}

impl Outgoing<'_> {
    /// Takes it and all before it off the queue.
    pub(crate) async fn complete(self) -> Result<(), PowerSyncError> {
        self.source.complete().await
    }
}

/// The oldest transactions: at least one if there is any, however large, and no more than the limits hold.
/// `skip` leaves so many of the oldest out.
pub(crate) async fn take(
    database: &Database,
    limits: Limits,
    skip: usize,
) -> Result<Vec<Outgoing<'_>>, PowerSyncError> {
    let queue = database.powersync().crud_transactions().skip(skip);
    pin!(queue);
    let mut batch: Vec<Outgoing<'_>> = Vec::new();
    let (mut bytes, mut ops) = (0, 0);
    while batch.len() < limits.transactions {
        let Some(next) = queue.next().await.transpose()? else {
            break;
        };
        let next = outgoing(next);
        bytes += next.json.len() + 1;
        ops += next.ops.len();
        if !batch.is_empty() && (bytes > limits.bytes || ops > limits.ops) {
            break;
        }
        batch.push(next);
    }
    Ok(batch)
}

fn outgoing(mut source: CrudTransaction<'_>) -> Outgoing<'_> {
    let first = source.crud.first().map_or(0, |entry| entry.client_id);
    // Writes outside of a transaction have none, and stand alone.
    let op_id = source.id.filter(|id| *id != 0).unwrap_or(first);
    let ops: Vec<_> = std::mem::take(&mut source.crud)
        .into_iter()
        .map(op)
        .collect();
    let sent: Vec<_> = ops.iter().map(to_json).collect();
    Outgoing {
        op_id,
        json: json!({ "op_id": op_id, "ops": sent }).to_string(),
        ops,
        source,
    }
}

fn op(entry: CrudEntry) -> UploadOp {
    let op = match entry.update_type {
        UpdateType::Put => "PUT",
        UpdateType::Patch => "PATCH",
        UpdateType::Delete => "DELETE",
    };
    UploadOp {
        op,
        table: entry.table,
        id: entry.id,
        data: entry.data.filter(|_| op != "DELETE"),
        old: entry.previous_values,
        metadata: entry.metadata,
    }
}

fn to_json(op: &UploadOp) -> Value {
    let mut json = json!({ "op": op.op, "table": op.table, "id": op.id });
    if let Some(data) = &op.data {
        json["data"] = Value::Object(data.clone());
    }
    if let Some(old) = &op.old {
        json["old"] = Value::Object(old.clone());
    }
    if let Some(metadata) = &op.metadata {
        json["metadata"] = metadata.as_str().into();
    }
    json
}
