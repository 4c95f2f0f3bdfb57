//! A proxy between clients and servers that does to requests what networks do.
//!
//! It reads HTTP/1.1 requests one by one, asks the caller what happens to each, and does that. Servers take turns, request by
//! request, as behind a plain round-robin; a server that is not there is a reset. Nothing is random but what the caller draws.
//!
//! ```no_run
//! use testkit::proxy::{Fault, Proxy, Which};
//! # let (one, two) = ("127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap());
//! let proxy = Proxy::start(&[one, two]);
//! proxy.push([Fault::CutAnswer(0), Fault::Twice(Which::Last)]); // the next two requests; all others pass
//! proxy.plan(testkit::proxy::seeded(7, &[(9, Fault::Pass), (1, Fault::Silence)])); // or all of them, by a seed
//! ```

mod exchange;
mod fault;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::io::BufReader;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use crate::http::{Answer, Message, read};
use exchange::Exchange;
pub use fault::{Fault, Which, seeded};

type Plan = Arc<dyn Fn(u64) -> Fault + Send + Sync>;

/// A running proxy. Dropping it ends it and its connections.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// What happened to one request.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Which request, from 0, of all that came to this proxy.
    pub number: u64,
    /// What the plan said.
    pub fault: Fault,
    /// Answers that the client did not get, or not whole.
    pub unseen: Vec<Answer>,
    /// Why a server did not answer, where one did not.
    pub failed: Vec<String>,
}

struct Shared {
    servers: Mutex<Vec<SocketAddr>>,
    /// What happens to the next requests, before the plan is asked.
    next: Mutex<VecDeque<Fault>>,
    plan: Mutex<Plan>,
    number: AtomicU64,
    turn: AtomicU64,
    happened: Mutex<Vec<Happened>>,
    /// The clients' connections, by number.
    open: Mutex<BTreeMap<u64, TcpStream>>,
    stopped: AtomicBool,
}

impl Proxy {
    /// Starts one before these servers.
    #[track_caller]
    pub fn start(servers: &[SocketAddr]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .unwrap_or_else(|error| panic!("no port for a proxy: {error}"));
        let address = listener
            .local_addr()
            .unwrap_or_else(|error| panic!("no port for a proxy: {error}"));
        let shared = Arc::new(Shared {
            servers: Mutex::new(servers.to_vec()),
            next: Mutex::default(),
            plan: Mutex::new(Arc::new(|_| Fault::Pass)),
            number: AtomicU64::new(0),
            turn: AtomicU64::new(0),
            happened: Mutex::default(),
            open: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    /// Where clients find it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens to the next requests, one each.
    pub fn push(&self, faults: impl IntoIterator<Item = Fault>) {
        locked(&self.shared.next).extend(faults);
    }

    /// What happens to each request by its number, where nothing was pushed.
    pub fn plan(&self, plan: impl Fn(u64) -> Fault + Send + Sync + 'static) {
        *locked(&self.shared.plan) = Arc::new(plan);
    }

    /// Other servers from the next request on: after a restart, say.
    pub fn servers(&self, servers: &[SocketAddr]) {
        *locked(&self.shared.servers) = servers.to_vec();
    }

    /// What happened so far, in the order in which it ended. An answer that nobody waits for (`Abandon`, `Again`) is in a line
    /// of its own, with the number of its request.
    pub fn happened(&self) -> Vec<Happened> {
        locked(&self.shared.happened).clone()
    }

    /// Resets every client's connection now.
    pub fn sever(&self) {
        for client in locked(&self.shared.open).values() {
            reset(client);
            // Its thread holds a handle too.
            let _ = client.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        self.sever();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for connection in 0.. {
        let Ok((client, _)) = listener.accept() else {
            return;
        };
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        if let Ok(second) = client.try_clone() {
            locked(&shared.open).insert(connection, second);
        }
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            serve(&client, &shared);
            // The connection closes with the last of its handles.
            locked(&shared.open).remove(&connection);
        });
    }
}

/// Request after request, until one side is done or the fault ends the connection.
fn serve(client: &TcpStream, shared: &Arc<Shared>) {
    // Small answers must not wait for an acknowledgement.
    let _ = client.set_nodelay(true);
    let mut requests = BufReader::new(client);
    while let Ok(Some(request)) = read(&mut requests, Message::Request) {
        let number = shared.number.fetch_add(1, Ordering::SeqCst);
        let pushed = locked(&shared.next).pop_front();
        let fault = pushed.unwrap_or_else(|| {
            // The plan may take its time: it is not called under the lock.
            let plan = Arc::clone(&locked(&shared.plan));
            plan(number)
        });
        let exchange = Exchange {
            shared,
            client,
            number,
            fault,
        };
        if !exchange.run(&request.raw) || !request.keeps_open {
            return;
        }
    }
}

impl Shared {
    /// The server whose turn it is, if there is any.
    fn server(&self) -> Option<SocketAddr> {
        let servers = locked(&self.servers);
        let turn = self.turn.fetch_add(1, Ordering::SeqCst);
        let at = turn.checked_rem(servers.len() as u64)?;
        servers.get(at as usize).copied()
    }

    fn note(&self, happened: Happened) {
        locked(&self.happened).push(happened);
    }
}

/// Lets the connection end with a reset, not in good order, when its last handle goes.
fn reset(stream: &TcpStream) {
    // If it is gone already, that is what we want.
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// A test that panicked elsewhere must not hide what happened here.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
