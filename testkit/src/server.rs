//! A server under test: a program that listens, says where, and can be killed.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What the line says that names the address, wherever in it.
const LISTENING: &str = "listening on ";

/// A start may take this long; so may an end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running program. It is killed with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Log,
    readers: Vec<JoinHandle<()>>,
}

/// A program that ended before it listened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotStarted {
    /// Its exit code; `None` when it did not run, had to be killed, or was by somebody else.
    pub code: Option<i32>,
    /// All that it said on both outputs.
    pub log: String,
}

type Log = Arc<Mutex<String>>;

impl Server {
    /// Starts a program and waits until it says, on either output, `listening on ADDRESS:PORT`. Let it listen on port 0, so
    /// that tests do not meet.
    ///
    /// # Errors
    /// It ended, or said nothing of the kind in a minute.
    pub fn start(mut command: Command) -> Result<Self, NotStarted> {
        let program = command.get_program().display().to_string();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| NotStarted {
            code: None,
            log: format!("cannot run {program}: {error}"),
        })?;
        let log = Log::default();
        let (sender, addresses) = mpsc::channel();
        let mut readers = Vec::new();
        if let Some(output) = child.stdout.take() {
            readers.push(read(output, &log, sender.clone()));
        }
        if let Some(output) = child.stderr.take() {
            readers.push(read(output, &log, sender));
        }
        match addresses.recv_timeout(PATIENCE) {
            Ok(address) => Ok(Self {
                child,
                address,
                log,
                readers,
            }),
            Err(why) => {
                if why == RecvTimeoutError::Timeout {
                    // It may have ended this moment.
                    let _ = child.kill();
                }
                let status = child.wait();
                join(readers);
                let log = text(&log);
                Err(NotStarted {
                    code: status.ok().and_then(|status| status.code()),
                    log,
                })
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it has said so far, on both outputs.
    pub fn log(&self) -> String {
        text(&self.log)
    }

    /// Waits until it has said this, and fails the test when it does not.
    #[track_caller]
    pub fn says(&self, words: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.log().contains(words) {
            assert!(
                Instant::now() < end,
                "it does not say `{words}`\n{}",
                self.log()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it at once, as a power cut does (SIGKILL).
    pub fn kill(&mut self) {
        // It may be gone already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end in good order (SIGTERM) and waits; how it ended, and all it said. Killed after a minute.
    #[cfg(unix)]
    pub fn terminate(mut self) -> (Option<ExitStatus>, String) {
        self.signal(nix::sys::signal::Signal::SIGTERM);
        let end = Instant::now() + PATIENCE;
        let mut status = None;
        while status.is_none() && Instant::now() < end {
            status = self.child.try_wait().ok().flatten();
            thread::sleep(Duration::from_millis(5));
        }
        self.kill();
        join(std::mem::take(&mut self.readers));
        (status, self.log())
    }

    /// Asks it to end in good order and goes on; see [`ended`](Self::ended).
    #[cfg(unix)]
    pub fn ask_to_end(&self) {
        self.signal(nix::sys::signal::Signal::SIGTERM);
    }

    /// Whether it has ended by itself, and how.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Stops its clock (SIGSTOP): connections stay open and nothing is answered.
    #[cfg(unix)]
    pub fn freeze(&self) {
        self.signal(nix::sys::signal::Signal::SIGSTOP);
    }

    /// Lets it go on after [`freeze`](Self::freeze).
    #[cfg(unix)]
    pub fn thaw(&self) {
        self.signal(nix::sys::signal::Signal::SIGCONT);
    }

    #[cfg(unix)]
    fn signal(&self, signal: nix::sys::signal::Signal) {
        let Ok(id) = i32::try_from(self.child.id()) else {
            return;
        };
        // Ours until we have waited for it, so the number cannot be another's.
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), signal);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Copies an output into the log, and the first address in it to whom it may concern.
fn read(
    output: impl Read + Send + 'static,
    log: &Log,
    sender: Sender<SocketAddr>,
) -> JoinHandle<()> {
    let log = Arc::clone(log);
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&line);
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&text);
            if let Some(address) = address(&text) {
                // Only the first is waited for.
                let _ = sender.send(address);
            }
            line.clear();
        }
    })
}

/// The address of `… listening on http://127.0.0.1:4000 …`. Colours and quotes around it do no harm.
fn address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(LISTENING)?;
    let rest = rest.trim_start_matches("http://");
    let end = rest.find(|it: char| !(it.is_ascii_hexdigit() || ".:[]".contains(it)));
    rest[..end.unwrap_or(rest.len())].parse().ok()
}

fn join(readers: Vec<JoinHandle<()>>) {
    for reader in readers {
        // A reader has nothing to panic on.
        let _ = reader.join();
    }
}

fn text(log: &Log) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Server, NotStarted> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Server::start(command)
    }

    #[test]
    fn a_program_says_where_it_listens_and_ends_when_asked() {
        let script = "trap 'echo bye; exit 3' TERM; echo 'INFO listening on http://127.0.0.1:4321 (pid 7)' >&2; while :; do sleep 0.01; done";
        let server = shell(script).expect("it starts");
        assert_eq!(
            server.address(),
            "127.0.0.1:4321".parse().expect("an address")
        );
        let (status, log) = server.terminate();
        assert_eq!(status.and_then(|it| it.code()), Some(3), "{log}");
        assert!(log.ends_with("bye\n"), "{log}");
    }

    #[test]
    fn a_program_that_ends_first_has_not_started() {
        let why = shell("echo no; echo way >&2; exit 2").expect_err("it ends");
        assert_eq!(why.code, Some(2));
        assert!(
            why.log.contains("no\n") && why.log.contains("way\n"),
            "{why:?}"
        );
    }

    #[test]
    fn addresses_are_found_in_lines_of_any_kind() {
        for line in [
            "listening on 127.0.0.1:80",
            "{\"message\":\"listening on 127.0.0.1:80\"}\n",
            "\u{1b}[32mlistening on 127.0.0.1:80\u{1b}[0m",
        ] {
            assert_eq!(address(line), "127.0.0.1:80".parse().ok(), "{line}");
        }
        assert_eq!(address("listening on [::1]:80"), "[::1]:80".parse().ok());
        assert_eq!(address("listening on the port"), None);
    }
}
