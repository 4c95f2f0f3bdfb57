//! TLS under a connection, by rustls.
//!
//! A glue of our own: the caller chooses the cryptography, and `channel_binding=require`, which some
//! hosts put into every URL they hand out, without a second reader of certificates.

use std::fs;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};

use super::address::{Address, Trust};
use super::binding;
use super::error::{ConnectError, Refusal};
use super::verify::Verifier;

/// Makes the TLS side of a connection.
fn connector(address: &Address, provider: Arc<CryptoProvider>) -> Result<Connector, ConnectError> {
    let tls = &address.tls;
    let roots = match tls.trust {
        Trust::Anyone => Vec::new(),
        Trust::Signed | Trust::Host => roots(tls.roots.as_deref())?,
    };
    let verifier = Verifier::new(tls.trust, roots, &provider)
        .map_err(|error| unusable(format!("no certificate can be judged: {error}")))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(format!("TLS cannot be set up: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &tls.identity {
        None => builder.with_no_client_auth(),
        Some((cert, key)) => {
            let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(cert)?).collect();
            let chain = chain.map_err(|error| unreadable(cert, &error))?;
            let key = PrivateKeyDer::from_pem_slice(&read(key)?)
                .map_err(|error| unreadable(key, &error))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| unusable(format!("sslcert and sslkey do not fit: {error}")))?
        }
    };
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(Connector(Arc::new(config)))
}

/// The authorities of a file, or those of the operating system: unlike a list that is compiled
/// in, that knows the authority of a company's own network, and is renewed without us.
fn roots(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let Some(file) = file else {
        return Ok(rustls_native_certs::load_native_certs().certs);
    };
    let certs: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(file)?).collect();
    match certs {
        Ok(certs) if certs.is_empty() => Err(unusable(format!(
            "{} holds no certificate in PEM form",
            file.display()
        ))),
        Ok(certs) => Ok(certs),
        Err(error) => Err(unreadable(file, &error)),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, ConnectError> {
    fs::read(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &dyn std::fmt::Display) -> ConnectError {
    unusable(format!("{} cannot be read: {error}", file.display()))
}

fn unusable(message: String) -> ConnectError {
    ConnectError::new(
        Refusal::Certificate,
        message,
        "mend sslrootcert, sslcert and sslkey in the URL",
    )
}

/// Makes the TLS sessions of connections to an [`Address`].
#[derive(Clone)]
pub struct Connector(Arc<ClientConfig>);

impl Address {
    /// The TLS side of its connections, with this cryptography.
    ///
    /// # Errors
    /// A file of the URL cannot be read, or holds something else.
    pub fn connector(&self, provider: Arc<CryptoProvider>) -> Result<Connector, ConnectError> {
        connector(self, provider)
    }
}

impl<S> MakeTlsConnect<S> for Connector
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Stream<S>;
    type TlsConnect = HostConnector;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<HostConnector> {
        Ok(HostConnector {
            config: Arc::clone(&self.0),
            host: host.to_owned(),
        })
    }
}

/// The same, for one host.
pub struct HostConnector {
    config: Arc<ClientConfig>,
    host: String,
}

impl<S> TlsConnect<S> for HostConnector
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let name = ServerName::try_from(self.host).map_err(io::Error::other)?;
            let connector = tokio_rustls::TlsConnector::from(self.config);
            Ok(Stream(connector.connect(name, stream).await?))
        })
    }
}

/// An encrypted stream.
pub struct Stream<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, session) = self.0.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        certificate
            .and_then(|it| binding::end_point(it))
            .map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
