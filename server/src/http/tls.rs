//! TLS in front of the server, for those who have nothing else there.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::Config;

/// What takes TLS connections; none where the configuration names no certificate.
///
/// # Errors
///
/// A line that says which file is wrong, and how.
pub(crate) fn acceptor(config: &Config) -> Result<Option<TlsAcceptor>, String> {
    let (certificate, key) = match (&config.tls_cert.0, &config.tls_key.0) {
        (Some(certificate), Some(key)) => (certificate, key),
        (None, None) => return Ok(None),
        _ => {
            return Err(
                "SYNCLINE_TLS_CERT and SYNCLINE_TLS_KEY are only of use together".to_owned(),
            );
        }
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(certificate)?).collect();
    let chain = chain.map_err(|why| wrong(certificate, &why))?;
    if chain.is_empty() {
        return Err(wrong(certificate, &"it holds no certificate in PEM form"));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|why| wrong(key, &why))?;
    let mut tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|why| why.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|why| format!("SYNCLINE_TLS_CERT and SYNCLINE_TLS_KEY do not fit: {why}"))?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(tls))))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|why| wrong(file, &why))
}

fn wrong(file: &Path, why: &dyn std::fmt::Display) -> String {
    format!("{}: {why}", file.display())
}
