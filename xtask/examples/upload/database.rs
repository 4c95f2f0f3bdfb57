//! The database: the same rows at the start of each measurement, counted at its end.

use std::io::Write;

use postgres::{Client, NoTls};

use crate::Result;
use crate::contender::Measured;
use crate::work::{self, Cell, Kind};

/// Rows that are there before PATCH and DELETE, for each second; no contender is faster by much.
const POOL: f64 = 60_000.0;

/// A connection of the bench's own.
pub(crate) struct Database(Client);

/// What PostgreSQL said.
pub(crate) fn said(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("PostgreSQL: {} ({})", error.message(), error.code().code()),
        None => format!("PostgreSQL: {error}"),
    }
}

impl Database {
    /// Connects.
    pub(crate) fn open(url: &str) -> Result<Self> {
        Client::connect(url, NoTls)
            .map(Self)
            .map_err(|error| said(&error))
    }

    /// Empties the table and puts the rows in that the work is about; how many each client has.
    pub(crate) fn prepare(&mut self, cell: Cell, seconds: f64) -> Result<u64> {
        self.run("TRUNCATE documents")?;
        let mut pool = 0;
        if cell.kind != Kind::Put {
            let rows = (POOL * seconds) as u64;
            // Whole transactions, and at least one.
            pool = (rows / cell.clients as u64).max(2 * cell.ops as u64);
            self.fill(cell, pool).map_err(|error| said(&error))?;
        }
        // Plans as on a table that lives, and no checkpoint while the clock runs.
        self.run("VACUUM ANALYZE documents")?;
        self.run("CHECKPOINT")?;
        Ok(pool)
    }

    fn fill(&mut self, cell: Cell, pool: u64) -> std::result::Result<(), postgres::Error> {
        let sql = format!("COPY documents ({}) FROM STDIN", work::COLUMNS);
        let mut copy = self.0.copy_in(&sql)?;
        let mut lines = String::new();
        for client in 0..cell.clients {
            for row in 0..pool {
                work::copy_row(&mut lines, client, row, false);
                if lines.len() > 1 << 16 {
                    // An error here comes again from finish, with PostgreSQL's words.
                    let _ = copy.write_all(lines.as_bytes());
                    lines.clear();
                }
            }
        }
        let _ = copy.write_all(lines.as_bytes());
        copy.finish().map(|_| ())
    }

    /// Whether what was acknowledged is there, and nothing else.
    pub(crate) fn verify(
        &mut self,
        cell: Cell,
        name: &str,
        pool: u64,
        measured: &Measured,
    ) -> Result<()> {
        let sql = "SELECT count(*), count(*) FILTER (WHERE deleted_at IS NOT NULL),
                   count(*) FILTER (WHERE title LIKE 'Patched%') FROM documents";
        let row = self.0.query_one(sql, &[]).map_err(|error| said(&error))?;
        let [rows, deleted, patched] = [0, 1, 2].map(|at| row.get::<_, i64>(at) as u64);
        let wanted: [u64; 3] = [
            measured.done.iter().map(|it| it.puts).sum::<u64>() + pool * cell.clients as u64,
            measured.done.iter().map(|it| it.deletes).sum(),
            measured
                .done
                .iter()
                .map(|it| it.patches.min(work::patched(cell.kind, pool)))
                .sum(),
        ];
        if [rows, deleted, patched] == wanted {
            return Ok(());
        }
        Err(format!(
            "{cell}: {name} acknowledged what it did not do: {wanted:?} rows, deleted rows and patched rows \
             should be there, and {:?} are",
            [rows, deleted, patched]
        ))
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        self.0.batch_execute(sql).map_err(|error| said(&error))
    }
}
