//! Uploads under random faults, and what must be true of the database behind them.
//!
//! Devices upload as the published recipe does: in order, again until a verdict comes. Triggers write down every change of a row.
//! At the end each client transaction is held against what the database says was done: applied once and whole, or refused with a
//! dead letter of the same ops, or still in its queue; nobody's rows changed but the writer's own; in order, and no sooner
//! acknowledged than visible.
//!
//! What judges is judged first: a small server of our own with one bug at a time, each of which must be found.

mod app;
mod audit;
mod checker;
mod device;
mod faults;
mod model;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use testkit::postgres::TestDb;
use testkit::{Proxy, proxy};

use audit::Audit;
use device::Uploader;
use model::{Bug, Model};

/// How devices are known, and how many there are: two of each user, which count alike.
const USERS: usize = 3;
const DEVICES: usize = 2;

/// What one soak is about.
struct Soak<'a> {
    seed: u64,
    /// Devices make new transactions until this many, or until the time is over.
    transactions: u64,
    time: Duration,
    /// The superuser's URL of the database.
    url: &'a str,
    /// Where devices upload to, and with which token for a user.
    proxy: &'a Proxy,
    token: &'a (dyn Fn(&str) -> String + Sync),
    /// The letters: user, client, op id and ops, as text.
    letters: &'a str,
}

/// Runs devices, drains the queues without faults, and gives what is wrong, and how many transactions came to a verdict.
///
/// `disturb` runs beside: it does harm until its first flag is set, and may end what it needed for that after its second.
fn soak(
    soak: &Soak<'_>,
    disturb: impl Fn(&AtomicBool, &AtomicBool) + Sync,
) -> (Vec<String>, usize) {
    let audit = Audit::install(soak.url);
    let (quiet, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let end = Instant::now() + soak.time;
    let mut sent = Vec::new();
    let mut wrong = Vec::new();
    thread::scope(|scope| {
        // A device that fails must not let the disturber go on for ever.
        let _ends = (Ends(&quiet), Ends(&done));
        let devices: Vec<_> = (0..USERS * DEVICES)
            .map(|at| {
                let mut uploader = Uploader::new(soak, at / DEVICES, at % DEVICES);
                scope.spawn(move || {
                    uploader.work(end);
                    uploader
                })
            })
            .collect();
        let (quiet, done, disturb) = (&quiet, &done, &disturb);
        scope.spawn(move || disturb(quiet, done));
        let uploaders: Vec<_> = devices
            .into_iter()
            .map(|it| it.join().expect("a device"))
            .collect();
        // Faults are over: what is still queued goes out now.
        quiet.store(true, Ordering::SeqCst);
        soak.proxy.plan(|_| proxy::Fault::Pass);
        for mut uploader in uploaders {
            uploader.drain(Instant::now() + Duration::from_secs(60));
            wrong.append(&mut uploader.wrong);
            sent.append(&mut uploader.sent);
        }
        done.store(true, Ordering::SeqCst);
    });
    let verdicts = sent.iter().filter(|it| it.verdict.is_some()).count();
    wrong.extend(checker::check(
        &sent,
        &audit.effects(),
        &audit.letters(soak.letters),
    ));
    (wrong, verdicts)
}

/// Sets a flag at the end, however that comes.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The model server with this bug, or none, for a short while.
fn model(db: &TestDb, bug: Option<Bug>, seed: u64) -> Vec<String> {
    let model = Arc::new(Model::install(db.url(), bug, seed));
    // Two of them, which share nothing but the database.
    let servers = [(); 2].map(|()| {
        let model = Arc::clone(&model);
        testkit::http::serve(move |request| model.answer(&request))
    });
    let proxy = Proxy::start(&servers.each_ref().map(|it| it.address()));
    proxy.plan(proxy::seeded(seed, &faults::WEIGHTS));
    let run = Soak {
        seed,
        transactions: 30,
        time: Duration::from_secs(30),
        url: db.url(),
        proxy: &proxy,
        token: &str::to_owned,
        letters: model::LETTERS,
    };
    let disturb =
        |quiet: &AtomicBool, _: &AtomicBool| faults::disturb_database(db.url(), seed, quiet);
    soak(&run, disturb).0
}

#[test]
fn a_server_that_keeps_its_promises_is_found_to_keep_them() {
    testkit::needs!(postgres);
    let db = testkit::postgres::database_with("soak", audit::SCHEMA);
    let wrong = model(&db, None, 1);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_seeded_bug_is_found() {
    testkit::needs!(postgres);
    thread::scope(|scope| {
        let found = Bug::ALL.map(|(bug, sign)| {
            let found = scope.spawn(move || {
                // A seed may spare a bug that needs two things at once.
                (2..7).find_map(|seed| {
                    let db = testkit::postgres::database_with("soak_bug", audit::SCHEMA);
                    model(&db, Some(bug), seed)
                        .into_iter()
                        .find(|wrong| wrong.contains(sign))
                })
            });
            (bug, found)
        });
        for (bug, found) in found {
            let found = found.join().expect("a soak");
            assert!(found.is_some(), "{bug:?} was not found");
        }
    });
}
