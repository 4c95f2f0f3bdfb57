//! A throw-away PostgreSQL cluster on a free port of 127.0.0.1.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::guard::Guard;
use super::scratch::{self, Scratch};
use super::user::{self, run_as};
use crate::Result;

/// Others may take the free port between our look and PostgreSQL's start.
const TRIES: usize = 3;

/// What the tests need: logical decoding, room for many connections.
const SETTINGS: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "wal_level=logical",
    "max_wal_senders=20",
    "max_replication_slots=20",
    "max_connections=300",
    "max_locks_per_transaction=256",
    "autovacuum_naptime=1h",
    "timezone=UTC",
    "log_timezone=UTC",
    "jit=off",
];

/// Whether a commit survives the machine's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commits {
    /// It need not: the tests' databases may be lost.
    MayBeLost,
    /// It does, as in production; with room, so that no checkpoint falls into a measurement of some seconds.
    Durable,
}

impl Commits {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::MayBeLost => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
            ],
            Self::Durable => &[
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "shared_buffers=512MB",
                "max_wal_size=8GB",
                "checkpoint_timeout=1h",
            ],
        }
    }
}

/// A running cluster.
pub(crate) struct Cluster {
    port: u16,
    password: String,
    server: Child,
    guard: Guard,
}

impl Cluster {
    /// Makes and starts one in `scratch`.
    pub(crate) fn start(scratch: Scratch, binaries: &Binaries, commits: Commits) -> Result<Self> {
        let mut guard = Guard::start(&scratch, binaries)?;
        let started = Self::start_guarded(&scratch, binaries, commits);
        match started {
            Ok((port, password, server)) => Ok(Self {
                port,
                password,
                server,
                guard,
            }),
            Err(message) => {
                guard.stop();
                Err(message)
            }
        }
    }

    /// A superuser's URL.
    pub(crate) fn url(&self) -> String {
        format!(
            "postgres://postgres:{}@127.0.0.1:{}/postgres",
            self.password, self.port
        )
    }

    fn start_guarded(
        scratch: &Scratch,
        binaries: &Binaries,
        commits: Commits,
    ) -> Result<(u16, String, Child)> {
        let home = scratch.private_folder("home")?;
        let password = format!("{:016x}{:016x}", scratch::random(), scratch::random());
        let data = scratch.path().join("home/data");
        init(scratch, binaries, &home, &password)?;
        let mut last = String::new();
        for _ in 0..TRIES {
            let port = free_port()?;
            let mut server = spawn(scratch, binaries, &home, port, commits)?;
            if ready(&data, &mut server) {
                return Ok((port, password, server));
            }
            // It is no use to us, and may have ended already.
            let _ = server.kill().and_then(|()| server.wait());
            last = fs::read_to_string(scratch.path().join("log")).unwrap_or_default();
        }
        Err(format!(
            "{} does not start; its log:\n{last}",
            binaries.program("postgres").display()
        ))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.guard.stop();
        // The guard has stopped it; this only collects its exit code.
        let _ = self.server.wait();
    }
}

fn init(scratch: &Scratch, binaries: &Binaries, home: &Path, password: &str) -> Result<()> {
    let password_file = home.join("password");
    fs::write(&password_file, password)
        .and_then(|()| user::give(&password_file, scratch.user()))
        .map_err(|error| format!("cannot write {}: {error}", password_file.display()))?;
    let mut command = program(scratch, binaries, "initdb", home);
    command.args([
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    command
        .arg("--pwfile")
        .arg(&password_file)
        .arg("-D")
        .arg(home.join("data"));
    let output = command
        .output()
        .map_err(|error| cannot_run(binaries, "initdb", &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{} failed; DATABASE_URL names another server\n{said}",
        binaries.program("initdb").display()
    ))
}

fn spawn(
    scratch: &Scratch,
    binaries: &Binaries,
    home: &Path,
    port: u16,
    commits: Commits,
) -> Result<Child> {
    let log = scratch.path().join("log");
    let log =
        File::create(&log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let mut command = program(scratch, binaries, "postgres", home);
    command
        .arg("-D")
        .arg(home.join("data"))
        .arg("-p")
        .arg(port.to_string())
        .stdout(Stdio::null())
        .stderr(log);
    for setting in SETTINGS.iter().chain(commits.settings()) {
        command.arg("-c").arg(setting);
    }
    command
        .spawn()
        .map_err(|error| cannot_run(binaries, "postgres", &error))
}

/// One of the programs, as the right user, with no settings of ours in its environment.
fn program(scratch: &Scratch, binaries: &Binaries, name: &str, home: &Path) -> Command {
    let mut command = Command::new(binaries.program(name));
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("HOME", home)
        .stdin(Stdio::null());
    for kept in ["PATH", "TMPDIR", "SystemRoot", "TEMP", "TMP"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    // The folder we are called from may be closed to that user.
    command.current_dir(scratch.path());
    run_as(&mut command, scratch.user());
    command
}

/// Waits until the server says in its own file that it takes connections.
fn ready(data: &Path, server: &mut Child) -> bool {
    let state: PathBuf = data.join("postmaster.pid");
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        // Line 8 of the file; the others are numbers and paths.
        if fs::read_to_string(&state).is_ok_and(|text| {
            text.lines()
                .nth(7)
                .is_some_and(|line| line.trim() == "ready")
        }) {
            return true;
        }
        if !matches!(server.try_wait(), Ok(None)) {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

fn free_port() -> Result<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

fn cannot_run(binaries: &Binaries, name: &str, error: &std::io::Error) -> String {
    let program = binaries.program(name);
    format!(
        "cannot run {}: {error}; DATABASE_URL names another server",
        program.display()
    )
}
