//! A server over HTTP, and the clients that load it: a thread each, one connection each, one request at a time.

use std::process::Command;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Device, Issuer, Server, device};

use crate::Result;
use crate::contender::{Measured, started};
use crate::process::{Process, Usage};
use crate::work::{self, Cell, Done, Uploads};

/// How long a client waits for an answer: a busy machine may take minutes for what is slow anyway.
const PATIENCE: Duration = Duration::from_secs(600);

/// A running server.
pub(crate) struct Served {
    pub(crate) name: &'static str,
    server: Server,
    /// One for each client.
    tokens: Vec<String>,
    runs: AtomicU64,
}

impl Served {
    /// Starts it, for up to `most` clients.
    pub(crate) fn start(
        name: &'static str,
        command: Command,
        issuer: &Issuer,
        most: usize,
    ) -> Result<Self> {
        let token = |client| {
            let mut claims = issuer.claims(&work::owner(client));
            // A bench of all there is to measure takes longer than a token of the usual life.
            let now = claims["iat"].as_u64().unwrap_or_default();
            claims["exp"] = (now + 20 * 3600).into();
            issuer.sign(&claims)
        };
        Ok(Self {
            name,
            server: started(name, command)?,
            tokens: (0..most).map(token).collect(),
            runs: AtomicU64::new(0),
        })
    }

    /// Does the work for some seconds.
    pub(crate) fn run(&self, cell: Cell, seconds: f64, pool: u64) -> Result<Measured> {
        let (process, own) = (Process(self.server.pid()), Process(std::process::id()));
        let barrier = Barrier::new(cell.clients + 1);
        // Each run's devices are new ones: what they send must not be taken for what came before.
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        thread::scope(|scope| {
            let clients: Vec<_> = (0..cell.clients)
                .map(|client| {
                    let (barrier, token) = (&barrier, self.tokens[client].clone());
                    scope.spawn(move || {
                        let mut device =
                            Device::new(self.server.address(), token, "").patience(PATIENCE);
                        let uploads = Uploads::new(cell, run, client, pool);
                        barrier.wait();
                        load(&mut device, uploads, seconds)
                    })
                })
                .collect();
            process.forget_peak();
            let before = (process.usage(), own.usage());
            barrier.wait();
            let start = Instant::now();
            let ended = clients.into_iter().map(|client| {
                client
                    .join()
                    .unwrap_or_else(|_| Err("a client panicked".into()))
            });
            let ended: Result<Vec<_>> = ended.collect();
            let took = start.elapsed();
            let ended = ended.map_err(|error| {
                format!("{} ({cell}): {error}\n{}", self.name, self.server.log())
            })?;
            let used = |before: Option<Usage>, after: Option<Usage>| {
                before.zip(after).map(|(before, after)| after.since(before))
            };
            Ok(Measured {
                usage: used(before.0, process.usage()),
                clients_cpu: used(before.1, own.usage()).map(|it| it.cpu),
                ..Measured::of(ended, took)
            })
        })
    }
}

fn load(device: &mut Device, mut uploads: Uploads, seconds: f64) -> Result<(Done, Vec<f32>)> {
    let (mut body, mut latencies) = (String::new(), Vec::new());
    let mut done = uploads.done;
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    while Instant::now() < end && uploads.next(&mut body).is_some() {
        let start = Instant::now();
        let answer = device
            .send("PUT", device::UPLOAD, body.as_bytes())
            .map_err(|error| error.to_string())?;
        if answer.status != 200 {
            return Err(answer.to_string());
        }
        latencies.push(start.elapsed().as_secs_f32() * 1e3);
        done = uploads.done;
    }
    Ok((done, latencies))
}
