//! Indexes, those behind constraints among them.

use crate::live::query::{Cells, Fact};

/// An index.
pub(crate) struct IndexRow {
    pub(crate) oid: u32,
    pub(crate) table: u32,
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) unique: bool,
    pub(crate) primary: bool,
    pub(crate) valid: bool,
    pub(crate) exclusion: bool,
    /// It identifies rows in the replication stream.
    pub(crate) replica_identity: bool,
    pub(crate) nulls_not_distinct: bool,
    /// How many of the columns are indexed; the others are carried along.
    pub(crate) keys: i16,
    /// The numbers of the columns; 0 for an expression.
    pub(crate) columns: Vec<i16>,
    /// A bit for descending, a bit for NULLs first.
    pub(crate) order: Vec<i16>,
    /// Where they are not the type's own.
    pub(crate) opclasses: Vec<Option<String>>,
    /// The text of those that are no columns.
    pub(crate) expressions: Vec<Option<String>>,
    /// Collations that are not the column's.
    pub(crate) collations: Vec<Option<String>>,
    pub(crate) predicate: Option<String>,
    pub(crate) options: Option<Vec<String>>,
    pub(crate) tablespace: Option<String>,
}

impl Fact for IndexRow {
    // What few indexes have is looked up for those that have it: a look-up each is most of the time.
    const SQL: &'static str = "
        SELECT i.indexrelid, i.indrelid, x.relname::text, m.amname::text, i.indisunique,
               i.indisprimary, i.indisvalid, i.indisexclusion, i.indisreplident,
               {nulls_not_distinct}, i.indnkeyatts, i.indkey::int2[], i.indoption::int2[],
               CASE WHEN i.indclass::oid[] && (SELECT array_agg(oid) FROM pg_opclass
                                               WHERE NOT opcdefault) THEN
               ARRAY(SELECT CASE WHEN NOT o.opcdefault THEN o.opcname::text END
                     FROM unnest(i.indclass::oid[]) WITH ORDINALITY l (oid, at)
                     JOIN pg_opclass o ON o.oid = l.oid ORDER BY l.at) ELSE '{}'::text[] END,
               CASE WHEN i.indexprs IS NULL THEN '{}'::text[] ELSE
               ARRAY(SELECT CASE WHEN l.number = 0
                                 THEN pg_get_indexdef(i.indexrelid, l.at::int, false) END
                     FROM unnest(i.indkey::int2[]) WITH ORDINALITY l (number, at)
                     ORDER BY l.at) END,
               CASE WHEN i.indcollation::oid[] <@ '{0, 100}'::oid[] AND NOT EXISTS (
                        SELECT FROM pg_attribute a
                        WHERE a.attrelid = i.indrelid AND a.attcollation NOT IN (0, 100)
                    ) THEN '{}'::text[] ELSE
               ARRAY(SELECT CASE WHEN l.oid <> 0 AND l.oid <> coalesce(a.attcollation, 100)
                                 THEN l.oid::regcollation::text END
                     FROM unnest(i.indcollation::oid[]) WITH ORDINALITY l (oid, at)
                     LEFT JOIN pg_attribute a
                            ON a.attrelid = i.indrelid AND a.attnum = i.indkey[l.at::int - 1]
                     ORDER BY l.at) END,
               pg_get_expr(i.indpred, i.indrelid), x.reloptions, t.spcname::text
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_am m ON m.oid = x.relam
        LEFT JOIN pg_tablespace t ON t.oid = x.reltablespace
        WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            oid: cells.next()?,
            table: cells.next()?,
            name: cells.next()?,
            method: cells.next()?,
            unique: cells.next()?,
            primary: cells.next()?,
            valid: cells.next()?,
            exclusion: cells.next()?,
            replica_identity: cells.next()?,
            nulls_not_distinct: cells.next()?,
            keys: cells.next()?,
            columns: cells.next()?,
            order: cells.next()?,
            opclasses: cells.next()?,
            expressions: cells.next()?,
            collations: cells.next()?,
            predicate: cells.next()?,
            options: cells.next()?,
            tablespace: cells.next()?,
        })
    }
}
