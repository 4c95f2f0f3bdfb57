//! Takes a request's transactions to their verdicts, in order.

use std::collections::HashSet;
use std::mem;
use std::time::{Duration, Instant};

use deadpool_postgres::{Client, Pool};
use syncline_runtime::Conflict;

use super::attempt::End;
use super::device::{Device, Key};
use super::statements::Statements;
use super::{fast, plan, slow};
use crate::app::{App, Catalog};
use crate::body::{Decoded, Op, OpKind, Upload, UploadTransaction, again};
use crate::hooks::{Bound, Hooks};
use crate::measure::{LOST_CONNECTIONS, POOL_WAIT_SECONDS, REWOUND_CLIENTS};
use crate::store::{self, dead_letters::DeadLetter};
use crate::verdict::{Rejection, Retry, Verdict};
use crate::versions::Versions;

/// What may be tuned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuning {
    /// The most ops of neighbouring client transactions that share a database transaction.
    pub(crate) group_ops: usize,
    /// How often the server itself tries again after a deadlock or a lost connection.
    pub(crate) tries: u32,
    /// Failures in a row after which a transaction is given up, once it is old enough.
    pub(crate) give_up_after: i32,
    /// How old a failing transaction has to be before it is given up.
    pub(crate) give_up_age: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            group_ops: 1_000,
            tries: 4,
            give_up_after: 20,
            give_up_age: Duration::from_secs(3_600),
        }
    }
}

/// Applies uploads to a database.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) catalog: Catalog,
    pub(super) statements: Vec<Statements>,
    pub(crate) pool: Pool,
    pub(crate) versions: Versions,
    hooks: Bound,
    pub(super) tuning: Tuning,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The verdicts of its first transactions, each committed.
    pub(crate) verdicts: Vec<Verdict>,
    /// Why the next one has none.
    pub(crate) stopped: Option<Retry>,
}

impl Engine {
    /// An engine for an app's tables on the databases of a pool.
    pub(crate) fn new(app: &'static App, pool: Pool, hooks: Hooks, tuning: Tuning) -> Self {
        let catalog = Catalog::new(app);
        let statements = app.tables.iter().map(|it| Statements::new(it)).collect();
        let versions = Versions::new(&catalog);
        Self {
            statements,
            pool,
            versions,
            hooks: hooks.bind(&catalog),
            catalog,
            tuning,
        }
    }

    /// A connection, or when to come again.
    pub(crate) async fn connection(&self) -> Result<Client, Retry> {
        let from = Instant::now();
        let client = self.pool.get().await;
        metrics::histogram!(POOL_WAIT_SECONDS).record(from.elapsed().as_secs_f64());
        client.map_err(|why| {
            metrics::counter!(LOST_CONNECTIONS).increment(1);
            tracing::warn!(%why, "no connection to the database");
            Retry::new("no connection to the database is free")
        })
    }

    /// Applies a user's request. Each transaction has its verdict before the next one begins.
    pub(crate) async fn apply(&self, user: &str, mut upload: Upload) -> Outcome {
        let version = upload.schema_version.take();
        let client_id = upload.client_id.take();
        let device = Device {
            user,
            client: client_id.as_deref(),
            version: version.as_deref(),
        };
        let mut verdicts = Vec::with_capacity(upload.transactions.len());
        let mut rest = upload.transactions.as_mut_slice();
        while !rest.is_empty() {
            // Hooks see what the transactions before have left.
            self.hooks.before(user, &mut rest[0].ops).await;
            let heard = self.hooks.heard(&rest[0].ops);
            let (group, behind) = rest.split_at_mut(self.group(rest));
            let first = verdicts.len();
            if let Err(retry) = self.apply_group(&device, group, &mut verdicts).await {
                return Outcome {
                    verdicts,
                    stopped: Some(retry),
                };
            }
            if verdicts.get(first) == Some(&Verdict::Applied) {
                self.hooks.after(user, heard).await;
            }
            rest = behind;
        }
        Outcome {
            verdicts,
            stopped: None,
        }
    }

    /// Applies the ops of a dead letter now, and settles it with them; none where it is settled
    /// already. One that is refused again makes no second letter.
    pub(crate) async fn replay(
        &self,
        letter: &DeadLetter,
        ops: &[u8],
    ) -> Result<Option<Verdict>, Retry> {
        let user = &letter.user_id;
        let device = Device {
            user,
            client: None,
            version: letter.schema_version.as_deref(),
        };
        self.versions.read(&self.pool).await;
        let text = ops
            .strip_prefix(b"[")
            .and_then(|rest| rest.strip_suffix(b"]"));
        let text = text.unwrap_or_default().to_vec();
        let mut transaction = UploadTransaction {
            op_id: None,
            digest: [0; 16],
            ops: again(&self.catalog, user, &text),
            text,
        };
        self.hooks.before(user, &mut transaction.ops).await;
        if let Some(rejection) = transaction.ops.iter().enumerate().find_map(refusal) {
            return Ok(Some(Verdict::Rejected(rejection)));
        }
        let run = || slow::unnoted(self, &device, &transaction, letter.id);
        match self.attempt(&device, &[Key::of(&transaction)], run).await? {
            End::Done(verdict) => Ok(verdict),
            End::Noted | End::Fatal | End::GivenUp(_) => {
                Err(Retry::new("the transaction could not be applied"))
            }
        }
    }

    /// How many of the next transactions may share a database transaction.
    fn group(&self, rest: &[UploadTransaction]) -> usize {
        let mut seen = HashSet::new();
        let mut ops = 0;
        let fits = |transaction: &&UploadTransaction| {
            ops += transaction.ops.len();
            ops <= self.tuning.group_ops
                && self.is_plain(&transaction.ops)
                && !self.hooks.watch(&transaction.ops)
                && seen.insert((transaction.op_id.clone(), transaction.digest))
        };
        rest.iter().take_while(fits).count().max(1)
    }

    /// Can the fast path take it?
    fn is_plain(&self, ops: &[Decoded]) -> bool {
        ops.iter().all(|op| match op {
            Decoded::Op(op) => !self.checks_previous(op),
            Decoded::Dropped => true,
            Decoded::Refused(_) => false,
        })
    }

    /// Does the op have to find the row as its device saw it?
    pub(super) fn checks_previous(&self, op: &Op) -> bool {
        let table = self.catalog.mapper(op.table).table;
        table.conflict == Conflict::RejectStale && op.kind != OpKind::Put
    }

    async fn apply_group(
        &self,
        device: &Device<'_>,
        group: &mut [UploadTransaction],
        verdicts: &mut Vec<Verdict>,
    ) -> Result<(), Retry> {
        let alone = group.len() == 1;
        let mut given_up = None;
        if !alone || self.is_plain(&group[0].ops) {
            let keys: Vec<_> = group.iter().map(Key::of).collect();
            let batches = plan::plan(&self.catalog, group.iter_mut().flat_map(take_ops))
                .map_err(|_| Retry::new("a value is of another type than its column"))?;
            let flight = fast::Flight::new(self, device, &keys, &batches);
            match self.attempt(device, &keys, || flight.fly()).await? {
                End::Done(()) => {
                    verdicts.extend(group.iter().map(|_| Verdict::Applied));
                    return Ok(());
                }
                End::Noted if alone => {
                    verdicts.push(self.stored(device, &keys[0]).await?);
                    return Ok(());
                }
                End::GivenUp(reason) => given_up = Some(reason),
                End::Noted | End::Fatal => {}
            }
            for transaction in &mut *group {
                transaction.ops = again(&self.catalog, device.user, &transaction.text);
                self.hooks.before(device.user, &mut transaction.ops).await;
            }
        }
        if alone {
            let verdict = self.apply_slowly(device, &group[0], given_up).await?;
            verdicts.push(verdict);
        } else {
            // One of them is in the others' way: each for itself, in order.
            for at in 0..group.len() {
                Box::pin(self.apply_group(device, &mut group[at..=at], verdicts)).await?;
            }
        }
        Ok(())
    }

    async fn apply_slowly(
        &self,
        device: &Device<'_>,
        transaction: &UploadTransaction,
        given_up: Option<String>,
    ) -> Result<Verdict, Retry> {
        let refused = transaction.ops.iter().enumerate().find_map(refusal);
        // One that a newer server could take is enough: it knows better about the others, too.
        let newer = |op: &Decoded| matches!(op, Decoded::Refused(it) if it.may_be_newer());
        if transaction.ops.iter().any(newer)
            && !self.versions.is_known(&self.pool, device.version).await
        {
            return Err(Retry::new(
                "the device's schema is newer than this server's",
            ));
        }
        let mut refused = refused.or_else(|| given_up.map(Rejection::gave_up));
        let keys = [Key::of(transaction)];
        loop {
            let run = || slow::run(self, device, transaction, refused.as_ref());
            match self.attempt(device, &keys, run).await? {
                End::Done(verdict) => return Ok(verdict),
                End::Noted => return self.stored(device, &keys[0]).await,
                End::GivenUp(reason) if refused.is_none() => {
                    refused = Some(Rejection::gave_up(reason));
                }
                End::GivenUp(_) | End::Fatal => {
                    return Err(Retry::new("the transaction could not be noted"));
                }
            }
        }
    }

    /// The verdict that a repeated transaction has.
    async fn stored(&self, device: &Device<'_>, key: &Key) -> Result<Verdict, Retry> {
        let connection = self.connection().await?;
        let digest = &key.digest[..];
        let row = connection
            .query_opt(
                store::VERDICT,
                &[&device.user, &device.client, &key.op_id, &digest],
            )
            .await
            .map_err(|_| Retry::new("the stored verdict could not be read"))?;
        // Pruned between the two: the next try applies it as new.
        let row = row.ok_or_else(|| Retry::new("the stored verdict is gone"))?;
        let rejection: Option<String> = row.get(0);
        Ok(Verdict::Duplicate(
            rejection.and_then(|text| serde_json::from_str(&text).ok()),
        ))
    }
}

/// The ops of a transaction that have an effect; they leave it.
fn take_ops(transaction: &mut UploadTransaction) -> impl Iterator<Item = Op> + use<> {
    let ops = mem::take(&mut transaction.ops).into_iter();
    ops.filter_map(|op| match op {
        Decoded::Op(op) => Some(op),
        Decoded::Dropped | Decoded::Refused(_) => None,
    })
}

/// Counts a client whose op ids went back, by the rows of [`store::ENTER`] once they are committed.
pub(super) fn count_rewound(entered: &[tokio_postgres::Row]) {
    if entered.first().is_some_and(|row| row.get(0)) {
        metrics::counter!(REWOUND_CLIENTS).increment(1);
    }
}

fn refusal((at, op): (usize, &Decoded)) -> Option<Rejection> {
    match op {
        Decoded::Refused(refusal) => Some(Rejection {
            op_index: Some(at),
            refusal: refusal.clone(),
        }),
        Decoded::Op(_) | Decoded::Dropped => None,
    }
}
