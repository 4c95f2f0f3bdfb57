//! An issuer that publishes keys over HTTP or HTTPS, and counts who asks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What it answers with.
#[derive(Clone)]
pub(crate) enum Says {
    Keys(String),
    Status(u16),
    /// A body of so many bytes.
    Bytes(usize),
    /// A place to look instead.
    Redirect(String),
    /// Nothing, for as long as the test runs.
    Silence,
}

pub(crate) struct Publisher {
    address: SocketAddr,
    says: Arc<Mutex<Says>>,
    asked: Arc<AtomicUsize>,
    /// Its certificate, where it has one.
    pub(crate) certificate: Option<String>,
}

impl Publisher {
    pub(crate) fn http(keys: &serde_json::Value) -> Self {
        Self::start(keys, None, None)
    }

    pub(crate) fn https(keys: &serde_json::Value) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("made");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|it| {
                it.with_no_client_auth()
                    .with_single_cert(vec![made.cert.der().clone()], key)
            });
        Self::start(
            keys,
            Some(Arc::new(config.expect("TLS"))),
            Some(made.cert.pem()),
        )
    }

    fn start(
        keys: &serde_json::Value,
        tls: Option<Arc<ServerConfig>>,
        certificate: Option<String>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let says = Arc::new(Mutex::new(Says::Keys(keys.to_string())));
        let asked = Arc::new(AtomicUsize::new(0));
        let (own, count) = (says.clone(), asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let says = own.lock().expect("no panic").clone();
                let tls = tls.clone();
                let count = count.clone();
                thread::spawn(move || match tls {
                    None => answer(stream, &says, &count),
                    Some(config) => {
                        let connection = ServerConnection::new(config).expect("TLS");
                        answer(StreamOwned::new(connection, stream), &says, &count);
                    }
                });
            }
        });
        Self {
            address,
            says,
            asked,
            certificate,
        }
    }

    pub(crate) fn url(&self) -> String {
        let (scheme, host) = match self.certificate {
            None => ("http", "127.0.0.1"),
            Some(_) => ("https", "localhost"),
        };
        format!("{scheme}://{host}:{}/api/auth/jwks", self.address.port())
    }

    pub(crate) fn says(&self, says: Says) {
        *self.says.lock().expect("no panic") = says;
    }

    pub(crate) fn publishes(&self, keys: &serde_json::Value) {
        self.says(Says::Keys(keys.to_string()));
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(mut stream: impl Read + Write, says: &Says, asked: &AtomicUsize) {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while !request.windows(4).any(|it| it == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&part[..read]),
        }
    }
    asked.fetch_add(1, Ordering::SeqCst);
    let (status, header, body) = match says {
        Says::Keys(keys) => (200, String::new(), keys.clone()),
        Says::Status(status) => (*status, String::new(), "{}".to_owned()),
        Says::Bytes(count) => (200, String::new(), " ".repeat(*count)),
        Says::Redirect(to) => (302, format!("location: {to}\r\n"), String::new()),
        Says::Silence => {
            thread::sleep(Duration::from_secs(60));
            return;
        }
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{header}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    // The other side may have heard enough.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
    let _ = stream.flush();
}
