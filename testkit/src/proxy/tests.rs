//! The proxy before a server that counts what it gets.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::{Fault, Proxy, Which, seeded};
use crate::http::{Client, Message, read};

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

/// A server that answers a request with its name and the request's body, and tells what it got. It ends with the test.
fn echo(name: &'static str) -> (SocketAddr, Receiver<Option<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    let (sender, got) = mpsc::channel();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let sender = sender.clone();
            thread::spawn(move || {
                let whole = read(&mut BufReader::new(&stream), Message::Request);
                let body = whole.ok().flatten().map(|it| it.body);
                let body = body.map(|it| String::from_utf8(it).expect("text"));
                let text = format!("{name}:{}", body.as_deref().unwrap_or_default());
                let _ = sender.send(body);
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}",
                    text.len()
                );
            });
        }
    });
    (address, got)
}

/// The answer's body, or that there was none.
fn post(client: &mut Client, body: &str) -> Option<String> {
    let answer = client.send("POST", "/", &[], body.as_bytes()).ok()?;
    Some(String::from_utf8(answer.body).expect("text"))
}

#[test]
fn what_passes_takes_turns() {
    let ((one, _), (two, _)) = (echo("one"), echo("two"));
    let proxy = Proxy::start(&[one, two]);
    let mut client = Client::new(proxy.address());
    let answers = ["a", "b", "c"].map(|body| post(&mut client, body).expect("an answer"));
    assert_eq!(answers, ["one:a", "two:b", "one:c"]);
    assert!(
        proxy
            .happened()
            .iter()
            .all(|it| it.fault == Fault::Pass && it.unseen.is_empty())
    );
}

#[test]
fn what_is_lost_before_the_server_never_arrives() {
    let (server, got) = echo("s");
    let proxy = Proxy::start(&[server]);
    let mut client = Client::new(proxy.address()).patience(SHORT);
    proxy.push([
        Fault::Reset,
        Fault::BlackHole,
        Fault::CutRequest(40),
        Fault::CutRequest(9_999),
    ]);
    for body in ["a", "b", "c", "d"] {
        assert_eq!(post(&mut client, body), None);
    }
    assert_eq!(post(&mut client, "e").as_deref(), Some("s:e"));
    // Two requests that arrived cut, and a whole one.
    let mut arrived = [(); 3].map(|()| got.recv_timeout(LONG).expect("a request"));
    arrived.sort();
    assert_eq!(arrived, [None, None, Some("e".to_owned())]);
    assert!(got.try_recv().is_err());
}

#[test]
fn what_is_lost_behind_the_server_has_arrived() {
    let (server, got) = echo("s");
    let proxy = Proxy::start(&[server]);
    let mut client = Client::new(proxy.address()).patience(SHORT);
    let faults = [
        Fault::CutAnswer(0),
        Fault::CutAnswer(30),
        Fault::Silence,
        Fault::Abandon,
    ];
    proxy.push(faults);
    for (body, fault) in ["a", "b", "c", "d"].into_iter().zip(faults) {
        assert_eq!(post(&mut client, body), None, "{fault:?}");
        assert_eq!(
            got.recv_timeout(LONG).expect("a request").as_deref(),
            Some(body)
        );
    }
    assert_eq!(post(&mut client, "e").as_deref(), Some("s:e"));
    let unseen = eventually(|| {
        let all = proxy.happened().into_iter().flat_map(|it| it.unseen);
        let mut all: Vec<_> = all
            .map(|it| String::from_utf8(it.body).expect("text"))
            .collect();
        all.sort();
        (all.len() == 4).then_some(all)
    });
    assert_eq!(unseen, ["s:a", "s:b", "s:c", "s:d"]);
}

#[test]
fn twice_reaches_two_servers_and_again_comes_later() {
    let ((one, first), (two, second)) = (echo("one"), echo("two"));
    let proxy = Proxy::start(&[one, two]);
    let mut client = Client::new(proxy.address());
    proxy.push([
        Fault::Twice(Which::First),
        Fault::Twice(Which::Last),
        Fault::Again(SHORT),
    ]);
    for body in ["a", "b"] {
        let seen = post(&mut client, body).expect("an answer");
        let happened = proxy.happened();
        let unseen = &happened.last().expect("an exchange").unseen[0];
        let mut both = [seen, String::from_utf8(unseen.body.clone()).expect("text")];
        both.sort();
        assert_eq!(both, [format!("one:{body}"), format!("two:{body}")]);
    }
    assert_eq!(post(&mut client, "c").as_deref(), Some("one:c"));
    assert_eq!(post(&mut client, "d").as_deref(), Some("one:d"));
    let of = |server: &Receiver<Option<String>>, count| {
        let bodies = (0..count).map(|_| server.recv_timeout(LONG).expect("a request"));
        bodies.map(Option::unwrap_or_default).collect::<String>()
    };
    assert_eq!(
        (of(&first, 4), of(&second, 3)),
        ("abcd".into(), "abc".into())
    );
}

#[test]
fn a_server_that_is_not_there_is_a_reset_and_another_can_take_its_place() {
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let proxy = Proxy::start(&[gone.expect("a port")]);
    let mut client = Client::new(proxy.address());
    assert_eq!(post(&mut client, "a"), None);
    assert_eq!(proxy.happened()[0].failed.len(), 1);
    let (server, _got) = echo("s");
    proxy.servers(&[server]);
    assert_eq!(post(&mut client, "b").as_deref(), Some("s:b"));
    let start = Instant::now();
    proxy.push([Fault::Delay {
        request: SHORT,
        answer: SHORT,
    }]);
    assert_eq!(post(&mut client, "c").as_deref(), Some("s:c"));
    assert!(start.elapsed() >= SHORT * 2);
    proxy.sever();
    assert_eq!(post(&mut client, "d"), None);
}

#[test]
fn a_seed_decides_all_faults() {
    let weights = [(8, Fault::Pass), (0, Fault::Reset), (2, Fault::Silence)];
    let drawn = |seed| {
        let plan = seeded(seed, &weights);
        (0..1_000).map(plan).collect::<Vec<_>>()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    let silent = drawn(1).iter().filter(|it| **it == Fault::Silence).count();
    assert!(
        (150..250).contains(&silent) && !drawn(1).contains(&Fault::Reset),
        "{silent}"
    );
}

fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + LONG;
    while Instant::now() < end {
        if let Some(seen) = look() {
            return seen;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not happen");
}
