//! From ops in their order to statements over arrays: what the fast path sends.
//!
//! Ops of one row are folded to their net effect, so that each row stands once in a statement
//! (`ON CONFLICT DO UPDATE` and `UPDATE … FROM` both need that). Rows of one table and kind share
//! a statement, parents before children, ids in order, so that two devices lock alike.
//!
//! Folding may turn an error of the device's order into another, or into none; where that could
//! pass over something in silence, a new segment begins, and segments keep their order.

use std::collections::HashMap;

use syncline_runtime::{Delete, Mapper, Mask, Mismatch, Role, Statement, TypedArray, Value};

use crate::app::{Catalog, TableIndex};
use crate::body::{Op, OpKind, RowId};

/// Rows of one table, for one statement.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) table: TableIndex,
    pub(crate) kind: OpKind,
    pub(crate) rows: usize,
    /// One a row, for PATCH only.
    pub(crate) masks: Vec<Vec<u8>>,
    /// The statement's arrays; only the ids for DELETE.
    pub(crate) arrays: Vec<TypedArray>,
}

/// The net effect of a row's ops.
#[derive(Debug)]
struct Net {
    table: TableIndex,
    kind: OpKind,
    id: RowId,
    given: Mask,
    values: Vec<(usize, Value)>,
}

/// Ops whose statements may change places.
#[derive(Debug, Default)]
struct Segment {
    rows: HashMap<(TableIndex, RowId), usize>,
    nets: Vec<Net>,
    /// Does it hold deletes that remove rows, and maybe others with them? Then nothing else.
    removes: bool,
}

/// The statements of some ops, in the order in which they are sent.
///
/// # Errors
///
/// [`Mismatch`] where a value is not of its column's type, which decoding rules out.
pub(crate) fn plan(
    catalog: &Catalog,
    ops: impl IntoIterator<Item = Op>,
) -> Result<Vec<Batch>, Mismatch> {
    let mut segments: Vec<Segment> = Vec::new();
    for op in ops {
        if op.kind == OpKind::Patch && op.values.is_empty() {
            // Nothing changes, not even the time of the last change.
            continue;
        }
        let net = Net {
            table: op.table,
            kind: op.kind,
            id: op.id,
            given: op.given,
            values: op.values,
        };
        let left = match segments.last_mut() {
            Some(segment) => segment.take(catalog, net),
            None => Some(net),
        };
        if let Some(net) = left {
            let mut segment = Segment::default();
            segment.add(catalog, net);
            segments.push(segment);
        }
    }
    let mut batches = Vec::new();
    for segment in segments {
        segment.batches(catalog, &mut batches)?;
    }
    Ok(batches)
}

/// One statement for one op, as the slow path sends it.
pub(crate) fn single(catalog: &Catalog, op: Op) -> Result<Option<Batch>, Mismatch> {
    Ok(plan(catalog, [op])?.pop())
}

/// The array of one id.
pub(crate) fn ids(mapper: &Mapper, id: &RowId) -> TypedArray {
    let mut ids = TypedArray::for_column(&mapper.table.columns[0]);
    // An id is of its column's type.
    if ids.push(id.value()).is_err() {
        ids.push_null();
    }
    ids
}

impl Segment {
    /// Takes an op in, or gives it back where it needs a segment of its own.
    fn take(&mut self, catalog: &Catalog, net: Net) -> Option<Net> {
        if self.removes != removes(catalog, &net) {
            return Some(net);
        }
        let Some(&at) = self.rows.get(&(net.table, net.id.clone())) else {
            self.add(catalog, net);
            return None;
        };
        let earlier = &mut self.nets[at];
        let merges = match earlier.kind {
            OpKind::Put => says_the_same_in_a_put(catalog.mapper(net.table), &net),
            OpKind::Patch => true,
            OpKind::Delete => false,
        };
        match (earlier.kind, net.kind) {
            (_, OpKind::Patch) if merges => {
                for (column, value) in net.values {
                    earlier.given.insert(column);
                    match earlier.values.iter_mut().find(|(own, _)| *own == column) {
                        Some((_, own)) => *own = value,
                        None => earlier.values.push((column, value)),
                    }
                }
                None
            }
            (OpKind::Delete, OpKind::Delete) => None,
            // A PUT keeps what the ops before it have set for good, a delete marks what the first
            // has written, and what follows a delete meets another row.
            _ => Some(net),
        }
    }

    fn add(&mut self, catalog: &Catalog, net: Net) {
        self.removes = removes(catalog, &net);
        self.rows
            .insert((net.table, net.id.clone()), self.nets.len());
        self.nets.push(net);
    }

    fn batches(mut self, catalog: &Catalog, out: &mut Vec<Batch>) -> Result<(), Mismatch> {
        let rank = |net: &Net| {
            let rank = catalog.rank(net.table);
            // Children go before their parents do.
            let rank = if self.removes {
                usize::MAX - rank
            } else {
                rank
            };
            (net.kind, rank)
        };
        self.nets
            .sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id)));
        let mut nets = self.nets.into_iter().peekable();
        while let Some(first) = nets.next() {
            let (table, kind) = (first.table, first.kind);
            let mut filling = Filling::new(catalog.mapper(table), &first);
            filling.push(first)?;
            while let Some(net) = nets.next_if(|net| (net.table, net.kind) == (table, kind)) {
                filling.push(net)?;
            }
            out.push(filling.batch);
        }
        Ok(())
    }
}

/// May what a PATCH changes be part of the PUT before it? A PUT leaves the time of creation of a
/// row that is there.
fn says_the_same_in_a_put(mapper: &Mapper, patch: &Net) -> bool {
    let columns = mapper.table.columns;
    !patch.values.iter().any(|(at, _)| {
        columns
            .get(*at)
            .is_some_and(|it| it.role == Role::CreatedAt)
    })
}

/// Does it take rows away, with those that hang on them?
fn removes(catalog: &Catalog, net: &Net) -> bool {
    net.kind == OpKind::Delete && catalog.mapper(net.table).table.delete == Delete::Hard
}

/// A batch that takes rows.
struct Filling {
    batch: Batch,
    columns: &'static [usize],
    /// A row's values, by their places in the table.
    row: Vec<Option<Value>>,
}

impl Filling {
    fn new(mapper: &'static Mapper, first: &Net) -> Self {
        let columns = columns(mapper, first.kind);
        let arrays = columns
            .iter()
            .filter_map(|at| mapper.table.columns.get(*at))
            .map(TypedArray::for_column)
            .collect();
        Self {
            batch: Batch {
                table: first.table,
                kind: first.kind,
                rows: 0,
                masks: Vec::new(),
                arrays,
            },
            columns,
            row: vec![None; mapper.table.columns.len()],
        }
    }

    fn push(&mut self, net: Net) -> Result<(), Mismatch> {
        for (column, value) in net.values {
            self.row[column] = Some(value);
        }
        self.row[0] = Some(net.id.value());
        for (array, column) in self.batch.arrays.iter_mut().zip(self.columns) {
            match self.row[*column].take() {
                Some(value) => array.push(value)?,
                None => array.push_null(),
            }
        }
        if net.kind == OpKind::Patch {
            self.batch.masks.push(net.given.as_bytes().to_vec());
        }
        self.batch.rows += 1;
        Ok(())
    }
}

/// The places of the columns whose arrays the statement takes; the id is the first.
fn columns(mapper: &'static Mapper, kind: OpKind) -> &'static [usize] {
    let of = |statement: Option<Statement>| statement.map_or(&[][..], |it| it.columns);
    match kind {
        OpKind::Put => of(mapper.statements.put),
        OpKind::Patch => of(mapper.statements.patch),
        OpKind::Delete => &[0],
    }
}
