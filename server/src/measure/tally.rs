//! Counts the ops of a request by table, op and verdict.

use std::collections::BTreeMap;

use super::{FOREIGN_OWNERS, OPS, REJECTIONS, RETRIES, TRANSACTIONS};
use crate::app::Catalog;
use crate::body::{Decoded, OpKind, UploadTransaction};
use crate::upload::Outcome;
use crate::verdict::Verdict;

/// The table of ops that have none: their names are the device's, and would be labels without end.
const NO_TABLE: &str = "";

/// What a transaction holds.
#[derive(Debug, Default)]
struct Held {
    ops: BTreeMap<(&'static str, &'static str), u64>,
    foreign_owners: BTreeMap<&'static str, u64>,
}

/// What the transactions of a request hold, until their verdicts are known.
#[derive(Debug)]
pub(crate) struct Tally(Vec<Held>);

impl Tally {
    /// Looks at a request's transactions before they are applied.
    pub(crate) fn of(catalog: &Catalog, transactions: &[UploadTransaction]) -> Self {
        let held = |transaction: &UploadTransaction| {
            let mut held = Held::default();
            for op in &transaction.ops {
                let labels = match op {
                    Decoded::Op(op) => {
                        let table = catalog.mapper(op.table).table.name;
                        if op.other_owner {
                            *held.foreign_owners.entry(table).or_default() += 1;
                        }
                        (table, name(op.kind))
                    }
                    Decoded::Dropped => (NO_TABLE, "dropped"),
                    Decoded::Refused(_) => (NO_TABLE, "refused"),
                };
                *held.ops.entry(labels).or_default() += 1;
            }
            held
        };
        Self(transactions.iter().map(held).collect())
    }

    /// Counts those that have a verdict.
    pub(crate) fn count(self, outcome: &Outcome) {
        let mut ops = BTreeMap::<_, u64>::new();
        let mut foreign_owners = BTreeMap::<_, u64>::new();
        for (held, verdict) in self.0.iter().zip(&outcome.verdicts) {
            for ((table, op), number) in &held.ops {
                *ops.entry((*table, *op, verdict.name())).or_default() += number;
            }
            if *verdict == Verdict::Applied {
                for (table, number) in &held.foreign_owners {
                    *foreign_owners.entry(*table).or_default() += number;
                }
            }
            metrics::counter!(TRANSACTIONS, "verdict" => verdict.name()).increment(1);
            if let Verdict::Rejected(rejection) = verdict {
                metrics::counter!(REJECTIONS, "code" => rejection.refusal.code.name()).increment(1);
            }
        }
        for ((table, op, verdict), number) in ops {
            metrics::counter!(OPS, "table" => table, "op" => op, "verdict" => verdict)
                .increment(number);
        }
        for (table, number) in foreign_owners {
            metrics::counter!(FOREIGN_OWNERS, "table" => table).increment(number);
        }
        if outcome.stopped.is_some() {
            metrics::counter!(RETRIES).increment(1);
        }
    }
}

fn name(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Put => "put",
        OpKind::Patch => "patch",
        OpKind::Delete => "delete",
    }
}
