//! What the tests share: a PostgreSQL database, Node and the npm packages, the built binary.
//!
//! `cargo xtask test` starts a server and finds a Node, and says so in the environment. Plain `cargo test` passes too: a
//! test whose judge is not there prints a `syncline-skip:` line, which the test command repeats and counts.
//!
//! ```no_run
//! fn rows_are_kept() {
//!     testkit::needs!(postgres, node);
//!     let db = testkit::postgres::database("rows");
//!     db.execute("CREATE TABLE t (id text PRIMARY KEY)");
//!     let output = testkit::node::run("look.mjs", [db.url()], "").expect(0);
//!     assert_eq!(output.stdout, "t\n");
//! }
//! ```
//!
//! Functions here panic with a message, as assertions do: they are for tests.
#![allow(clippy::print_stdout)]

pub mod app;
mod binary;
pub mod device;
pub mod http;
mod issuer;
mod judges;
pub mod node;
pub mod postgres;
pub mod proxy;
mod random;
pub mod server;
mod signer;

use std::path::{Path, PathBuf};

pub use binary::{Output, syncline};
pub use device::Device;
pub use issuer::Issuer;
pub use judges::{Judge, judges, skip};
pub use proxy::Proxy;
pub use random::Random;
pub use server::Server;
pub use signer::Signer;

/// The repository's root folder.
pub fn repo_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
