//! Types that somebody made.

use crate::live::query::{Cells, Fact};

/// An enum, domain, composite or range type.
pub(crate) struct TypeRow {
    pub(crate) oid: u32,
    pub(crate) schema: String,
    pub(crate) name: String,
    /// As `pg_type.typtype`.
    pub(crate) kind: String,
    /// The words of an enum, in order.
    pub(crate) words: Vec<String>,
}

impl Fact for TypeRow {
    const SQL: &'static str = "
        SELECT t.oid, n.nspname::text, t.typname::text, t.typtype::text,
               ARRAY(SELECT enumlabel::text FROM pg_enum
                     WHERE enumtypid = t.oid ORDER BY enumsortorder)
        FROM pg_type t
        JOIN pg_namespace n ON n.oid = t.typnamespace
        LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = ANY ($1)
          AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
          AND NOT EXISTS (SELECT FROM pg_depend e
                          WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid
                            AND e.deptype = 'e')";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            oid: cells.next()?,
            schema: cells.next()?,
            name: cells.next()?,
            kind: cells.next()?,
            words: cells.next()?,
        })
    }
}
