//! What hangs on tables or stands beside them, and has no place in a schema source.

use crate::live::query::{Cells, Fact};

/// A trigger, rule or statistics object of a table.
pub(crate) struct AttachedRow {
    pub(crate) table: u32,
    /// For people.
    pub(crate) kind: String,
    pub(crate) name: String,
}

impl Fact for AttachedRow {
    const SQL: &'static str = "
        SELECT a.oid, a.kind, a.name
        FROM (SELECT tgrelid, 'trigger', tgname::text FROM pg_trigger WHERE NOT tgisinternal
              UNION ALL
              SELECT ev_class, 'rule', rulename::text FROM pg_rewrite WHERE rulename <> '_RETURN'
              UNION ALL
              SELECT stxrelid, 'statistics object', stxname::text FROM pg_statistic_ext
             ) a (oid, kind, name)
        JOIN pg_class c ON c.oid = a.oid
        WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            table: cells.next()?,
            kind: cells.next()?,
            name: cells.next()?,
        })
    }
}

/// A function, operator, extension or other object that belongs to no table.
pub(crate) struct LooseRow {
    /// For people.
    pub(crate) kind: String,
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl Fact for LooseRow {
    const SQL: &'static str = "
        SELECT DISTINCT l.kind, n.nspname::text, l.name
        FROM (SELECT 'pg_proc'::regclass, p.oid, p.pronamespace, p.proname::text,
                     CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'
                                    ELSE 'function' END
              FROM pg_proc p
              UNION ALL
              SELECT 'pg_operator'::regclass, oid, oprnamespace, oprname::text, 'operator'
              FROM pg_operator
              UNION ALL
              SELECT 'pg_collation'::regclass, oid, collnamespace, collname::text, 'collation'
              FROM pg_collation
              UNION ALL
              SELECT 'pg_ts_config'::regclass, oid, cfgnamespace, cfgname::text,
                     'text search configuration'
              FROM pg_ts_config
             ) l (class, oid, namespace, name, kind)
        JOIN pg_namespace n ON n.oid = l.namespace
        WHERE l.namespace = ANY ($1)
          AND NOT EXISTS (SELECT FROM pg_depend e
                          WHERE e.classid = l.class AND e.objid = l.oid
                            AND e.deptype IN ('e', 'i'))
        UNION ALL
        SELECT 'extension', NULL, extname::text FROM pg_extension WHERE extname <> 'plpgsql'
        UNION ALL
        SELECT 'event trigger', NULL, evtname::text FROM pg_event_trigger";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            kind: cells.next()?,
            schema: cells.next()?,
            name: cells.next()?,
        })
    }
}
