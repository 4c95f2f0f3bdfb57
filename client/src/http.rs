//! HTTP on ureq: blocking, on threads. The PowerSync Service's streams come through it too.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures_lite::stream;
use powersync::error::PowerSyncError;
use powersync::http::{HttpClient, Request, Response, ResponseBody};
use tokio::sync::{mpsc, oneshot};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, SendBody, http};

use crate::error::UploadError;

/// A connection may take this long. Streams have no other limit: they last.
const CONNECT: Duration = Duration::from_secs(15);

/// An answer is no larger than this.
const ANSWER: u64 = 64 * 1024 * 1024;

/// Pieces of a stream that wait to be taken.
const PIECES: usize = 16;

/// An answer, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    /// When to ask again, where the server has said so.
    pub(crate) retry_after: Option<Duration>,
}

/// The client.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    agent: Agent,
}

impl Http {
    pub(crate) fn new() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::WebPki)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            // A token must not follow a redirection to another place.
            .max_redirects(0);
        Self {
            agent: config.build().new_agent(),
        }
    }

    /// Sends and reads to the end, within `timeout`.
    pub(crate) async fn send(
        &self,
        method: &'static str,
        address: String,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        timeout: Duration,
    ) -> Result<Answer, UploadError> {
        let agent = self.agent.clone();
        let work = tokio::task::spawn_blocking(move || -> Result<Answer, ureq::Error> {
            let mut request = http::Request::builder().method(method).uri(address);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let request = request.body(body)?;
            let request = agent
                .configure_request(request)
                .timeout_global(Some(timeout))
                .build();
            let mut answer = agent.run(request)?;
            let header = answer.headers().get("retry-after");
            let retry_after = header.and_then(|it| it.to_str().ok()).and_then(retry_after);
            Ok(Answer {
                status: answer.status().as_u16(),
                text: answer
                    .body_mut()
                    .with_config()
                    .limit(ANSWER)
                    .lossy_utf8(true)
                    .read_to_string()?,
                retry_after,
            })
        });
        match work.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(why)) => Err(UploadError::Unreachable(why.to_string())),
            Err(why) => Err(UploadError::Unreachable(why.to_string())),
        }
    }
}

/// `Retry-After` is seconds or a date.
fn retry_after(header: &str) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(header).ok()?;
    Some(at.duration_since(SystemTime::now()).unwrap_or_default())
}

#[async_trait]
impl HttpClient for Http {
    async fn send(&self, request: Request) -> Result<Response, PowerSyncError> {
        let agent = self.agent.clone();
        let (sender, answer) = oneshot::channel();
        // Not a thread of tokio's: a stream lasts for hours, and tokio would wait for it at its end.
        thread::spawn(move || match start(&agent, request) {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                let (pieces, receiver) = mpsc::channel(PIECES);
                let content_type = parts.headers.get("content-type");
                let response = Response {
                    status: parts.status.as_u16(),
                    content_type: content_type
                        .and_then(|it| it.to_str().ok())
                        .map(str::to_owned),
                    body: ResponseBody {
                        length: None,
                        reader: Box::pin(stream::unfold(receiver, |mut receiver| async move {
                            receiver.recv().await.map(|piece| (piece, receiver))
                        })),
                    },
                };
                if sender.send(Ok(response)).is_ok() {
                    read(body, &pieces);
                }
            }
            // Nobody waits any more where this fails.
            Err(why) => drop(sender.send(Err(why))),
        });
        match answer.await {
            Ok(answer) => answer,
            Err(_) => Err(lost("the request ended without an answer".into())),
        }
    }
}

fn start(agent: &Agent, request: Request) -> Result<http::Response<Body>, PowerSyncError> {
    let mut built = http::Request::builder()
        .method(request.method)
        .uri(request.url.as_str());
    for (name, value) in &request.headers {
        built = built.header(*name, value.as_ref());
    }
    let body = request.body.unwrap_or_default();
    let body = if body.is_empty() {
        SendBody::none()
    } else {
        SendBody::from_owned_reader(std::io::Cursor::new(body))
    };
    let built = built.body(body).map_err(|why| lost(why.to_string()))?;
    agent.run(built).map_err(|why| lost(why.to_string()))
}

/// Passes a body on until its end, or until nobody takes it.
fn read(body: Body, pieces: &mpsc::Sender<Result<Bytes, PowerSyncError>>) {
    use std::io::Read;

    let mut reader = body.into_with_config().limit(u64::MAX).reader();
    let mut piece = vec![0; 16 * 1024];
    loop {
        let read = match reader.read(&mut piece) {
            Ok(0) => return,
            Ok(length) => Ok(Bytes::copy_from_slice(&piece[..length])),
            Err(why) => Err(lost(why.to_string())),
        };
        let ends = read.is_err();
        if pieces.blocking_send(read).is_err() || ends {
            return;
        }
    }
}

fn lost(why: String) -> PowerSyncError {
    UploadError::Unreachable(why).into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::retry_after;

    #[test]
    fn waits_are_seconds_or_dates() {
        assert_eq!(retry_after(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::ZERO)
        );
        assert!(
            retry_after("Fri, 06 Nov 2099 08:49:37 GMT").is_some_and(|it| it.as_secs() > 1_000_000)
        );
        assert_eq!(retry_after("soon"), None);
    }
}
