//! Tries of a transaction, until there is an end.

use std::future::Future;
use std::time::Duration;

use tokio::time::sleep;

use super::device::{Device, Key};
use super::engine::Engine;
use crate::jitter::jitter;
use crate::sqlstate::Meaning;
use crate::store;
use crate::verdict::Retry;

/// Why a try did not come to an end.
#[derive(Debug)]
pub(super) enum Failed {
    /// The transaction was noted before.
    Noted,
    /// Something is in the way.
    Because(Meaning),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        if crate::sqlstate::is_unique_violation(&error, store::NOTED) {
            Self::Noted
        } else {
            Self::Because(crate::sqlstate::meaning(&error))
        }
    }
}

/// How the tries of a transaction, or of a group of them, ended.
pub(super) enum End<T> {
    /// Committed.
    Done(T),
    /// One of them was noted before.
    Noted,
    /// One of them breaks a rule.
    Fatal,
    /// It has failed too often and for too long.
    GivenUp(String),
}

impl Engine {
    /// Tries until there is an end.
    pub(super) async fn attempt<T, F: Future<Output = Result<T, Failed>>>(
        &self,
        device: &Device<'_>,
        keys: &[Key],
        run: impl Fn() -> F,
    ) -> Result<End<T>, Retry> {
        let mut tries = 0;
        loop {
            tries += 1;
            let meaning = match run().await {
                Ok(done) => return Ok(End::Done(done)),
                Err(Failed::Because(meaning)) => meaning,
                Err(Failed::Noted) => return Ok(End::Noted),
            };
            let last = tries >= self.tuning.tries;
            let meaning = match meaning {
                Meaning::TryAgain if last => {
                    Meaning::Slow("other uploads are in the way".to_owned())
                }
                other => other,
            };
            match meaning {
                Meaning::Fatal(_) => return Ok(End::Fatal),
                // What may have been committed is only sent again where that is noted.
                Meaning::Lost if last || !device.notes(&keys[0]) => {
                    return Err(Retry::new("the connection to the database was lost"));
                }
                Meaning::TryAgain | Meaning::Lost => {
                    sleep(jitter(Duration::from_millis(20 << tries))).await;
                }
                Meaning::Behind(reason) => {
                    tracing::error!(%reason, "migrations are missing, or the role lacks a right");
                    return Err(Retry::new("the database is behind the server"));
                }
                Meaning::Slow(reason) => {
                    tracing::warn!(%reason, "an upload did not come to an end");
                    return match keys {
                        [key] if self.counts_as_given_up(device, key).await => {
                            Ok(End::GivenUp(reason))
                        }
                        [_] => Err(Retry::new(reason)),
                        _ => Ok(End::Fatal),
                    };
                }
                Meaning::Trouble(reason) => return Err(Retry::new(reason)),
            }
        }
    }

    /// Counts a failure; has the transaction failed often and long enough?
    async fn counts_as_given_up(&self, device: &Device<'_>, key: &Key) -> bool {
        // Devices that do not say who they are share a row: they must not be held up either.
        let client = device.client.unwrap_or_default();
        let Ok(connection) = self.connection().await else {
            return false;
        };
        let digest = &key.digest[..];
        let counted = connection
            .query_one(store::FAILED, &[&device.user, &client, &digest])
            .await;
        let Ok(row) = counted else {
            return false;
        };
        let (failures, seconds): (i32, i64) = (row.get(0), row.get(1));
        let age = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        failures >= self.tuning.give_up_after && age >= self.tuning.give_up_age
    }
}
