//! One request, and what the fault makes of it.

use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use super::{Fault, Happened, Shared, Which, reset};
use crate::http::{Answer, Message, read};

/// A server that takes longer is as good as gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request that has come, and its fault.
pub(super) struct Exchange<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) client: &'a TcpStream,
    pub(super) number: u64,
    pub(super) fault: Fault,
}

/// An answer as bytes and taken apart, or why there is none.
type Got = Result<(Vec<u8>, Answer), String>;

impl Exchange<'_> {
    /// Does it; whether the client's connection goes on.
    pub(super) fn run(&self, request: &[u8]) -> bool {
        match self.fault {
            Fault::Pass => self.hand_over(ask(self.server(), request), vec![]),
            Fault::Reset => self.end(vec![]),
            Fault::BlackHole => self.wait_for_hang_up(vec![]),
            Fault::CutRequest(bytes) => {
                let short = &request[..bytes.min(request.len() - 1)];
                // Whether the server took it makes no difference to anybody.
                let _ = send(self.server(), short).map(|stream| reset(&stream));
                self.end(vec![])
            }
            Fault::Abandon => {
                let sent = send(self.server(), request);
                self.later(Duration::ZERO, move || sent.and_then(answer));
                self.end(vec![])
            }
            Fault::CutAnswer(bytes) => {
                let got = ask(self.server(), request);
                if let Ok((raw, _)) = &got {
                    let mut client = self.client;
                    let _ = client.write_all(&raw[..bytes.min(raw.len() - 1)]);
                }
                self.end(vec![got])
            }
            Fault::Delay {
                request: before,
                answer: after,
            } => {
                thread::sleep(before);
                let got = ask(self.server(), request);
                thread::sleep(after);
                self.hand_over(got, vec![])
            }
            Fault::Twice(which) => {
                let (first, last) = self.twice(request);
                match which {
                    Which::First => self.hand_over(first, vec![last]),
                    Which::Last => self.hand_over(last, vec![first]),
                }
            }
            Fault::Again(after) => {
                let got = ask(self.server(), request);
                let (server, again) = (self.server(), request.to_vec());
                self.later(after, move || ask(server, &again));
                self.hand_over(got, vec![])
            }
            Fault::Silence => {
                let got = ask(self.server(), request);
                self.wait_for_hang_up(vec![got])
            }
        }
    }

    fn server(&self) -> Option<SocketAddr> {
        self.shared.server()
    }

    /// Sends it on two connections at once; the answers in the order they came.
    fn twice(&self, request: &[u8]) -> (Got, Got) {
        let (sender, answers) = mpsc::channel();
        thread::scope(|scope| {
            for server in [self.server(), self.server()] {
                let sender = sender.clone();
                scope.spawn(move || sender.send(ask(server, request)));
            }
        });
        let lost = || Err("the thread that asked is gone".to_owned());
        (
            answers.recv().unwrap_or_else(|_| lost()),
            answers.try_recv().unwrap_or_else(|_| lost()),
        )
    }

    /// Does something that nobody waits for, and notes what came of it.
    fn later(&self, after: Duration, ask: impl FnOnce() -> Got + Send + 'static) {
        let (shared, number, fault) = (Arc::clone(self.shared), self.number, self.fault);
        thread::spawn(move || {
            thread::sleep(after);
            shared.note(happened(number, fault, vec![ask()]));
        });
    }

    fn hand_over(&self, got: Got, unseen: Vec<Got>) -> bool {
        match got {
            Ok((raw, _)) => {
                self.shared.note(happened(self.number, self.fault, unseen));
                let mut client = self.client;
                client.write_all(&raw).is_ok()
            }
            failed => self.end(unseen.into_iter().chain([failed]).collect()),
        }
    }

    fn end(&self, unseen: Vec<Got>) -> bool {
        self.shared.note(happened(self.number, self.fault, unseen));
        reset(self.client);
        false
    }

    fn wait_for_hang_up(&self, unseen: Vec<Got>) -> bool {
        self.shared.note(happened(self.number, self.fault, unseen));
        let mut client = self.client;
        // What it still sends goes nowhere.
        let _ = io::copy(&mut client, &mut io::sink());
        false
    }
}

fn happened(number: u64, fault: Fault, gots: Vec<Got>) -> Happened {
    let (mut unseen, mut failed) = (vec![], vec![]);
    for got in gots {
        match got {
            Ok((_, answer)) => unseen.push(answer),
            Err(why) => failed.push(why),
        }
    }
    Happened {
        number,
        fault,
        unseen,
        failed,
    }
}

/// Sends bytes on a connection of their own.
fn send(server: Option<SocketAddr>, bytes: &[u8]) -> Result<TcpStream, String> {
    let server = server.ok_or("there is no server behind the proxy")?;
    let sent = || -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // A server may answer before it has read everything, and stop reading.
        let _ = stream.write_all(bytes);
        Ok(stream)
    };
    sent().map_err(|error| format!("{server}: {error}"))
}

fn answer(stream: TcpStream) -> Got {
    let message = read(&mut BufReader::new(stream), Message::Answer);
    let message = message.map_err(|error| error.to_string())?;
    let message = message.ok_or("the server closed the connection without an answer")?;
    let status = message.status().map_err(|error| error.to_string())?;
    let answer = Answer {
        status,
        headers: message.headers,
        body: message.body,
    };
    Ok((message.raw, answer))
}

fn ask(server: Option<SocketAddr>, request: &[u8]) -> Got {
    answer(send(server, request)?)
}
