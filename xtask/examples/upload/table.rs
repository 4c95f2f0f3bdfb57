//! The figures as Markdown.

use std::fmt::Write;

use crate::contender::{Contender, Measured, PEER, SERVER};
use crate::disk;
use crate::limits::Copy;
use crate::options::Options;
use crate::work::{Cell, Kind};

/// A contender at one kind of work.
pub(crate) struct Row {
    cell: Cell,
    name: &'static str,
    /// Each round's figures.
    pub(crate) rounds: Vec<Measured>,
    /// Each round's rate of the disk.
    pub(crate) syncs: Vec<f64>,
}

impl Row {
    /// Nothing measured yet.
    pub(crate) fn new(cell: Cell, name: &'static str) -> Self {
        Self {
            cell,
            name,
            rounds: vec![],
            syncs: vec![],
        }
    }

    fn median(&self, figure: impl Fn(&Measured) -> Option<f64>) -> Option<f64> {
        median(self.rounds.iter().filter_map(figure).collect())
    }

    /// The median of each round's ratio to another contender in the same round.
    fn ratio(&self, to: Option<&Self>) -> Option<f64> {
        let pairs = self.rounds.iter().zip(&to?.rounds);
        median(
            pairs
                .map(|(own, other)| own.rate() / other.rate())
                .collect(),
        )
    }
}

/// All rows, with a line on how they were measured.
pub(crate) fn markdown(
    rows: &[Row],
    contenders: &[Contender],
    options: &Options,
    load: Option<f64>,
) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let disk =
        disk::file_system(&options.folder).unwrap_or_else(|| "an unknown file system".into());
    let load = shown(load, 1);
    let mut text = format!(
        "`cargo xtask bench upload`: medians of {} alternating rounds of {} s, {cores} cores for the clients, the servers and PostgreSQL \
         together (load by other work before the run: {load}), PostgreSQL with durable commits on {disk}. A request is one client transaction. Each client has one connection and \
         sends the next request when it has the answer. `{SERVER}` is the app's server, `{PEER}` the guides' handler (tests/node/peer), \
         `COPY` the same rows in transactions of the same size on as many connections, `pgbench` prepared INSERTs of one row. \
         CPU is the server's own, in cores, and peak its resident size; both without PostgreSQL. `clients` is what the clients use of the same cores. fdatasync is the rate of a loop of 8 KiB writes, \
         between the measurements: compare within a row's group only.\n\n\
         | op | ops | clients | contender | ops/s | of COPY | of pgbench | × node | p50 ms | p99 ms | CPU | peak MiB | clients | fdatasync/s |\n\
         |---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        options.rounds, options.seconds,
    );
    for row in rows {
        line(&mut text, row, rows);
    }
    for contender in contenders {
        if let Contender::Absent(name, why) = contender {
            let _ = writeln!(text, "\n`{name}` was not measured: {}.", why.trim());
        }
    }
    text
}

fn line(text: &mut String, row: &Row, rows: &[Row]) {
    let Cell { kind, ops, clients } = row.cell;
    let other = |kind, is: &dyn Fn(&str) -> bool| {
        let cell = Cell { kind, ..row.cell };
        rows.iter()
            .find(|it| it.cell == cell && it.name != row.name && is(it.name))
    };
    let copy = row.ratio(other(Kind::Put, &|name| name == Copy::NAME));
    let single = row.ratio(other(Kind::Put, &|name| {
        ![Copy::NAME, SERVER, PEER].contains(&name)
    }));
    let peer = row.ratio(other(kind, &|name| name == PEER));
    let cells = [
        shown(row.median(|it| Some(it.rate())), 0),
        shown(copy, 2),
        shown(single, 2),
        shown(peer, 1),
        shown(row.median(|it| it.percentile(0.5)), 2),
        shown(row.median(|it| it.percentile(0.99)), 2),
        shown(
            row.median(|it| it.usage.map(|usage| usage.cpu / it.seconds)),
            2,
        ),
        shown(row.median(|it| it.usage.map(|usage| usage.peak)), 0),
        shown(
            row.median(|it| it.clients_cpu.map(|cpu| cpu / it.seconds)),
            2,
        ),
        shown(median(row.syncs.clone()), 0),
    ];
    let _ = writeln!(
        text,
        "| {} | {ops} | {clients} | {} | {} |",
        kind.name(),
        row.name,
        cells.join(" | ")
    );
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(String::new, |figure| format!("{figure:.digits$}"))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let low = values.get(values.len().checked_sub(1)? / 2)?;
    let high = values.get(values.len() / 2)?;
    Some(f64::midpoint(*low, *high))
}
