//! How the process is asked to end.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::http::Stop;

/// What is listened for from its making on, so that a signal is never missed, nor ends the process
/// before it has begun.
#[derive(Debug)]
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// The operating system lets nobody listen.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Until someone asks: an interrupt comes from a person, the other from what runs the process.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::AtOnce,
            _ = self.terminate.recv() => Stop::Announced,
        }
    }

    /// Until someone asks.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Stop {
        let _ = tokio::signal::ctrl_c().await;
        Stop::AtOnce
    }
}
