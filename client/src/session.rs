//! Tokens, and where PowerSync is: what the server says to a signed-in device.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::sync::Mutex;

use crate::connector::ConnectorOptions;
use crate::error::UploadError;
use crate::http::{Answer, Http};
use crate::token::{Token, read_token};

/// The session of one server.
pub(crate) struct Session {
    pub(crate) options: ConnectorOptions,
    http: Http,
    /// Held while one is on its way: one request at a time, whoever asks.
    token: Mutex<Option<Token>>,
    /// Raised where the token in hand must not be used again; looked at under the lock.
    stale: std::sync::atomic::AtomicBool,
}

/// What the server says of PowerSync.
pub(crate) struct Config {
    pub(crate) endpoint: String,
    pub(crate) user: String,
}

impl Session {
    pub(crate) fn new(mut options: ConnectorOptions) -> Self {
        options
            .server
            .truncate(options.server.trim_end_matches('/').len());
        Self {
            options,
            http: Http::new(),
            token: Mutex::new(None),
            stale: false.into(),
        }
    }

    /// Forgets the token.
    pub(crate) fn invalidate(&self) {
        self.stale.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    /// A token of the user whose data this is; none where nobody is signed in.
    pub(crate) async fn token(&self) -> Result<Option<Token>, UploadError> {
        let token = self.any_token().await?;
        self.check_user(token.as_ref().and_then(|it| it.user.as_deref()))?;
        Ok(token)
    }

    /// The token in hand, or a new one, whoever's it is.
    pub(crate) async fn any_token(&self) -> Result<Option<Token>, UploadError> {
        let mut held = self.token.lock().await;
        let stale = self.stale.swap(false, std::sync::atomic::Ordering::SeqCst);
        if let Some(token) = held.as_ref().filter(|it| !stale && now() < it.renew_at) {
            return Ok(Some(token.clone()));
        }
        *held = None;
        let asked = now();
        let answer = self.ask("/api/auth/token", None).await?;
        if answer.status == 401 {
            if let Some(told) = &self.options.on_signed_out {
                told();
            }
            return Ok(None);
        }
        let said = read_json(&answer, "a token")?;
        let Some(text) = said["token"].as_str() else {
            return Err(incomplete(&answer, "the server answered without a token"));
        };
        *held = Some(read_token(text.to_owned(), asked));
        Ok(held.clone())
    }

    /// Asked each time that the device connects: a server with several endpoints may send it elsewhere.
    pub(crate) async fn config(&self, token: &Token) -> Result<Config, UploadError> {
        let answer = self.ask("/api/powersync/config", Some(token)).await?;
        if answer.status == 401 {
            self.invalidate();
        }
        let said = read_json(&answer, "its configuration")?;
        match (said["powersyncUrl"].as_str(), said["userId"].as_str()) {
            (Some(endpoint), Some(user)) => Ok(Config {
                endpoint: endpoint.trim_end_matches('/').to_owned(),
                user: user.to_owned(),
            }),
            _ => Err(incomplete(
                &answer,
                "the server's configuration has no powersyncUrl or no userId",
            )),
        }
    }

    /// Another user's token is of no use to this queue.
    pub(crate) fn check_user(&self, user: Option<&str>) -> Result<(), UploadError> {
        let expected = self.options.user.as_ref().and_then(|whose| whose());
        match (expected, user) {
            (Some(expected), Some(user)) if expected != user => {
                self.invalidate();
                Err(UploadError::WrongUser)
            }
            _ => Ok(()),
        }
    }

    /// Uploads a body.
    pub(crate) async fn upload(&self, token: &Token, body: String) -> Result<Answer, UploadError> {
        let headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
            bearer(token),
        ];
        let address = format!("{}/api/powersync/upload", self.options.server);
        self.http
            .send(
                "PUT",
                address,
                headers,
                body.into_bytes(),
                self.options.upload_timeout,
            )
            .await
    }

    async fn ask(&self, path: &str, token: Option<&Token>) -> Result<Answer, UploadError> {
        let session = self.options.headers.as_ref().map(|headers| headers());
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        // Ours take the place of the session's of the same name: two would be sent as two values.
        let ours = |name: &str| name == "accept" || (name == "authorization" && token.is_some());
        for (name, value) in session.unwrap_or_default() {
            let name = name.to_ascii_lowercase();
            if !ours(&name) {
                headers.push((name, value));
            }
        }
        headers.extend(token.map(bearer));
        let address = format!("{}{path}", self.options.server);
        self.http
            .send(
                "GET",
                address,
                headers,
                Vec::new(),
                self.options.token_timeout,
            )
            .await
    }
}

fn bearer(token: &Token) -> (String, String) {
    ("authorization".to_owned(), format!("Bearer {}", token.text))
}

fn read_json(answer: &Answer, what: &str) -> Result<Value, UploadError> {
    let read = serde_json::from_str(&answer.text).ok();
    read.filter(|_| answer.status == 200).ok_or_else(|| {
        let message = format!(
            "the server answered {} when asked for {what}",
            answer.status
        );
        incomplete(answer, &message)
    })
}

fn incomplete(answer: &Answer, message: &str) -> UploadError {
    UploadError::Answered {
        status: answer.status,
        message: message.to_owned(),
        retry_at: None,
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    in_millis(since)
}

pub(crate) fn in_millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Headers that carry the session.
pub type Headers = Arc<dyn Fn() -> Vec<(String, String)> + Send + Sync>;
