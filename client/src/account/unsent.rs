//! Writes that the server has not seen, when somebody else signs in.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{Account, Phase, lock};
use crate::error::{AccountError, UploadError};
use crate::queue::{Limits, UploadOp, take};

/// What becomes of writes that the server has not seen when somebody else signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsentPolicy {
    /// They are uploaded first, for as long as the time-out, while the old user's session still holds.
    Drain,
    /// They are handed to `on_export`, then dropped.
    Export,
    /// They are dropped, on purpose.
    Discard,
    /// Nothing changes, and [`AccountError::Unsent`] is given.
    Stay,
}

/// Writes that were never uploaded.
#[derive(Clone, Debug)]
pub struct UnsentWrites {
    /// Whose they are; none if nobody was signed in, or if that is not known any more.
    pub user: Option<String>,
    /// The device's name in uploads.
    pub client_id: String,
    /// In order. The number tells a transaction that is exported twice from a new one.
    pub transactions: Vec<(i64, Vec<UploadOp>)>,
}

impl Account {
    pub(super) async fn settle_unsent(&self, policy: UnsentPolicy) -> Result<(), AccountError> {
        let count = self.database.unsent().await?;
        if count == 0 {
            return Ok(());
        }
        let policy = match policy {
            UnsentPolicy::Drain if self.drain().await? => return Ok(()),
            // Draining has been tried.
            UnsentPolicy::Drain if self.options.undrained == UnsentPolicy::Drain => {
                UnsentPolicy::Stay
            }
            UnsentPolicy::Drain => self.options.undrained,
            other => other,
        };
        match policy {
            UnsentPolicy::Discard => Ok(()),
            UnsentPolicy::Export => self.export().await,
            UnsentPolicy::Drain | UnsentPolicy::Stay => {
                let mut now = lock(&self.remembered).clone();
                now.leaving = None;
                self.remember(now)?;
                self.show(Phase::Closed);
                Err(AccountError::Unsent(self.database.unsent().await?))
            }
        }
    }

    /// Uploads until nothing is left, the time is up, or the server has said that waiting will not help.
    async fn drain(&self) -> Result<bool, AccountError> {
        if self.owner().is_none() {
            return Ok(false);
        }
        let end = Instant::now() + self.options.drain_timeout;
        let mut refused = 0;
        while Instant::now() < end {
            if self.database.unsent().await? == 0 {
                return Ok(true);
            }
            let left = end.saturating_duration_since(Instant::now());
            match timeout(left, self.connector.upload(&self.database)).await {
                Ok(Ok(())) => {}
                Ok(Err(UploadError::WrongUser | UploadError::Blocked { .. })) => return Ok(false),
                Ok(Err(why)) => {
                    // The first 401 may be about an old token, the second is about the session.
                    refused += u8::from(why.status() == Some(401));
                    if refused > 1 {
                        return Ok(false);
                    }
                    let left = end.saturating_duration_since(Instant::now());
                    sleep(left.min(Duration::from_millis(500))).await;
                }
                Err(_) => break,
            }
        }
        Ok(self.database.unsent().await? == 0)
    }

    async fn export(&self) -> Result<(), AccountError> {
        let Some(export) = &self.options.on_export else {
            let why = "the policy is to export them, and there is no on_export";
            return Err(AccountError::Export(why.into()));
        };
        let client_id = self.database.client_id().await?;
        let mut after = 0;
        loop {
            let batch = take(&self.database, Limits::default(), after).await?;
            if batch.is_empty() {
                return Ok(());
            }
            after += batch.len();
            let transactions = batch.into_iter().map(|it| (it.op_id, it.ops)).collect();
            let unsent = UnsentWrites {
                user: self.owner(),
                client_id: client_id.clone(),
                transactions,
            };
            export(&unsent).map_err(AccountError::Export)?;
        }
    }
}
