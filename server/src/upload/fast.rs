//! The fast path: a group of transactions in one database transaction, in one flight.

use tokio_postgres::types::ToSql;

use super::attempt::Failed;
use super::bind::Array;
use super::device::{Device, Key};
use super::engine::{Engine, count_rewound};
use super::flight::{Bound, fly};
use super::plan::Batch;
use crate::body::OpKind;
use crate::sqlstate::Meaning;
use crate::store;

/// What is sent, ready to be sent again.
pub(super) struct Flight<'a> {
    engine: &'a Engine,
    device: &'a Device<'a>,
    note: Option<Note<'a>>,
    batches: Vec<Ready<'a>>,
}

/// The parameters of [`store::ENTER`].
pub(super) struct Note<'a> {
    user: &'a str,
    client: &'a str,
    version: Option<&'a str>,
    last_op: Option<i64>,
    op_ids: Vec<&'a str>,
    digests: Vec<&'a [u8]>,
    rejections: Vec<Option<String>>,
}

struct Ready<'a> {
    sql: &'a str,
    known: Option<Vec<u8>>,
    arrays: Vec<Array<'a>>,
    batch: &'a Batch,
}

impl<'a> Note<'a> {
    /// None where the device does not say who it is and which transaction this is.
    pub(super) fn new(
        device: &'a Device<'a>,
        keys: &'a [Key],
        rejection: Option<String>,
    ) -> Option<Self> {
        let noted = || keys.iter().filter(|key| device.notes(key));
        let mut last_op = noted().filter_map(|key| key.op_id.as_deref()?.parse().ok());
        (noted().count() > 0).then_some(())?;
        Some(Self {
            user: device.user,
            client: device.client?,
            version: device.version,
            last_op: last_op.next_back(),
            op_ids: noted().filter_map(|key| key.op_id.as_deref()).collect(),
            digests: noted().map(|key| &key.digest[..]).collect(),
            rejections: noted().map(|_| rejection.clone()).collect(),
        })
    }

    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.user,
            &self.client,
            &self.version,
            &self.last_op,
            &self.op_ids,
            &self.digests,
            &self.rejections,
        ]
    }
}

impl<'a> Flight<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        device: &'a Device<'a>,
        keys: &'a [Key],
        batches: &'a [Batch],
    ) -> Self {
        let ready = batches.iter().filter_map(|batch| {
            Some(Ready {
                sql: engine.statements[batch.table.0].counting(batch.kind)?,
                known: engine.known(device, batch),
                arrays: batch.arrays.iter().map(Array).collect(),
                batch,
            })
        });
        Self {
            engine,
            device,
            note: Note::new(device, keys, None),
            batches: ready.collect(),
        }
    }

    pub(super) async fn fly(&self) -> Result<(), Failed> {
        let client = self.engine.connection().await;
        let client = client.map_err(|why| Failed::Because(Meaning::Trouble(why.reason)))?;
        let mut statements = Vec::with_capacity(self.batches.len() + 2);
        if self.engine.catalog.app.row_security {
            statements.push(Bound {
                statement: client.prepare_cached(store::SET_USER).await?,
                parameters: vec![&self.device.user],
            });
        }
        if let Some(note) = &self.note {
            statements.push(Bound {
                statement: client.prepare_cached(store::ENTER).await?,
                parameters: note.parameters(),
            });
        }
        for ready in &self.batches {
            statements.push(Bound {
                statement: client.prepare_cached(ready.sql).await?,
                parameters: parameters(self.device, ready.batch, &ready.known, &ready.arrays),
            });
        }
        let rows = fly(&client, &statements).await?;
        if self.note.is_some() {
            let at = usize::from(self.engine.catalog.app.row_security);
            count_rewound(rows.get(at).map_or(&[], Vec::as_slice));
        }
        Ok(())
    }
}

/// What is bound to a batch's statement.
pub(super) fn parameters<'a>(
    device: &'a Device<'a>,
    batch: &'a Batch,
    known: &'a Option<Vec<u8>>,
    arrays: &'a [Array<'a>],
) -> Vec<&'a (dyn ToSql + Sync)> {
    let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(arrays.len() + 2);
    parameters.push(&device.user);
    match batch.kind {
        OpKind::Put => parameters.push(known),
        OpKind::Patch => parameters.push(&batch.masks),
        OpKind::Delete => {}
    }
    parameters.extend(arrays.iter().map(|array| array as &(dyn ToSql + Sync)));
    parameters
}

impl Engine {
    /// The columns of a batch's table that the device knows, as its statement takes them.
    pub(super) fn known(&self, device: &Device<'_>, batch: &Batch) -> Option<Vec<u8>> {
        let mask = self.versions.mask(device.version, batch.table)?;
        Some(mask.as_bytes().to_vec())
    }
}
