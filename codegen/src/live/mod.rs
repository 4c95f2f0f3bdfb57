//! Talks to a running PostgreSQL. In: a database URL. Out: a [`Client`], and the [`catalog`] as a
//! `Schema`.
//!
//! Everything is asynchronous below and one call for commands, which stay plain: [`block_on`].

pub mod catalog;
mod connect;
pub mod count;
pub mod http;
mod query;
pub mod runner;
pub mod server;

pub use connect::{ConnectError, Refusal, connect, listen};
pub use tokio_postgres::{self, Client};

/// Runs a future, and what it spawns, on the caller's own thread.
///
/// # Errors
/// The operating system gives no means to wait for sockets.
pub fn block_on<F: Future>(future: F) -> std::io::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(future))
}
