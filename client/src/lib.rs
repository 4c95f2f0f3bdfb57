//! A device in Rust.
//!
//! In come `#[derive(SyncTable)]` structs, the same that the schema is made of. Out come the tables of
//! PowerSync's own crate ([`schema`], [`Database`]), typed writes and reads ([`Tx`]), uploads by whole
//! transactions ([`SyncConnector`]), the way from one user's data to the next's ([`Account`]), and what to
//! show of it all ([`SyncState`]).
//!
//! ```no_run
//! use std::sync::Arc;
//! use syncline_client::{ConnectorOptions, Database, SyncConnector, SyncTable, new_id, runtime};
//!
//! #[derive(Debug, SyncTable)]
//! #[sync(crate = "::syncline_client::runtime")]
//! struct Notes {
//!     id: String,
//!     title: String,
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use runtime::SyncTable as _;
//! let database = Database::open("notes.db", &[Notes::TABLE])?;
//! let note = Notes { id: new_id(), title: "milk".into() };
//! let id = database.insert(note).await?;
//! database.update::<Notes>(&id, |note| note.title.push_str(", bread")).await?;
//!
//! let connector = SyncConnector::new(ConnectorOptions::new("https://api.example.com"));
//! Arc::new(connector).connect(&database).await?;
//! # Ok(())
//! # }
//! ```
//!
//! It runs on tokio.

mod account;
mod connector;
mod database;
mod error;
mod http;
mod queue;
mod rows;
mod schema;
mod session;
mod status;
mod storage;
mod token;
mod tx;

pub use account::{
    Account, AccountOptions, AccountState, Export, Phase, UnsentPolicy, UnsentWrites,
};
pub use connector::{Blocked, ConnectorOptions, Rejection, SyncConnector, Told};
pub use database::Database;
pub use error::{AccountError, UploadError, WriteError};
pub use queue::{Limits, UploadOp};
pub use schema::schema;
pub use session::Headers;
pub use status::{SyncPhase, SyncState};
pub use storage::{AccountStorage, FileStorage, Memory};
pub use tx::{Tx, new_id, now};

pub use powersync;
pub use rusqlite;
pub use syncline_macros::{SyncEnum, SyncTable};
pub use syncline_runtime as runtime;
