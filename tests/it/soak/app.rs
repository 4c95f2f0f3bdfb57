//! The app's own server under everything at once: two instances that are killed and frozen, a PostgreSQL that crashes, turns
//! read-only or runs out of connections, and faults on the way.
//!
//! SYNCLINE_SOAK_SECONDS (60 unless given) and SYNCLINE_SOAK_SEED (any unless given, and said when something is wrong).

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::postgres::{Client, NoTls, Second};
use testkit::{Issuer, Proxy, Random, Server, Signer, app, proxy};

use super::{Soak, audit, faults, soak};

const LETTERS: &str =
    "SELECT user_id, client_id, op_id, convert_from(payload, 'UTF8') FROM syncline.dead_letters";

/// What the app's server needs, and what may be done to it.
struct Stage<'a> {
    postgres: &'a Second,
    proxy: &'a Proxy,
    start: &'a (dyn Fn() -> Server + Sync),
}

#[test]
fn the_apps_server_keeps_its_promises() {
    testkit::needs!(postgres);
    let Some(postgres) = Second::durable("") else {
        return testkit::skip(module_path!(), "no superuser of a server on this machine");
    };
    let url = postgres.url("127.0.0.1", "");
    let mut client = Client::connect(&url, NoTls).expect("the database");
    client
        .batch_execute(audit::SCHEMA)
        .expect("the app's tables");
    drop(client);
    let server_url = app::set_up(app::binary(), &url).expect("a database for the server");
    let issuer = Issuer::new(Signer::ec("ES256"));
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("jwks.json");
    issuer.write_jwks(&keys);
    let start = || {
        // The database may be away for a moment, and a server that cannot look at it does not start.
        let mut tries = (0..100).map(|_| {
            let mut command = app::command(app::binary(), &server_url, &issuer, &keys);
            command
                .env("SYNCLINE_LOCK_TIMEOUT", "100ms")
                .env("SYNCLINE_STATEMENT_TIMEOUT", "1s")
                .env("SYNCLINE_POOL_WAIT", "500ms");
            Server::start(command).inspect_err(|_| thread::sleep(Duration::from_millis(100)))
        });
        let mut last = None;
        let started = tries.find_map(|it| it.map_err(|why| last = Some(why)).ok());
        started.unwrap_or_else(|| panic!("it does not start: {last:?}"))
    };
    let proxy = Proxy::start(&[]);
    let seed = number("SYNCLINE_SOAK_SEED").unwrap_or_else(|| RandomState::new().hash_one(0) >> 32);
    proxy.plan(proxy::seeded(seed, &faults::WEIGHTS));
    let run = Soak {
        seed,
        transactions: u64::MAX,
        time: Duration::from_secs(number("SYNCLINE_SOAK_SECONDS").unwrap_or(60)),
        url: &url,
        proxy: &proxy,
        token: &|user| issuer.token(user),
        letters: LETTERS,
    };
    let stage = Stage {
        postgres: &postgres,
        proxy: &proxy,
        start: &start,
    };
    let (wrong, sent) = soak(&run, |quiet, done| stage.disturb(&url, seed, quiet, done));
    assert!(
        wrong.is_empty(),
        "SYNCLINE_SOAK_SEED={seed}: {} of {sent} transactions and rows\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(sent > 20, "only {sent} transactions came to a verdict");
}

impl Stage<'_> {
    /// Runs two servers, and lets happen to them and to PostgreSQL what can happen, until it is quiet; then all is well again,
    /// until all is done.
    fn disturb(&self, url: &str, seed: u64, quiet: &AtomicBool, done: &AtomicBool) {
        thread::scope(|scope| {
            scope.spawn(|| faults::disturb_database(url, seed, quiet));
            let mut random = Random::new(seed ^ 0x5eed);
            let mut servers = [(self.start)(), (self.start)()];
            self.follow(&servers);
            while !quiet.load(Ordering::SeqCst) {
                pause(&mut random);
                let at = random.below(2) as usize;
                match random.below(8) {
                    0..=2 => {
                        servers[at].kill();
                        // Clients meet the closed port for a while.
                        pause(&mut random);
                        servers[at] = (self.start)();
                        self.follow(&servers);
                    }
                    3 => self.freeze(&servers[at], &mut random),
                    4 => {
                        self.postgres.crash();
                        pause(&mut random);
                        self.postgres.go_on("");
                    }
                    5 => {
                        self.postgres.reload("default_transaction_read_only=on");
                        pause(&mut random);
                        self.postgres.reload("default_transaction_read_only=off");
                    }
                    6 => self.crowd(url, &mut random),
                    // As a new version is brought out.
                    _ => {
                        let new = (self.start)();
                        let (_, log) = std::mem::replace(&mut servers[at], new).terminate();
                        assert!(!log.contains("panicked"), "{log}");
                        self.follow(&servers);
                    }
                }
            }
            // Until the last upload is through.
            while !done.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(10));
            }
            for server in servers {
                let log = server.log();
                assert!(!log.contains("panicked"), "{log}");
            }
        });
    }

    fn follow(&self, servers: &[Server; 2]) {
        self.proxy.servers(&servers.each_ref().map(Server::address));
    }

    #[cfg(unix)]
    fn freeze(&self, server: &Server, random: &mut Random) {
        server.freeze();
        pause(random);
        server.thaw();
    }

    #[cfg(not(unix))]
    fn freeze(&self, _: &Server, _: &mut Random) {}

    /// Takes all connections that there are.
    fn crowd(&self, url: &str, random: &mut Random) {
        let taken: Vec<_> = (0..200)
            .map_while(|_| Client::connect(url, NoTls).ok())
            .collect();
        pause(random);
        drop(taken);
    }
}

fn pause(random: &mut Random) {
    thread::sleep(Duration::from_millis(100 + random.below(600)));
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}
