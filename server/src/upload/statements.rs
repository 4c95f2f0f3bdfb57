//! The tables' statements, as the two paths send them.

use syncline_runtime::Mapper;

use crate::body::OpKind;

/// The statements of one table.
#[derive(Debug)]
pub(super) struct Statements {
    put: Option<String>,
    patch: Option<String>,
    delete: Option<String>,
}

impl Statements {
    pub(super) fn new(mapper: &Mapper) -> Self {
        let count =
            |sql: &str| format!("WITH written AS (\n{sql}\n)\nSELECT count(*) FROM written");
        Self {
            // An id that is missing from the answer is someone else's. COMMIT is on its way by
            // then, so the statement itself has to fail: a division by zero, which sends the
            // transaction to the slow path, where the verdict is found.
            put: mapper.statements.put.map(|it| {
                format!(
                    "WITH written AS (\n{}\n)\n\
                     SELECT count(*) / (count(*) = cardinality($3))::integer FROM written",
                    it.sql
                )
            }),
            patch: mapper.statements.patch.map(|it| count(it.sql)),
            delete: mapper.statements.delete.map(count),
        }
    }

    /// The fast path's: counts the rows, and fails where a PUT has not written each of its own.
    pub(super) fn counting(&self, kind: OpKind) -> Option<&str> {
        match kind {
            OpKind::Put => self.put.as_deref(),
            OpKind::Patch => self.patch.as_deref(),
            OpKind::Delete => self.delete.as_deref(),
        }
    }
}

/// The slow path's: gives the rows that it has written.
pub(super) fn plain(mapper: &'static Mapper, kind: OpKind) -> Option<&'static str> {
    match kind {
        OpKind::Put => mapper.statements.put.map(|it| it.sql),
        OpKind::Patch => mapper.statements.patch.map(|it| it.sql),
        OpKind::Delete => mapper.statements.delete,
    }
}
