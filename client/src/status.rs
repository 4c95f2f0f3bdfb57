//! What to show of synchronisation.

use std::time::{Duration, SystemTime};

use futures_lite::{Stream, StreamExt, stream};
use powersync::error::PowerSyncError;

use crate::connector::SyncConnector;
use crate::database::Database;
use crate::error::UploadError;

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncPhase {
    /// There is no way to the server; writes wait.
    Offline,
    /// For the first time since the start, or after a change of network.
    Connecting,
    /// Rows are on their way, in one direction or the other.
    Syncing,
    /// Nothing is on its way.
    Synced,
    /// The server is there and something is wrong; it is tried again.
    Error,
    /// The oldest write waits for a decision: [`SyncConnector::blocked`].
    Blocked,
}

/// The status at one moment.
#[derive(Clone, Debug)]
pub struct SyncState {
    /// In one word.
    pub phase: SyncPhase,
    /// Changes of rows that the server has not seen.
    pub unsent: u64,
    /// Has everything been here once?
    pub has_synced: bool,
    /// When everything was here last.
    pub last_synced_at: Option<SystemTime>,
    /// What is wrong, if anything.
    pub error: Option<PowerSyncError>,
}

impl SyncState {
    /// The status now. `connector` is the one that the database is connected by.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn of(
        database: &Database,
        connector: &SyncConnector,
    ) -> Result<Self, PowerSyncError> {
        let unsent = database.unsent().await?;
        let status = database.powersync().status();
        let error = status.upload_error().or(status.download_error()).cloned();
        let has_synced = status.has_synced();
        let phase = if connector.blocked().is_some() {
            SyncPhase::Blocked
        } else if status.is_connected() {
            let busy = status.is_downloading() || status.is_uploading() || unsent > 0;
            match &error {
                Some(_) => SyncPhase::Error,
                None if busy || !has_synced => SyncPhase::Syncing,
                None => SyncPhase::Synced,
            }
        } else {
            match &error {
                // It is tried again every few seconds: that is not worth another word each time.
                Some(why) if is_network(why) => SyncPhase::Offline,
                Some(_) => SyncPhase::Error,
                None if status.is_connecting() => SyncPhase::Connecting,
                None => SyncPhase::Offline,
            }
        };
        Ok(Self {
            phase,
            unsent,
            has_synced,
            last_synced_at: status.last_synced_at(),
            error,
        })
    }

    /// The status now, and again whenever it or the queue may have changed.
    pub fn watch<'a>(
        database: &'a Database,
        connector: &'a SyncConnector,
    ) -> impl Stream<Item = Result<Self, PowerSyncError>> + 'a {
        let statuses = database.powersync().watch_status().map(drop);
        let queue = database.powersync().watch_tables(false, ["ps_crud"]);
        stream::or(statuses, queue).then(move |()| Self::of(database, connector))
    }
}

/// PowerSync's crate hands our errors on in words only.
fn is_network(why: &PowerSyncError) -> bool {
    why.to_string().contains("no answer from the server: ")
}

/// Waits a while where trying again may help; gives the error back where it cannot.
pub(crate) async fn wait_or_stop(why: UploadError) -> Result<(), UploadError> {
    let helps = match &why {
        UploadError::Unreachable(_) => true,
        UploadError::Answered { status, .. } => *status >= 500 || *status == 429,
        _ => false,
    };
    if !helps {
        return Err(why);
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    Ok(())
}
