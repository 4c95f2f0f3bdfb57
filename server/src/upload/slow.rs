//! The slow path: op by op in the device's order, to the verdict.

use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row, Transaction};

use super::attempt::Failed;
use super::bind::Array;
use super::device::{Device, Key};
use super::engine::{Engine, count_rewound};
use super::fast::{Note, parameters};
use super::{plan, stale, statements};
use crate::body::{Decoded, Op, OpKind, UploadTransaction, named};
use crate::sqlstate::{self, Meaning};
use crate::store;
use crate::verdict::{Code, Refusal, Rejection, Verdict};

/// Notes a transaction and applies its ops one by one, or keeps it as a dead letter: where it
/// comes refused, and where an op breaks a rule. Either is committed, with its note, at the end.
///
/// # Errors
///
/// [`Failed`] where nothing is committed.
pub(super) async fn run(
    engine: &Engine,
    device: &Device<'_>,
    transaction: &UploadTransaction,
    refused: Option<&Rejection>,
) -> Result<Verdict, Failed> {
    let client = engine.connection().await;
    let mut client = client.map_err(|why| Failed::Because(Meaning::Trouble(why.reason)))?;
    let mut whole = tokio_postgres::Client::transaction(&mut client).await?;
    if engine.catalog.app.row_security {
        whole.execute(store::SET_USER, &[&device.user]).await?;
    }
    let keys = [Key::of(transaction)];
    let mut entered = Vec::new();
    if let Some(note) = Note::new(device, &keys, refused.map(json)) {
        entered = whole.query(store::ENTER, &note.parameters()).await?;
    }
    let rejection = match refused {
        Some(rejection) => Some(rejection.clone()),
        None => replay(engine, device, transaction, &mut whole).await?,
    };
    let Some(rejection) = rejection else {
        whole.commit().await?;
        count_rewound(&entered);
        return Ok(Verdict::Applied);
    };
    if refused.is_none() && device.notes(&keys[0]) {
        let digest = &transaction.digest[..];
        let parameters: [&(dyn ToSql + Sync); 5] = [
            &device.user,
            &device.client,
            &transaction.op_id,
            &digest,
            &json(&rejection),
        ];
        whole.execute(store::REJECT, &parameters).await?;
    }
    keep(engine, device, transaction, &rejection, &whole).await?;
    whole.commit().await?;
    count_rewound(&entered);
    Ok(Verdict::Rejected(rejection))
}

/// Applies the ops of an open dead letter and settles it, both or neither; none where it is
/// settled already.
pub(super) async fn unnoted(
    engine: &Engine,
    device: &Device<'_>,
    transaction: &UploadTransaction,
    letter: i64,
) -> Result<Option<Verdict>, Failed> {
    let client = engine.connection().await;
    let mut client = client.map_err(|why| Failed::Because(Meaning::Trouble(why.reason)))?;
    let mut whole = tokio_postgres::Client::transaction(&mut client).await?;
    if engine.catalog.app.row_security {
        whole.execute(store::SET_USER, &[&device.user]).await?;
    }
    // First: who replays it at the same time waits, and finds it settled.
    let settle: [&(dyn ToSql + Sync); 2] = [&letter, &"replayed"];
    if whole.execute(store::dead_letters::SETTLE, &settle).await? == 0 {
        return Ok(None);
    }
    match replay(engine, device, transaction, &mut whole).await? {
        Some(rejection) => Ok(Some(Verdict::Rejected(rejection))),
        None => {
            whole.commit().await?;
            Ok(Some(Verdict::Applied))
        }
    }
}

/// The ops one by one; the rejection of the first that breaks a rule, with none in effect.
async fn replay(
    engine: &Engine,
    device: &Device<'_>,
    transaction: &UploadTransaction,
    whole: &mut Transaction<'_>,
) -> Result<Option<Rejection>, Failed> {
    let ops = whole.savepoint("ops").await?;
    for (at, op) in transaction.ops.iter().enumerate() {
        let Decoded::Op(op) = op else {
            continue;
        };
        if let Some(refusal) = settle(apply(engine, device, op, &ops).await)? {
            ops.rollback().await?;
            return Ok(Some(Rejection {
                op_index: Some(at),
                refusal,
            }));
        }
    }
    // What is checked at the end is checked here, where it can still become a verdict.
    let deferred = ops.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await;
    if let Some(refusal) = settle(deferred.map(|()| None))? {
        ops.rollback().await?;
        return Ok(Some(Rejection {
            op_index: None,
            refusal,
        }));
    }
    ops.commit().await?;
    Ok(None)
}

/// Tells a refusal from what may pass.
fn settle(answer: Result<Option<Refusal>, Error>) -> Result<Option<Refusal>, Failed> {
    match answer {
        Ok(refusal) => Ok(refusal),
        Err(error) => match sqlstate::meaning(&error) {
            Meaning::Fatal(refusal) => Ok(Some(refusal)),
            meaning => Err(Failed::Because(meaning)),
        },
    }
}

async fn apply(
    engine: &Engine,
    device: &Device<'_>,
    op: &Op,
    ops: &Transaction<'_>,
) -> Result<Option<Refusal>, Error> {
    if engine.checks_previous(op)
        && let Some(refusal) = stale::check(engine, device, op, ops).await?
    {
        return Ok(Some(refusal));
    }
    let mapper = engine.catalog.mapper(op.table);
    // Decoding has given every value its column's type.
    let Ok(Some(batch)) = plan::single(&engine.catalog, op.clone()) else {
        return Ok(None);
    };
    let Some(sql) = statements::plain(mapper, op.kind) else {
        return Ok(None);
    };
    let known = engine.known(device, &batch);
    let arrays: Vec<_> = batch.arrays.iter().map(Array).collect();
    let answer = ops
        .query(sql, &parameters(device, &batch, &known, &arrays))
        .await;
    match answer {
        Ok(rows) => Ok(taken(op, &rows)),
        // With row security, PostgreSQL finds the other owner's row before the statement does.
        Err(error) if op.kind == OpKind::Put && sqlstate::is_row_security(&error) => {
            Ok(Some(id_taken()))
        }
        Err(error) => Err(error),
    }
}

/// A PUT writes its row, or the row is someone else's.
fn taken(op: &Op, rows: &[Row]) -> Option<Refusal> {
    (op.kind == OpKind::Put && rows.is_empty()).then(id_taken)
}

fn id_taken() -> Refusal {
    Refusal::in_column(Code::IdTaken, "id", "belongs to another row".to_owned())
}

/// Keeps the dead letter, in the transaction that notes it.
async fn keep(
    engine: &Engine,
    device: &Device<'_>,
    transaction: &UploadTransaction,
    rejection: &Rejection,
    whole: &Transaction<'_>,
) -> Result<(), Error> {
    let payload = [&b"["[..], &transaction.text, b"]"].concat();
    let op_index = rejection.op_index.and_then(|at| i32::try_from(at).ok());
    let digest = &transaction.digest[..];
    let parameters: [&(dyn ToSql + Sync); 10] = [
        &device.user,
        &device.client,
        &transaction.op_id,
        &digest,
        &device.version,
        &rejection.refusal.code.name(),
        &op_index,
        &rejection.refusal.column,
        &rejection.refusal.message,
        &payload,
    ];
    whole.execute(store::DEAD_LETTER, &parameters).await?;
    if let Some(sql) = engine.catalog.app.rejection {
        let (table, row) = rejection
            .op_index
            .map_or((None, None), |at| named(&transaction.text, at));
        let parameters: [&(dyn ToSql + Sync); 8] = [
            &device.user,
            &device.client,
            &transaction.op_id,
            &table,
            &row,
            &rejection.refusal.column,
            &rejection.refusal.code.name(),
            &rejection.refusal.message,
        ];
        whole.execute(sql, &parameters).await?;
    }
    Ok(())
}

fn json(rejection: &Rejection) -> String {
    // Only strings and numbers: it always can be written.
    serde_json::to_string(rejection).unwrap_or_default()
}
