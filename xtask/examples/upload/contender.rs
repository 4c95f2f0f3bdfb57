//! Who is measured.

use std::process::Command;
use std::time::Duration;

use testkit::{Issuer, Server, Signer, app};

use crate::http::Served;
use crate::limits::{Copy, Single};
use crate::options::Options;
use crate::work::{Cell, Done, Kind};
use crate::{Result, process};

/// One of them.
pub(crate) enum Contender {
    /// A server over HTTP.
    Http(Served),
    /// COPY of the same rows, in transactions of the same size.
    Copy(Copy),
    /// One row an INSERT.
    Single(Single),
    /// Not here: its name, and why.
    Absent(&'static str, String),
}

/// What one measurement gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// What was acknowledged, for each client.
    pub(crate) done: Vec<Done>,
    /// How long it took.
    pub(crate) seconds: f64,
    /// Milliseconds of each transaction, sorted; empty where nobody knows.
    pub(crate) latencies: Vec<f32>,
    /// CPU seconds and peak MiB of the contender's own process.
    pub(crate) usage: Option<process::Usage>,
    /// CPU seconds of this program: what the clients cost.
    pub(crate) clients_cpu: Option<f64>,
}

impl Measured {
    /// What the clients did and how long each of their transactions took.
    pub(crate) fn of(clients: Vec<(Done, Vec<f32>)>, took: Duration) -> Self {
        let (done, latencies): (Vec<_>, Vec<_>) = clients.into_iter().unzip();
        let mut latencies = latencies.concat();
        latencies.sort_by(f32::total_cmp);
        Self {
            done,
            seconds: took.as_secs_f64(),
            latencies,
            ..Self::default()
        }
    }

    /// Ops a second.
    pub(crate) fn rate(&self) -> f64 {
        let ops: u64 = self
            .done
            .iter()
            .map(|it| it.puts + it.patches + it.deletes)
            .sum();
        ops as f64 / self.seconds
    }

    /// The latency in milliseconds that this share of the transactions stayed below.
    pub(crate) fn percentile(&self, share: f64) -> Option<f64> {
        let at = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(at).map(|it| f64::from(*it))
    }
}

/// The name of the app's server in the table.
pub(crate) const SERVER: &str = "syncline";
/// The name of the guides' handler.
pub(crate) const PEER: &str = "node";

/// Starts all there are.
pub(crate) fn all(options: &Options) -> Result<Vec<Contender>> {
    // The algorithm that the example app declares, where the machine can make such a key.
    let signer = Signer::rsa("RS256").unwrap_or_else(|| Signer::ec("ES256"));
    let issuer = Issuer::new(signer);
    let keys = options
        .folder
        .join(format!("jwks-{}.json", std::process::id()));
    issuer.write_jwks(&keys);
    let most = options.clients.iter().copied().max().unwrap_or(1);
    let start = |name: &'static str, command: Result<Command>| match command {
        Ok(command) => Served::start(name, command, &issuer, most).map(Contender::Http),
        Err(why) => Ok(Contender::Absent(name, why)),
    };
    let server = options.server.clone().and_then(|server| {
        let url = app::set_up(&server, &options.url)?;
        Ok(app::command(&server, &url, &issuer, &keys))
    });
    let peer = options.peer.clone().map(|(node, script)| {
        let mut command = app::command(&node, &options.url, &issuer, &keys);
        command
            .arg(script)
            .env("PEER_CONNECTIONS", most.to_string())
            .env("NODE_ENV", "production")
            .env_remove("NODE_OPTIONS");
        command
    });
    let single = Single::new(&options.url, options.pgbench.clone(), &options.folder)?;
    let contenders = vec![
        start(SERVER, server)?,
        start(PEER, peer)?,
        Contender::Copy(Copy::new(&options.url)),
        Contender::Single(single),
    ];
    // Both have read it by now.
    let _ = std::fs::remove_file(&keys);
    Ok(contenders)
}

impl Contender {
    /// As the table names it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Http(it) => it.name,
            Self::Copy(_) => Copy::NAME,
            Self::Single(it) => it.name(),
            Self::Absent(name, _) => name,
        }
    }

    /// Whether it takes part in this work. COPY and single inserts are measured with PUTs, and are the limit for all.
    pub(crate) fn does(&self, cell: Cell) -> bool {
        match self {
            Self::Http(_) => true,
            Self::Copy(_) => cell.kind == Kind::Put,
            Self::Single(_) => cell.kind == Kind::Put && cell.ops == 1,
            Self::Absent(..) => false,
        }
    }

    /// Does the work for some seconds. `pool`: how many rows of each client are there.
    pub(crate) fn run(&self, cell: Cell, seconds: f64, pool: u64) -> Result<Measured> {
        match self {
            Self::Http(it) => it.run(cell, seconds, pool),
            Self::Copy(it) => it.run(cell, seconds),
            Self::Single(it) => it.run(cell, seconds),
            Self::Absent(name, why) => Err(format!("{name}: {why}")),
        }
    }
}

/// Starts a server, or says what it said.
pub(crate) fn started(name: &str, command: Command) -> Result<Server> {
    Server::start(command)
        .map_err(|why| format!("{name} does not start ({:?}):\n{}", why.code, why.log))
}
