//! Constraints, but for those that columns say themselves (NOT NULL) and those that are triggers.

use crate::live::query::{Cells, Fact};

/// A constraint of a table.
pub(crate) struct ConstraintRow {
    pub(crate) table: u32,
    pub(crate) name: String,
    /// As `pg_constraint.contype`.
    pub(crate) kind: String,
    pub(crate) deferrable: bool,
    pub(crate) deferred: bool,
    pub(crate) validated: bool,
    pub(crate) enforced: bool,
    pub(crate) no_inherit: bool,
    /// Came from a parent table.
    pub(crate) inherited: bool,
    /// The numbers of its columns.
    pub(crate) columns: Option<Vec<i16>>,
    /// The table that a foreign key points at, or 0.
    pub(crate) target: u32,
    pub(crate) target_columns: Option<Vec<i16>>,
    pub(crate) on_update: String,
    pub(crate) on_delete: String,
    pub(crate) matching: String,
    /// The columns that ON DELETE SET NULL is confined to.
    pub(crate) set_columns: Option<Vec<i16>>,
    pub(crate) expression: Option<String>,
    /// The index behind it, or 0.
    pub(crate) index: u32,
}

impl Fact for ConstraintRow {
    const SQL: &'static str = "
        SELECT k.conrelid, k.conname::text, k.contype::text, k.condeferrable, k.condeferred,
               k.convalidated, {enforced}, k.connoinherit, k.coninhcount > 0, k.conkey,
               k.confrelid, k.confkey, k.confupdtype::text, k.confdeltype::text,
               k.confmatchtype::text, {set_columns}, pg_get_expr(k.conbin, k.conrelid),
               k.conindid
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND (k.contype IN ('c', 'f', 'p', 'u', 'x') {or_not_null_unproven})";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            table: cells.next()?,
            name: cells.next()?,
            kind: cells.next()?,
            deferrable: cells.next()?,
            deferred: cells.next()?,
            validated: cells.next()?,
            enforced: cells.next()?,
            no_inherit: cells.next()?,
            inherited: cells.next()?,
            columns: cells.next()?,
            target: cells.next()?,
            target_columns: cells.next()?,
            on_update: cells.next()?,
            on_delete: cells.next()?,
            matching: cells.next()?,
            set_columns: cells.next()?,
            expression: cells.next()?,
            index: cells.next()?,
        })
    }
}
