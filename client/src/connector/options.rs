//! What a connector takes, and what it tells.

use std::sync::Arc;
use std::time::Duration;

use crate::queue::{Limits, UploadOp};
use crate::session::Headers;

/// A transaction that the server has refused: it is stored there as a dead letter, and none of its ops took
/// effect.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// The transaction's number on this device.
    pub op_id: i64,
    /// The rule, such as `invalid_value`.
    pub code: String,
    /// The rule in words.
    pub message: String,
    /// Which op it is about, from 0.
    pub op_index: Option<u64>,
    /// Which column.
    pub column: Option<String>,
    /// All ops of the transaction.
    pub ops: Vec<UploadOp>,
    /// Was it refused on an earlier upload, whose answer got lost?
    pub repeated: bool,
}

/// The oldest transaction, which the server will not take in any form: sending it again cannot help.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// The transaction's number on this device.
    pub op_id: i64,
    /// The HTTP status: 400, 413, 415 or 422.
    pub status: u16,
    /// What the server said.
    pub message: String,
    /// All ops of the transaction.
    pub ops: Vec<UploadOp>,
}

/// What is told of something.
pub type Told<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// What [`SyncConnector`](crate::SyncConnector) takes.
#[derive(Clone)]
#[non_exhaustive]
pub struct ConnectorOptions {
    /// The server's address, as `https://api.example.com`.
    pub server: String,
    /// Headers that carry the session where tokens are asked for.
    pub headers: Option<Headers>,
    /// Whose data the database holds ([`Account::owner`](crate::Account::owner)). A token of somebody else is
    /// never used: what one user wrote must not be uploaded as another's. `None` where nobody's is known yet.
    pub user: Option<Arc<dyn Fn() -> Option<String> + Send + Sync>>,
    /// Told of each refused transaction before it leaves the queue: twice, if the app dies at that moment.
    pub on_rejected: Option<Told<Rejection>>,
    /// Told when the queue cannot move without a decision: [`SyncConnector::retry`](crate::SyncConnector::retry) or
    /// [`SyncConnector::skip_blocked`](crate::SyncConnector::skip_blocked).
    pub on_blocked: Option<Told<Blocked>>,
    /// Told when the server no longer knows the session.
    pub on_signed_out: Option<Arc<dyn Fn() + Send + Sync>>,
    /// What one request may hold.
    pub limits: Limits,
    /// What the server's schema is compared with: `SCHEMA_VERSION` of the generated files.
    pub schema_version: Option<String>,
    /// How long a request for a token may take: 15 s.
    pub token_timeout: Duration,
    /// How long an upload may take: 60 s.
    pub upload_timeout: Duration,
}

impl ConnectorOptions {
    /// The usual ones for this server.
    pub fn new(server: impl Into<String>) -> Self {
        Self {
            server: server.into(),
            headers: None,
            user: None,
            on_rejected: None,
            on_blocked: None,
            on_signed_out: None,
            limits: Limits::default(),
            schema_version: None,
            token_timeout: Duration::from_secs(15),
            upload_timeout: Duration::from_secs(60),
        }
    }
}
