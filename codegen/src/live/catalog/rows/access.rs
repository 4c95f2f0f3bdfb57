//! Who sees what: policies, grants, the publication.

use crate::live::query::{Cells, Fact};

/// A row-security policy.
pub(crate) struct PolicyRow {
    pub(crate) table: u32,
    pub(crate) name: String,
    /// As `pg_policy.polcmd`.
    pub(crate) command: String,
    pub(crate) permissive: bool,
    pub(crate) roles: Vec<String>,
    pub(crate) using: Option<String>,
    pub(crate) check: Option<String>,
}

impl Fact for PolicyRow {
    const SQL: &'static str = "
        SELECT p.polrelid, p.polname::text, p.polcmd::text, p.polpermissive,
               ARRAY(SELECT CASE WHEN r.oid = 0 THEN 'public' ELSE pg_get_userbyid(r.oid)::text END
                     FROM unnest(p.polroles) r (oid) ORDER BY 1),
               pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_policy p
        JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = ANY ($1)
        ORDER BY p.polrelid, p.polname";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            table: cells.next()?,
            name: cells.next()?,
            command: cells.next()?,
            permissive: cells.next()?,
            roles: cells.next()?,
            using: cells.next()?,
            check: cells.next()?,
        })
    }
}

/// What a role may do with a table that is not its own.
pub(crate) struct GrantRow {
    pub(crate) table: u32,
    pub(crate) role: String,
    pub(crate) privileges: Vec<String>,
}

impl Fact for GrantRow {
    const SQL: &'static str = "
        SELECT c.oid, CASE WHEN g.grantee = 0 THEN 'public'
                           ELSE pg_get_userbyid(g.grantee)::text END,
               array_agg(DISTINCT g.privilege_type::text ORDER BY g.privilege_type::text)
        FROM pg_class c, aclexplode(c.relacl) g
        WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'p') AND g.grantee <> c.relowner
        GROUP BY c.oid, g.grantee";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            table: cells.next()?,
            role: cells.next()?,
            privileges: cells.next()?,
        })
    }
}

/// The publication `powersync`, if there is one.
pub(crate) struct PublicationRow {
    pub(crate) owner: String,
    pub(crate) all_tables: bool,
    pub(crate) inserts: bool,
    pub(crate) updates: bool,
    pub(crate) deletes: bool,
    pub(crate) truncates: bool,
    pub(crate) via_root: bool,
}

impl Fact for PublicationRow {
    // The schemas are of no matter, and every query takes them.
    const SQL: &'static str = "
        SELECT pg_get_userbyid(p.pubowner)::text, p.puballtables, p.pubinsert, p.pubupdate,
               p.pubdelete, p.pubtruncate, p.pubviaroot
        FROM pg_publication p
        WHERE p.pubname = 'powersync' AND $1 IS NOT NULL";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            owner: cells.next()?,
            all_tables: cells.next()?,
            inserts: cells.next()?,
            updates: cells.next()?,
            deletes: cells.next()?,
            truncates: cells.next()?,
            via_root: cells.next()?,
        })
    }
}

/// A table that the publication `powersync` has, of whatever schema.
pub(crate) struct MemberRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) has_filter: bool,
    pub(crate) has_columns: bool,
}

impl Fact for MemberRow {
    const SQL: &'static str = "
        SELECT t.schemaname::text, t.tablename::text, coalesce(bool_or({has_filter}), false),
               coalesce(bool_or({has_columns}), false)
        FROM pg_publication_tables t
        JOIN pg_publication p ON p.pubname = t.pubname
        JOIN pg_namespace n ON n.nspname = t.schemaname
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
        LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = c.oid
        WHERE t.pubname = 'powersync' AND $1 IS NOT NULL
        GROUP BY t.schemaname, t.tablename";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            schema: cells.next()?,
            name: cells.next()?,
            has_filter: cells.next()?,
            has_columns: cells.next()?,
        })
    }
}
