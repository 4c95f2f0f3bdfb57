//! Reads a JWKS from its URL: one short answer, from nowhere else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{ACCEPT, HOST, USER_AGENT};
use axum::http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// The most bytes of an answer. A key has a few hundred.
const MAX_ANSWER: usize = 256 << 10;

/// How long all of it may take: names, connection, TLS, answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A URL that keys are published at.
pub(super) struct Endpoint {
    uri: Uri,
    host: String,
    port: u16,
    /// None for http, which is for this machine only.
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Endpoint {
    /// One at this URL. Nothing is read yet.
    pub(super) fn new(url: &str) -> Result<Self, String> {
        let (uri, host, secure) = place(url)?;
        let tls = if secure {
            let name = ServerName::try_from(host.clone());
            Some((connector()?, name.map_err(|_| "is not a URL with a host")?))
        } else {
            None
        };
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Self {
            uri,
            host,
            port,
            tls,
        })
    }

    /// What is published there. Redirections are not followed: the keys are at this URL or nowhere.
    pub(super) async fn get(&self) -> Result<String, String> {
        match timeout(PATIENCE, self.exchange()).await {
            Ok(answer) => answer.map_err(|why| format!("{}: {why}", self.host)),
            Err(_) => Err(format!("{}: no answer in {PATIENCE:?}", self.host)),
        }
    }

    async fn exchange(&self) -> Result<String, String> {
        let stream = self.connect().await?;
        match &self.tls {
            None => self.ask(TokioIo::new(stream)).await,
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await;
                self.ask(TokioIo::new(stream.map_err(text)?)).await
            }
        }
    }

    async fn connect(&self) -> Result<TcpStream, String> {
        let found = lookup_host((self.host.as_str(), self.port)).await;
        let addresses: Vec<SocketAddr> = found.map_err(text)?.collect();
        let mut last = "the name has no address".to_owned();
        for address in addresses {
            if self.tls.is_none() && !address.ip().is_loopback() {
                // Who can change the answer on its way can sign in as anybody.
                last = "http is for this machine only; use https".to_owned();
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(why) => last = why.to_string(),
            }
        }
        Err(last)
    }

    async fn ask(&self, io: impl Read + Write + Unpin + Send + 'static) -> Result<String, String> {
        let (mut sender, connection) = http1::handshake(io).await.map_err(text)?;
        let connection = tokio::spawn(connection);
        let path = self.uri.path_and_query().map_or("/", |it| it.as_str());
        let host = self.uri.authority().map_or("", |it| it.as_str());
        let request = Request::get(path)
            .header(HOST, host)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "syncline-server")
            .body(Empty::<Bytes>::new())
            .map_err(text)?;
        let answer = sender.send_request(request).await.map_err(text)?;
        if answer.status() != StatusCode::OK {
            return Err(format!("it answers {}", answer.status()));
        }
        let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
        connection.abort();
        let body = body.map_err(text)?.to_bytes();
        String::from_utf8(body.into()).map_err(|_| "the answer is not UTF-8".to_owned())
    }
}

/// The parts of a URL that keys may be published at: itself, its host, and is it https?
pub(crate) fn place(url: &str) -> Result<(Uri, String, bool), String> {
    let uri: Uri = url.parse().map_err(|_| "is not a URL")?;
    let host = uri.host().unwrap_or_default();
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let authority = uri.authority().map_or("", |it| it.as_str());
    if host.is_empty() || authority.contains('@') {
        return Err("is not a URL with a host, and without a password".to_owned());
    }
    let secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err("is not a URL of https".to_owned()),
    };
    Ok((uri, host, secure))
}

/// TLS by the certificates that this machine trusts.
fn connector() -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err("is https, and this machine has no certificates to trust".to_owned());
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(text)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[allow(clippy::needless_pass_by_value)]
fn text(why: impl ToString) -> String {
    why.to_string()
}
