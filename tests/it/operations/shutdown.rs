//! The end of an instance: it is announced, and costs nobody an upload.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use testkit::Server;
use testkit::device::{put, transaction};
use testkit::http::Client;

use super::stand::{Stand, device, eventually, get};

const SLOW: &[(&str, &str)] = &[("SYNCLINE_SHUTDOWN_DELAY", "1500ms")];

fn ready(server: &Server) -> bool {
    let answer = Client::new(server.address()).send("GET", "/readyz", &[], b"");
    answer.is_ok_and(|it| it.status == 200)
}

#[test]
fn readiness_turns_while_requests_are_still_taken() {
    testkit::needs!(postgres);
    let stand = Stand::with(SLOW);
    let mut device = stand.device("ann");
    let mut server = stand.server;
    server.ask_to_end();
    eventually("it is not ready", || {
        get(&server, "/readyz", &[]).status == 503
    });
    // On a new connection, and told to take the next request elsewhere.
    let put = put("projects", "p1", serde_json::json!({ "name": "late" }));
    let answer = device
        .upload(&[transaction(1, &[put])])
        .expect("an answer")
        .expect(200);
    assert_eq!(answer.header("connection"), Some("close"));
    get(&server, "/healthz", &[]).expect(200);
    assert_eq!(server.ended(), None);
    eventually("it has ended", || server.ended().is_some());
    assert!(server.ended().is_some_and(|it| it.success()));
    let count = stand
        .db
        .connect()
        .query_one("SELECT count(*) FROM projects", &[]);
    assert_eq!(count.expect("a count").get::<_, i64>(0), 1);
}

/// Two instances behind what a balancer is: it sends to an instance that says it is ready, and looks every so often.
#[test]
fn a_shutdown_under_load_loses_nothing() {
    testkit::needs!(postgres);
    const DEVICES: usize = 6;
    let stand = Stand::with(SLOW);
    let instances = [&stand.server, &stand.another(SLOW)];
    let healthy = [AtomicBool::new(true), AtomicBool::new(true)];
    let (over, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let acknowledged: Vec<String> = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                for (server, healthy) in instances.iter().zip(&healthy) {
                    healthy.store(ready(server), Ordering::Release);
                }
                thread::sleep(Duration::from_millis(100));
            }
        });
        let work = |number: usize| {
            let (over, done, healthy) = (&over, &done, &healthy);
            move || {
                let user = format!("user-{number}");
                let mut devices = instances.map(|it| device(it, &user));
                let mut acknowledged = Vec::new();
                let mut turn = number;
                while !over.load(Ordering::Acquire) {
                    turn += 1;
                    let at = turn % 2;
                    let at = if healthy[at].load(Ordering::Acquire) {
                        at
                    } else {
                        1 - at
                    };
                    let id = format!("{user}-{turn}");
                    let row = put("projects", &id, serde_json::json!({ "name": "load" }));
                    let sent = devices[at].upload(&[transaction(turn as u64, &[row])]);
                    let answer = sent.unwrap_or_else(|why| panic!("{id} by {at}: {why}"));
                    answer.expect(200);
                    acknowledged.push(id);
                    done.fetch_add(1, Ordering::AcqRel);
                }
                acknowledged
            }
        };
        let workers: Vec<_> = (0..DEVICES).map(|it| scope.spawn(work(it))).collect();
        eventually("the load runs", || done.load(Ordering::Acquire) > 100);
        instances[0].ask_to_end();
        instances[0].says("waiting for what is under way");
        let before = done.load(Ordering::Acquire);
        let failed = || workers.iter().any(|it| it.is_finished());
        eventually("the other goes on", || {
            failed() || done.load(Ordering::Acquire) > before + 100
        });
        over.store(true, Ordering::Release);
        workers
            .into_iter()
            .flat_map(|it| it.join().expect("every upload is answered"))
            .collect()
    });
    assert!(!healthy[0].load(Ordering::Acquire) && healthy[1].load(Ordering::Acquire));
    let rows = stand
        .db
        .connect()
        .query("SELECT id FROM projects", &[])
        .expect("rows");
    let mut rows: Vec<String> = rows.iter().map(|it| it.get(0)).collect();
    let mut acknowledged = acknowledged;
    rows.sort();
    acknowledged.sort();
    assert_eq!(rows, acknowledged);
}
