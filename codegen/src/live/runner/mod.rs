//! Runs migrations on a database, and remembers in it what was run.
//!
//! In: a [`Folder`](crate::migrate::folder::Folder) and a [`Session`]. Out: what was done, told to
//! a [`Progress`] while it happens, or a [`RunError`].
//!
//! What was run is in the PostgreSQL schema `syncline`, by the id of the migration: a set, not a
//! position, so that one which is merged behind others is still run. A file in a transaction is
//! remembered in that transaction. A file outside one is remembered statement by statement, and
//! after a crash it goes on at the one whose end nobody saw.

mod apply;
mod baseline;
mod down;
mod drift;
mod error;
mod gate;
mod history;
mod index;
mod lock;
mod phase;
mod progress;
mod repair;
mod repeat;
mod session;
mod status;
mod verify;
mod versions;
mod watch;

pub use apply::{Applied, apply};
pub use baseline::baseline;
pub use down::{Target, down};
pub use error::{Failure, RunError};
pub use gate::hazards;
pub use lock::Holder;
pub use progress::{Event, Progress, Silent};
pub use repair::{Repair, repair};
pub use session::{Limits, Session};
pub use status::{Entry, Phase, State, Status, status};
pub use verify::verify;

/// The name under which PostgreSQL shows our connections.
pub const APPLICATION: &str = "syncline migrate";
