//! A small HTTP/1.1 server for tests: a thread for each connection, and the test's own answers.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use super::Answer;
use super::message::{Message, read};

/// A request as a test's server gets it.
#[derive(Clone, Debug)]
pub struct Request {
    /// `PUT /path HTTP/1.1`.
    pub first_line: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
}

/// A running server. It takes no new connections when this is dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

/// Answers each request by a function. `None` closes the connection instead, as a server does that has just been killed.
#[track_caller]
pub fn serve(answer: impl Fn(Request) -> Option<Answer> + Send + Sync + 'static) -> Serving {
    let listener = TcpListener::bind("127.0.0.1:0")
        .unwrap_or_else(|error| panic!("no port for a server: {error}"));
    let address = listener
        .local_addr()
        .unwrap_or_else(|error| panic!("no port for a server: {error}"));
    let stopped = Arc::new(AtomicBool::new(false));
    let (answer, seen) = (Arc::new(answer), Arc::clone(&stopped));
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            if seen.load(Ordering::SeqCst) {
                return;
            }
            let answer = Arc::clone(&answer);
            thread::spawn(move || converse(&stream, &*answer));
        }
    });
    Serving { address, stopped }
}

impl Serving {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

fn converse(stream: &TcpStream, answer: &dyn Fn(Request) -> Option<Answer>) {
    let _ = stream.set_nodelay(true);
    let mut requests = BufReader::new(stream);
    while let Ok(Some(whole)) = read(&mut requests, Message::Request) {
        let request = Request {
            first_line: whole.first_line,
            headers: whole.headers,
            body: whole.body,
        };
        let Some(answer) = answer(request) else {
            return;
        };
        let mut stream = stream;
        if stream.write_all(&answer.bytes()).is_err() || !whole.keeps_open {
            return;
        }
    }
}

impl Request {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name)?;
        Some(&found.1)
    }
}

impl Answer {
    /// One in JSON.
    pub fn of(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.to_string().into_bytes(),
        }
    }

    /// As it is sent, with a Content-Length.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} -\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        let length = format!("content-length: {}\r\n\r\n", self.body.len());
        bytes.extend_from_slice(length.as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
