//! What happens while it happens.

use std::time::Duration;

use super::Holder;

/// Something that happened or is going on.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another run holds the lock; told once.
    Waiting(Option<&'a Holder>),
    /// A migration begins: its id, its number and how many there are.
    Migration(&'a str, usize, usize),
    /// It was left by an earlier run at this file and statement (from 1).
    Resumed(&'a str, usize),
    /// A file begins: its name, and how many statements it has.
    File(&'a str, usize),
    /// A statement begins: its number from 1, of how many, and how it begins.
    Statement(usize, usize, &'a str),
    /// A message of the server.
    Notice(&'a str),
    /// How far a long statement is, where PostgreSQL says so.
    Long {
        /// What it is doing.
        what: &'a str,
        /// How much of it is done.
        done: u64,
        /// Of how much; 0 where PostgreSQL does not know.
        total: u64,
        /// How long it has been running.
        time: Duration,
    },
    /// A statement waits for a lock that this session holds.
    Blocked(&'a Holder),
    /// A lock or a serialization failure: the file or statement is run again after this time.
    Again(&'a str, Duration),
    /// An index that an earlier run left half-built is dropped before it is built again.
    HalfBuilt(&'a str),
    /// A file is done.
    FileDone(&'a str, Duration),
    /// A migration is done.
    Done(&'a str, Duration),
    /// A migration was undone.
    Undone(&'a str, Duration),
}

/// Takes what happens. The command line draws it; tests collect it.
pub trait Progress {
    /// Called in order, between round trips.
    fn tell(&self, event: Event<'_>);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn tell(&self, _: Event<'_>) {}
}
