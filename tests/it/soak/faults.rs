//! What goes wrong, and how often.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::Random;
use testkit::postgres::{Client, NoTls};
use testkit::proxy::{Fault, Which};

const SHORT: Duration = Duration::from_millis(20);

/// Faults on the way, by weight.
pub(super) const WEIGHTS: [(u64, Fault); 10] = [
    (60, Fault::Pass),
    (4, Fault::Reset),
    (4, Fault::CutRequest(200)),
    (6, Fault::Abandon),
    (8, Fault::CutAnswer(0)),
    (2, Fault::CutAnswer(40)),
    (
        3,
        Fault::Delay {
            request: SHORT,
            answer: SHORT,
        },
    ),
    (5, Fault::Twice(Which::First)),
    (3, Fault::Twice(Which::Last)),
    (5, Fault::Again(SHORT)),
];

/// Holds tables locked for longer than a server should wait, and ends its connections, until it is quiet.
pub(super) fn disturb_database(url: &str, seed: u64, quiet: &AtomicBool) {
    let mut random = Random::new(seed ^ 0xfa17);
    while !quiet.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(50 + random.below(100)));
        // Where the database is away, there is nothing to disturb.
        let Ok(mut client) = Client::connect(url, NoTls) else {
            continue;
        };
        let sql = match random.below(3) {
            0 => "BEGIN; LOCK TABLE documents IN EXCLUSIVE MODE; SELECT pg_sleep(0.2); COMMIT",
            _ => {
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%documents%' LIMIT 1"
            }
        };
        // It may be ended itself, by the next of these.
        let _ = client.batch_execute(sql);
    }
}
