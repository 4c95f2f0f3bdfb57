//! Between this device's upload queue and the server: tokens, and uploads by whole transactions.
//!
//! A transaction leaves the queue when the server has given its verdict on it, and not before. Every other
//! answer keeps the queue as it is: it is sent again, or, where sending again cannot help, the connector is
//! blocked until somebody decides.

mod options;
mod sdk;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use powersync::SyncOptions;
use powersync::error::PowerSyncError;
use serde_json::{Value, json};

use crate::database::Database;
use crate::error::UploadError;
use crate::http::Answer;
use crate::queue::{Limits, Outgoing, take};
use crate::session::{Session, in_millis, now};
use crate::status::wait_or_stop;
pub use options::{Blocked, ConnectorOptions, Rejection, Told};
use sdk::{Credentials, Uploader};

/// Statuses that say the same of the same body for ever.
const TERMINAL: [u16; 4] = [400, 413, 415, 422];
const WAITING: [u16; 2] = [429, 503];
/// Where the server names no time.
const WAIT: Duration = Duration::from_secs(5);
const VERDICTS: [&str; 3] = ["applied", "duplicate", "rejected"];

/// The connector of one server.
pub struct SyncConnector {
    session: Session,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    blocked: Option<Blocked>,
    not_before: i64,
}

impl SyncConnector {
    /// One that has asked for nothing yet.
    pub fn new(options: ConnectorOptions) -> Self {
        Self {
            session: Session::new(options),
            state: Mutex::default(),
        }
    }

    /// The transaction that blocks the queue, if one does.
    pub fn blocked(&self) -> Option<Blocked> {
        self.state().blocked.clone()
    }

    /// When the server may be asked again, in milliseconds since 1970; past or 0 if at any time.
    pub fn waiting_until(&self) -> i64 {
        self.state().not_before
    }

    /// Who is signed in now, whoever's the data is. `None` if nobody is.
    ///
    /// # Errors
    /// No answer, or none of use.
    pub async fn signed_in(&self) -> Result<Option<String>, UploadError> {
        self.session.invalidate();
        let Some(token) = self.session.any_token().await? else {
            return Ok(None);
        };
        let user = self.session.config(&token).await?.user;
        // Another user's token is of no use to this queue.
        let _ = self.session.check_user(Some(&user));
        Ok(Some(user))
    }

    /// Forgets the token.
    pub fn invalidate_credentials(&self) {
        self.session.invalidate();
    }

    /// Asks the server where PowerSync is, and connects the database to it: it downloads and uploads from then
    /// on. Where there is no network, it waits for one; drop the future to stop waiting.
    ///
    /// # Errors
    /// Nobody is signed in, or somebody else than the owner of the data.
    pub async fn connect(self: &Arc<Self>, database: &Database) -> Result<(), UploadError> {
        loop {
            match self.sync_options(database).await {
                Ok(options) => {
                    database.powersync().connect(options).await;
                    return Ok(());
                }
                Err(why) => wait_or_stop(why).await?,
            }
        }
    }

    /// What PowerSync's own `connect` takes.
    ///
    /// # Errors
    /// As [`signed_in`](Self::signed_in).
    pub async fn sync_options(
        self: &Arc<Self>,
        database: &Database,
    ) -> Result<SyncOptions, UploadError> {
        let token = self.session.token().await?.ok_or_else(nobody)?;
        let config = self.session.config(&token).await?;
        self.session.check_user(Some(&config.user))?;
        let authenticator = Credentials(Arc::clone(self));
        let uploader = Uploader {
            connector: Arc::clone(self),
            database: database.clone(),
        };
        Ok(SyncOptions::new(&config.endpoint, authenticator, uploader))
    }

    /// Uploads the oldest transactions, as many as fit into one request.
    ///
    /// # Errors
    /// Any of them is still to be sent.
    pub async fn upload(&self, database: &Database) -> Result<(), UploadError> {
        {
            let state = self.state();
            if let Some(Blocked {
                status, message, ..
            }) = &state.blocked
            {
                let (status, message) = (*status, message.clone());
                return Err(UploadError::Blocked { status, message });
            }
            let wait = state.not_before - now();
            if wait > 0 {
                let left = wait.saturating_add(999) / 1_000;
                return Err(UploadError::Answered {
                    status: 503,
                    message: format!("the server asked to wait: {left} s left"),
                    retry_at: Some(state.not_before),
                });
            }
        }
        let mut batch = take(database, self.session.options.limits, 0).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let client = database.client_id().await?;
        loop {
            let answer = self.send(&client, &batch).await?;
            if answer.status == 200 {
                return self.settle(batch, &answer.text).await;
            }
            if !TERMINAL.contains(&answer.status) {
                return Err(self.failure(&answer));
            }
            // One of them is at fault; the others are taken without it.
            if batch.len() == 1 {
                return Err(self.block(batch, &answer));
            }
            batch.truncate(batch.len().div_ceil(2));
        }
    }

    /// Lets the blocked transaction be sent again: after an update of the app or of the server.
    pub fn retry(&self) {
        *self.state() = State::default();
    }

    /// Drops the blocked transaction from the queue, for good: keep its ops first if they matter. What it wrote
    /// stays visible until the next sync takes it back. Gives the transaction; `None` where nothing is blocked.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn skip_blocked(
        &self,
        database: &Database,
    ) -> Result<Option<Blocked>, PowerSyncError> {
        let Some(blocked) = self.blocked() else {
            return Ok(None);
        };
        let one = Limits {
            transactions: 1,
            ..self.session.options.limits
        };
        if let Some(oldest) = take(database, one, 0).await?.pop()
            && oldest.op_id == blocked.op_id
        {
            oldest.complete().await?;
        }
        self.state().blocked = None;
        Ok(Some(blocked))
    }

    async fn send(&self, client: &str, batch: &[Outgoing<'_>]) -> Result<Answer, UploadError> {
        let token = self.session.token().await?.ok_or_else(nobody)?;
        let mut body = format!("{{\"client_id\":{}", json!(client));
        if let Some(version) = &self.session.options.schema_version {
            body.push_str(&format!(",\"schema_version\":{}", json!(version)));
        }
        body.push_str(",\"transactions\":[");
        for (at, transaction) in batch.iter().enumerate() {
            body.push_str(if at > 0 { "," } else { "" });
            body.push_str(&transaction.json);
        }
        body.push_str("]}");
        self.session.upload(&token, body).await
    }

    /// Takes off the queue what has a verdict: the verdicts are in order, and the first that is missing ends
    /// them.
    async fn settle(&self, batch: Vec<Outgoing<'_>>, text: &str) -> Result<(), UploadError> {
        // A page of a hotel's network is a 200 too: what is no list of verdicts holds none.
        let said: Value = serde_json::from_str(text).unwrap_or_default();
        let verdicts = said["results"].as_array().map_or(&[][..], Vec::as_slice);
        let sent = batch.len();
        let (mut settled, mut count) = (None, 0);
        for (transaction, verdict) in batch.into_iter().zip(verdicts) {
            let status = verdict["status"].as_str().unwrap_or_default();
            if !VERDICTS.contains(&status) {
                break;
            }
            if status == "rejected" || verdict["code"].is_string() {
                self.tell(&transaction, verdict);
            }
            settled = Some(transaction);
            count += 1;
        }
        // Takes all before it off as well.
        if let Some(settled) = settled {
            settled.complete().await?;
        }
        if count == sent {
            return Ok(());
        }
        Err(UploadError::Answered {
            status: 200,
            message: format!(
                "the server answered 200 with {count} verdicts on {sent} transactions"
            ),
            retry_at: None,
        })
    }

    fn tell(&self, transaction: &Outgoing<'_>, verdict: &Value) {
        let Some(told) = &self.session.options.on_rejected else {
            return;
        };
        told(&Rejection {
            op_id: transaction.op_id,
            code: verdict["code"].as_str().unwrap_or("rejected").to_owned(),
            message: verdict["message"].as_str().unwrap_or_default().to_owned(),
            op_index: verdict["op_index"].as_u64(),
            column: verdict["column"].as_str().map(str::to_owned),
            ops: transaction.ops.clone(),
            repeated: verdict["status"] == "duplicate",
        });
    }

    fn failure(&self, answer: &Answer) -> UploadError {
        if answer.status == 401 {
            self.session.invalidate();
        }
        let wait = answer
            .retry_after
            .or_else(|| WAITING.contains(&answer.status).then_some(WAIT));
        let retry_at = wait.map(|wait| now().saturating_add(in_millis(wait)));
        if let Some(at) = retry_at {
            self.state().not_before = at;
        }
        UploadError::Answered {
            status: answer.status,
            message: answered(answer),
            retry_at,
        }
    }

    fn block(&self, batch: Vec<Outgoing<'_>>, answer: &Answer) -> UploadError {
        let (status, message) = (answer.status, answered(answer));
        for only in batch {
            let blocked = Blocked {
                op_id: only.op_id,
                status,
                message: message.clone(),
                ops: only.ops,
            };
            self.state().blocked = Some(blocked.clone());
            if let Some(told) = &self.session.options.on_blocked {
                told(&blocked);
            }
        }
        UploadError::Blocked { status, message }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for SyncConnector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let server = &self.session.options.server;
        f.debug_struct("SyncConnector")
            .field("server", server)
            .finish_non_exhaustive()
    }
}

fn answered(answer: &Answer) -> String {
    let said: String = answer.text.chars().take(200).collect();
    format!("the server answered {}: {said}", answer.status)
}

fn nobody() -> UploadError {
    UploadError::Answered {
        status: 401,
        message: "nobody is signed in".into(),
        retry_at: None,
    }
}
