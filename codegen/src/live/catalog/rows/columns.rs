//! Columns.

use crate::live::query::{Cells, Fact};

/// A column of a table.
pub(crate) struct ColumnRow {
    pub(crate) table: u32,
    pub(crate) number: i16,
    pub(crate) name: String,
    /// As DDL writes it.
    pub(crate) ty: String,
    /// The type, or that of the elements of its arrays.
    pub(crate) scalar: u32,
    pub(crate) not_null: bool,
    /// The default, or what a generated column is made of.
    pub(crate) default: Option<String>,
    /// `a` or `d` for an identity, else empty.
    pub(crate) identity: String,
    /// `s` or `v` for a generated column, else empty.
    pub(crate) generated: String,
    pub(crate) comment: Option<String>,
    /// Where it is not the type's own.
    pub(crate) collation: Option<String>,
    pub(crate) inherited: bool,
    /// Kept in another way than the type is.
    pub(crate) storage: bool,
    pub(crate) compression: Option<String>,
    /// The sequence that belongs to it.
    pub(crate) sequence: Option<String>,
    pub(crate) has_grants: bool,
}

impl Fact for ColumnRow {
    // A default names no column, so it is printed without the table, which would be locked and
    // loaded for it.
    const SQL: &'static str = "
        SELECT a.attrelid, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod),
               CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END,
               a.attnotnull,
               pg_get_expr(f.adbin, CASE WHEN a.attgenerated = '' THEN 0::oid ELSE f.adrelid END),
               a.attidentity::text,
               a.attgenerated::text, d.description,
               CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
               a.attinhcount > 0, a.attstorage <> t.typstorage, {compression}, s.name,
               a.attacl IS NOT NULL
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
        LEFT JOIN pg_description d
               ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass
              AND d.objsubid = a.attnum
        LEFT JOIN (SELECT refobjid, refobjsubid, min(objid::regclass::text) AS name
                   FROM pg_depend
                   JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
                   WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
                     AND refobjsubid > 0 AND deptype IN ('a', 'i')
                   GROUP BY refobjid, refobjsubid) s
               ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
        WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attrelid, a.attnum";

    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            table: cells.next()?,
            number: cells.next()?,
            name: cells.next()?,
            ty: cells.next()?,
            scalar: cells.next()?,
            not_null: cells.next()?,
            default: cells.next()?,
            identity: cells.next()?,
            generated: cells.next()?,
            comment: cells.next()?,
            collation: cells.next()?,
            inherited: cells.next()?,
            storage: cells.next()?,
            compression: cells.next()?,
            sequence: cells.next()?,
            has_grants: cells.next()?,
        })
    }
}
