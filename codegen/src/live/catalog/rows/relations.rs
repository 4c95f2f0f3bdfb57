//! Tables, and what else is in `pg_class` beside indexes.

use crate::live::query::{Cells, Fact};

/// A table, view, sequence or foreign table.
pub(crate) struct RelationRow {
    pub(crate) oid: u32,
    pub(crate) schema: String,
    pub(crate) name: String,
    /// As `pg_class.relkind`.
    pub(crate) kind: String,
    pub(crate) persistence: String,
    pub(crate) row_security: bool,
    pub(crate) force_row_security: bool,
    pub(crate) is_partition: bool,
    /// As `pg_class.relreplident`.
    pub(crate) replica_identity: String,
    /// Below 0 where never counted.
    pub(crate) rows: f64,
    pub(crate) bytes: i64,
    pub(crate) owner: String,
    pub(crate) comment: Option<String>,
    pub(crate) parents: Vec<u32>,
    pub(crate) options: Option<Vec<String>>,
    pub(crate) tablespace: Option<String>,
    pub(crate) of_type: bool,
    /// The access method, where it is not PostgreSQL's own.
    pub(crate) method: Option<String>,
    /// Is it a sequence that belongs to a column?
    pub(crate) owned: bool,
}

impl Fact for RelationRow {
    const SQL: &'static str = "
        SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.relpersistence::text,
               c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relreplident::text,
               c.reltuples::float8, c.relpages::int8 * current_setting('block_size')::int8,
               pg_get_userbyid(c.relowner)::text, d.description,
               ARRAY(SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid ORDER BY inhseqno),
               c.reloptions, t.spcname::text, c.reloftype <> 0,
               CASE WHEN m.amname <> 'heap' THEN m.amname::text END,
               EXISTS (SELECT FROM pg_depend o
                       WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid
                         AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i') AND c.relkind = 'S')
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_description d
               ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
        LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
        LEFT JOIN pg_am m ON m.oid = c.relam AND c.relkind IN ('r', 'm')
        WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            oid: cells.next()?,
            schema: cells.next()?,
            name: cells.next()?,
            kind: cells.next()?,
            persistence: cells.next()?,
            row_security: cells.next()?,
            force_row_security: cells.next()?,
            is_partition: cells.next()?,
            replica_identity: cells.next()?,
            rows: cells.next()?,
            bytes: cells.next()?,
            owner: cells.next()?,
            comment: cells.next()?,
            parents: cells.next()?,
            options: cells.next()?,
            tablespace: cells.next()?,
            of_type: cells.next()?,
            method: cells.next()?,
            owned: cells.next()?,
        })
    }
}
