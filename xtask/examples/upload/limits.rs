//! What the machine can do: COPY of the same rows, and single inserts.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};

use crate::Result;
use crate::contender::Measured;
use crate::database::said;
use crate::work::{self, Cell, Done};

/// COPY, at the same number of connections, in transactions of as many rows.
pub(crate) struct Copy(String);

/// INSERTs of one row: by pgbench, or by a loop of our own where there is none.
pub(crate) struct Single {
    url: String,
    pgbench: Option<(PathBuf, PathBuf)>,
}

impl Copy {
    /// As the table names it.
    pub(crate) const NAME: &'static str = "COPY";

    /// At this server.
    pub(crate) fn new(url: &str) -> Self {
        Self(url.to_owned())
    }

    /// Does the work for some seconds.
    pub(crate) fn run(&self, cell: Cell, seconds: f64) -> Result<Measured> {
        let sql = format!("COPY documents ({}) FROM STDIN", work::COLUMNS);
        connections(&self.0, cell, seconds, |client, number| {
            let statement = client.prepare(&sql)?;
            let (mut lines, mut at) = (String::new(), 0);
            Ok(move |client: &mut Client| {
                lines.clear();
                for row in at..at + cell.ops as u64 {
                    work::copy_row(&mut lines, number, row, true);
                }
                at += cell.ops as u64;
                let mut copy = client.copy_in(&statement)?;
                // An error here comes again from finish, with PostgreSQL's words.
                let _ = copy.write_all(lines.as_bytes());
                copy.finish()
            })
        })
    }
}

impl Single {
    /// At this server; the script for pgbench goes into the folder.
    pub(crate) fn new(url: &str, pgbench: Option<PathBuf>, folder: &Path) -> Result<Self> {
        let script = folder.join("single.sql");
        let text = work::insert("gen_random_uuid()::text", "'user-' || :client_id");
        fs::write(&script, text + ";\n")
            .map_err(|error| format!("cannot write {}: {error}", script.display()))?;
        Ok(Self {
            url: url.to_owned(),
            pgbench: pgbench.map(|program| (program, script)),
        })
    }

    /// As the table names it.
    pub(crate) fn name(&self) -> &'static str {
        match self.pgbench {
            Some(_) => "pgbench",
            None => "prepared INSERTs",
        }
    }

    /// Does the work for some seconds.
    pub(crate) fn run(&self, cell: Cell, seconds: f64) -> Result<Measured> {
        match &self.pgbench {
            Some((program, script)) => pgbench(program, script, &self.url, cell, seconds),
            None => connections(&self.url, cell, seconds, |client, number| {
                let statement = client.prepare(&work::insert("gen_random_uuid()::text", "$1"))?;
                let owner = work::owner(number);
                Ok(move |client: &mut Client| client.execute(&statement, &[&owner]))
            }),
        }
    }
}

type Said<T> = std::result::Result<T, postgres::Error>;

/// A thread and a connection for each client. `prepare` gets the client's number, and gives what is done again and again: a
/// transaction, of so many rows.
fn connections<F>(
    url: &str,
    cell: Cell,
    seconds: f64,
    prepare: impl Fn(&mut Client, usize) -> Said<F> + Sync,
) -> Result<Measured>
where
    F: FnMut(&mut Client) -> Said<u64>,
{
    let barrier = Barrier::new(cell.clients + 1);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..cell.clients)
            .map(|number| {
                let (barrier, prepare) = (&barrier, &prepare);
                scope.spawn(move || -> Said<(Done, Vec<f32>)> {
                    let ready = Client::connect(url, NoTls)
                        .and_then(|mut client| prepare(&mut client, number).map(|it| (client, it)));
                    // Whoever failed must not let the others wait.
                    barrier.wait();
                    let (mut client, mut transaction) = ready?;
                    let (mut done, mut latencies) = (Done::default(), Vec::new());
                    let end = Instant::now() + Duration::from_secs_f64(seconds);
                    while Instant::now() < end {
                        let start = Instant::now();
                        done.puts += transaction(&mut client)?;
                        latencies.push(start.elapsed().as_secs_f32() * 1e3);
                    }
                    Ok((done, latencies))
                })
            })
            .collect();
        barrier.wait();
        let start = Instant::now();
        let ended = clients.into_iter().map(|client| match client.join() {
            Ok(ended) => ended.map_err(|error| said(&error)),
            Err(_) => Err("a client panicked".into()),
        });
        let ended: Vec<_> = ended.collect::<Result<_>>()?;
        Ok(Measured::of(ended, start.elapsed()))
    })
}

fn pgbench(program: &Path, script: &Path, url: &str, cell: Cell, seconds: f64) -> Result<Measured> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let output = Command::new(program)
        .args(["--no-vacuum", "--protocol=prepared"])
        .args(["--client", &cell.clients.to_string()])
        .args(["--jobs", &threads.min(cell.clients).to_string()])
        // Whole seconds only.
        .args(["--time", &(seconds.ceil() as u64).to_string()])
        .arg("--file")
        .arg(script)
        .arg(url)
        .output()
        .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let number = |name: &str| -> Option<f64> {
        let (_, rest) = text.split_once(name)?;
        rest.split_whitespace().next()?.parse().ok()
    };
    let counts = number("transactions actually processed:").zip(number("tps ="));
    let (count, rate) = counts.ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("{} says no rate:\n{text}{said}", program.display())
    })?;
    let done = Done {
        puts: count as u64,
        ..Done::default()
    };
    Ok(Measured {
        done: vec![done],
        seconds: count / rate,
        ..Measured::default()
    })
}
