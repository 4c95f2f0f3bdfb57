//! Measures uploads: the app's server and the guides' handler over HTTP, COPY and single inserts as the machine's limits.
//!
//! Started, optimised, by `cargo xtask bench upload`, which prepares a durable PostgreSQL and the programs. In: the command line.
//! Out: a Markdown table on stdout; talk on stderr. Contenders alternate within a round; each measurement begins on tables that
//! hold the same rows, and ends with a count of what is there against what was acknowledged.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod contender;
mod database;
mod disk;
mod http;
mod limits;
mod options;
mod process;
mod table;
mod work;

use std::process::ExitCode;

use contender::{Contender, Measured};
use database::Database;
use options::Options;
use table::Row;
use work::{Cell, Kind};

/// What every fallible function here returns: what went wrong, for people.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<String> {
    let load = process::load();
    let mut database = Database::open(&options.url)?;
    let contenders = contender::all(options)?;
    let mut rows = Vec::new();
    let measured = measure_all(options, &contenders, &mut database, &mut rows);
    let table = table::markdown(&rows, &contenders, options, load);
    if measured.is_err() {
        // What was measured before is worth reading.
        eprintln!("{table}");
    }
    measured.map(|()| table)
}

fn measure_all(
    options: &Options,
    contenders: &[Contender],
    database: &mut Database,
    rows: &mut Vec<Row>,
) -> Result<()> {
    for kind in &options.kinds {
        for ops in &options.ops {
            for clients in &options.clients {
                let cell = Cell {
                    kind: *kind,
                    ops: *ops,
                    clients: *clients,
                };
                rows.extend(measure(cell, options, contenders, database)?);
            }
        }
    }
    Ok(())
}

/// All contenders on one kind of work, round after round.
fn measure(
    cell: Cell,
    options: &Options,
    contenders: &[Contender],
    database: &mut Database,
) -> Result<Vec<Row>> {
    let taking_part: Vec<&Contender> = contenders.iter().filter(|it| it.does(cell)).collect();
    let mut rows: Vec<Row> = taking_part
        .iter()
        .map(|contender| Row::new(cell, contender.name()))
        .collect();
    for round in 0..options.rounds {
        let syncs = disk::syncs_a_second(&options.folder)?;
        let count = taking_part.len();
        for turn in 0..count {
            // Who is first alternates too.
            let at = if round % 2 == 0 {
                turn
            } else {
                count - 1 - turn
            };
            let contender = taking_part[at];
            if round == 0 {
                warm_up(contender, cell, options, database)?;
            }
            let pool = database.prepare(cell, options.seconds)?;
            let measured = contender.run(cell, options.seconds, pool)?;
            database.verify(cell, contender.name(), pool, &measured)?;
            eprintln!(
                "{cell}, round {}: {} {:.0} ops/s",
                round + 1,
                contender.name(),
                measured.rate()
            );
            rows[at].rounds.push(measured);
            rows[at].syncs.push(syncs);
        }
    }
    Ok(rows)
}

/// Connections, plans and compiled code are there when the clock starts.
fn warm_up(
    contender: &Contender,
    cell: Cell,
    options: &Options,
    database: &mut Database,
) -> Result<Measured> {
    let cell = Cell {
        kind: Kind::Put,
        ..cell
    };
    let pool = database.prepare(cell, 0.0)?;
    contender.run(cell, options.seconds.min(1.0), pool)
}
