//! A query over the system catalogs: its text for a version, its rows as structs.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// A row of one query's result.
pub(super) trait Fact: Sized {
    /// The query. `$1` is the list that its reader asks about: schemas (`oid[]`) or roles (`text[]`);
    /// `{x}` is a hole of [`HOLES`].
    const SQL: &'static str;

    /// Reads a row, cell by cell in the order of the query.
    fn read(cells: &mut Cells<'_>) -> Result<Self, tokio_postgres::Error>;
}

/// What not every version has: the hole, the version that brought it, what stands for it from
/// then on and before.
const HOLES: &[(&str, u32, &str, &str)] = &[
    (
        "{compression}",
        14,
        "nullif(a.attcompression, '')::text",
        "NULL::text",
    ),
    ("{nulls_not_distinct}", 15, "i.indnullsnotdistinct", "false"),
    ("{set_columns}", 15, "k.confdelsetcols", "NULL::int2[]"),
    ("{has_filter}", 15, "r.prqual IS NOT NULL", "false"),
    ("{has_columns}", 15, "r.prattrs IS NOT NULL", "false"),
    ("{enforced}", 18, "k.conenforced", "true"),
    // From version 18 on NOT NULL is a row of its own, which columns say anyway; but not this.
    (
        "{or_not_null_unproven}",
        18,
        "OR k.contype = 'n' AND NOT k.convalidated",
        "",
    ),
];

/// The text of a query for a server of this major version.
pub(super) fn text<T: Fact>(version: u32) -> String {
    let mut sql = T::SQL.to_owned();
    for (hole, since, then, before) in HOLES {
        if sql.contains(hole) {
            sql = sql.replace(hole, if version >= *since { then } else { before });
        }
    }
    sql
}

/// The rows as structs.
pub(super) fn facts<T: Fact>(rows: &[Row]) -> Result<Vec<T>, tokio_postgres::Error> {
    rows.iter()
        .map(|row| T::read(&mut Cells { row, at: 0 }))
        .collect()
}

/// A row, read from left to right.
pub(super) struct Cells<'a> {
    row: &'a Row,
    at: usize,
}

impl<'a> Cells<'a> {
    /// The next cell.
    pub(super) fn next<T: FromSql<'a>>(&mut self) -> Result<T, tokio_postgres::Error> {
        self.at += 1;
        self.row.try_get(self.at - 1)
    }
}
