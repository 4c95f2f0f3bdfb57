//! The server under test: the checked-in one of the example app, on a database of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::device::{put, transaction};
use testkit::http::{Answer, Client};
use testkit::postgres::{TestDb, database_with};
use testkit::{Device, Issuer, Server, Signer};

/// The role that setup.sql makes.
pub(super) const ROLE: &str = "notes_app";

/// The app's server, built once in a run of the tests.
pub(super) fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let built = BINARY.get_or_init(|| {
        // <target>/debug/deps/it-…
        let here = env::current_exe().expect("a path");
        let target = here.ancestors().nth(3).expect("a target folder");
        let manifest = testkit::repo_root().join("generated/rust/Cargo.toml");
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(target)
            .output()
            .expect("cargo");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let name = format!("notes-server{}", env::consts::EXE_SUFFIX);
        target.join("debug").join(name)
    });
    built.clone()
}

/// What makes the database: the app's tables, its roles, and the server's own tables.
pub(super) fn set_up() -> &'static str {
    static SQL: OnceLock<String> = OnceLock::new();
    SQL.get_or_init(|| {
        let output = Command::new(binary())
            .args(["bookkeeping", "--sql"])
            .output()
            .expect("the server's binary");
        assert!(output.status.success(), "{output:?}");
        let own = String::from_utf8(output.stdout).expect("SQL");
        let file = |name: &str| {
            let path = testkit::repo_root().join("generated/postgres").join(name);
            fs::read_to_string(path).expect("generated SQL")
        };
        format!("{}\n{}\n{own}", file("schema.sql"), file("setup.sql"))
    })
}

/// Who signs the tokens.
pub(super) fn issuer() -> &'static Issuer {
    static ISSUER: OnceLock<Issuer> = OnceLock::new();
    ISSUER.get_or_init(|| Issuer::new(Signer::ec("ES256")))
}

/// A server with a database.
pub(super) struct Stand {
    pub(super) db: TestDb,
    pub(super) server: Server,
    folder: TempDir,
}

impl Stand {
    #[track_caller]
    pub(super) fn start() -> Self {
        Self::with(&[])
    }

    /// With more configuration.
    #[track_caller]
    pub(super) fn with(settings: &[(&str, &str)]) -> Self {
        let db = database_with("operations", set_up());
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(command(&url_of(db.url()), folder.path(), settings));
        let server = server.unwrap_or_else(|why| panic!("{why:?}"));
        Self { db, server, folder }
    }

    /// A second server of the same database.
    #[track_caller]
    pub(super) fn another(&self, settings: &[(&str, &str)]) -> Server {
        let command = command(&url_of(self.db.url()), self.folder.path(), settings);
        Server::start(command).unwrap_or_else(|why| panic!("{why:?}"))
    }

    /// A device of a user, which says who it is.
    pub(super) fn device(&self, user: &str) -> Device {
        device(&self.server, user)
    }

    #[track_caller]
    pub(super) fn get(&self, path: &str) -> Answer {
        get(&self.server, path, &[])
    }
}

pub(super) fn device(server: &Server, user: &str) -> Device {
    let client = format!("device of {user}");
    Device::new(server.address(), issuer().token(user), &client)
}

#[track_caller]
pub(super) fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    let answer = Client::new(server.address()).send("GET", path, headers, b"");
    answer.unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The URL of a database for the server's role.
#[track_caller]
pub(super) fn url_of(owner: &str) -> String {
    testkit::postgres::url_as(owner, ROLE)
}

/// The server's command on a database. It stops at once when it is asked to.
pub(super) fn command(url: &str, folder: &Path, settings: &[(&str, &str)]) -> Command {
    let keys = folder.join("jwks.json");
    issuer().write_jwks(&keys);
    let mut command = Command::new(binary());
    command
        .env("DATABASE_URL", url)
        .env("SYNCLINE_AUTH_JWKS_FILE", &keys)
        .env("SYNCLINE_AUTH_AUDIENCE", &issuer().audience)
        .env("SYNCLINE_AUTH_ISSUER", &issuer().name)
        .env("SYNCLINE_LISTEN", "127.0.0.1:0")
        // The tests' PostgreSQL does not wait for its disk.
        .env("SYNCLINE_START_ANYWAY", "true")
        .env("SYNCLINE_SHUTDOWN_DELAY", "0s")
        .env("SYNCLINE_MEASURE_EVERY", "100ms")
        .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    for (name, value) in settings {
        command.env(name, value);
    }
    command
}

/// A number that no transaction had before.
pub(super) fn next() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A transaction that makes a project.
pub(super) fn project(id: &str, name: &str) -> Value {
    transaction(next(), &[put("projects", id, json!({ "name": name }))])
}

/// Waits until this is so, for a minute at most.
#[track_caller]
pub(super) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "not in a minute: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
