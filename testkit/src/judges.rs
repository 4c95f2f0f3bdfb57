//! Which judges are here, and what a test says that cannot run without one.

use std::env;
use std::io::Write;
use std::thread;

use crate::{node, postgres};

/// An outside program that some tests need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// Node, with the packages of tests/node.
    Node,
    /// A PostgreSQL server.
    Postgres,
}

impl Judge {
    /// Why it cannot be asked, if it cannot.
    pub fn missing(self) -> Option<&'static str> {
        if !judges() {
            return Some("judges are off (SYNCLINE_JUDGES=0)");
        }
        match self {
            Self::Node if !node::available() => {
                Some("no Node with the packages of tests/node (`cargo xtask test` installs them)")
            }
            Self::Postgres if !postgres::available() => {
                Some("no SYNCLINE_TEST_DATABASE_URL (`cargo xtask test` starts a server)")
            }
            _ => None,
        }
    }
}

/// Whether judges may be asked at all; `cargo xtask test --fast` says no.
pub fn judges() -> bool {
    env::var("SYNCLINE_JUDGES").as_deref() != Ok("0")
}

/// Returns from the test, with a `syncline-skip:` line, when one of the named judges is not here.
///
/// `testkit::needs!(node)`, `testkit::needs!(postgres)`, `testkit::needs!(postgres, node)`. Inside a function that does
/// not return `()`, give the value to return: `testkit::needs!(node => Ok(()))`.
#[macro_export]
macro_rules! needs {
    ($($judge:ident),+ $(,)?) => { $crate::needs!($($judge),+ => ()) };
    ($($judge:ident),+ => $value:expr) => {
        $(if let Some(reason) = $crate::needs!(@judge $judge).missing() {
            $crate::skip(module_path!(), reason);
            return $value;
        })+
    };
    (@judge node) => { $crate::Judge::Node };
    (@judge postgres) => { $crate::Judge::Postgres };
}

/// Prints the line that the test command repeats and counts. [`needs!`](crate::needs) calls it; call it yourself, once
/// in a test, where something else is not there.
pub fn skip(place: &str, reason: &str) {
    // A test runs on a thread that has its name, path included, but for the crate.
    let thread = thread::current();
    let test = match thread.name() {
        Some(name) if name != "main" => name,
        _ => place,
    };
    let line = format!("syncline-skip: {test}: {reason}\n");
    // Not println!, which the test harness keeps to itself when a test passes. If nobody reads it, the test goes on.
    let _ = std::io::stdout().lock().write_all(line.as_bytes());
}
