//! A small HTTP/1.1 client: it sends just the bytes it is told to, once.
//!
//! A client of the usual kind tries again when a connection that was kept open is gone, joins headers, or refuses to send what is
//! wrong. Tests of a server need the opposite: what was lost is an error here, and wrong bytes go out as they are.

mod message;
mod serve;

use std::fmt;
use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

pub(crate) use message::{Message, read};
pub use serve::{Request, Serving, serve};

/// How long a client waits for a connection or for the next bytes, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client with one connection, which is kept open from one request to the next.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    patience: Duration,
    connection: Option<BufReader<TcpStream>>,
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case, and values, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
}

impl Client {
    /// A client of this server; it connects with its first request.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            patience: PATIENCE,
            connection: None,
        }
    }

    /// Waits no longer than this for the next bytes.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sends a request and waits for its answer. `headers` come beside Host and Content-Length.
    ///
    /// # Errors
    /// The connection ended, or nothing came in time: whether the server did what was asked is not known. The next request makes
    /// a connection of its own.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        self.send_raw(&request(method, path, headers, body))
    }

    /// Sends these bytes, whatever they are, and waits for an answer.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_raw(&mut self, bytes: &[u8]) -> io::Result<Answer> {
        // Left out on an error: what else comes on that connection belongs to no request.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        // A server may answer and close before it has read everything; its answer counts.
        let sent = connection.get_mut().write_all(bytes);
        let message = match (read(&mut connection, Message::Answer), sent) {
            (Ok(Some(message)), _) => message,
            (_, Err(error)) | (Err(error), Ok(())) => return Err(error),
            (Ok(None), Ok(())) => {
                let why = "the connection was closed without an answer";
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
            }
        };
        if message.keeps_open {
            self.connection = Some(connection);
        }
        Ok(Answer {
            status: message.status()?,
            body: message.body,
            headers: message.headers,
        })
    }

    /// Opens a connection of its own, for a test that writes piece by piece.
    ///
    /// # Errors
    /// Nobody listens, or not in time.
    pub fn open(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&self.address, self.patience)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        Ok(stream)
    }

    /// Forgets the connection, if there is one.
    pub fn hang_up(&mut self) {
        self.connection = None;
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        Ok(BufReader::with_capacity(1 << 16, self.open()?))
    }
}

/// A request's bytes, with the headers that every server needs.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n",
        body.len()
    )
    .into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// Reads one answer off a connection that a test writes to itself; `None` when it was closed first.
///
/// # Errors
/// The connection broke, nothing came in time, or what came is no answer.
pub fn answer(stream: &mut impl io::Read) -> io::Result<Option<Answer>> {
    let Some(message) = read(&mut BufReader::new(stream), Message::Answer)? else {
        return Ok(None);
    };
    Ok(Some(Answer {
        status: message.status()?,
        headers: message.headers,
        body: message.body,
    }))
}

impl Answer {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name)?;
        Some(&found.1)
    }

    /// The body as JSON; fails the test, with the whole answer, when it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON: {error}\n{self}"))
    }

    /// Fails the test, with the whole answer, unless it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "unexpected status\n{self}");
        self
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(out, "{name}: {value}")?;
        }
        write!(out, "\n{}", String::from_utf8_lossy(&self.body))
    }
}
