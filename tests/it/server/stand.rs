//! The server under test: its source, its binary, a database of its own, and what is asked of it.

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::device::transaction;
use testkit::http::Answer;
use testkit::postgres::{Client, TestDb, database_with};
use testkit::server::NotStarted;
use testkit::{Device, Issuer, Server, Signer};

use crate::postgres::Output;
use crate::rust::{cargo, folder, target, write_crate};

/// The source: the kitchen under another name, so that the binaries of other tests are others.
pub(super) fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let kitchen = include_str!("../../schemas/kitchen.toml");
        let kitchen = kitchen.replacen("name = \"kitchen\"", "name = \"contract\"", 1);
        format!("{kitchen}{}", include_str!("tables.toml"))
    })
}

/// The app's server, built once in a run of the tests.
pub(super) fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let built = BINARY.get_or_init(|| {
        let package = write_crate(source(), &folder("contract"));
        cargo(&package, &["build", "--offline", "--quiet"]);
        let name = format!("contract-server{}", std::env::consts::EXE_SUFFIX);
        target().join("debug").join(name)
    });
    built.clone()
}

/// What makes the database: the app's tables, its roles, and the server's own tables.
pub(super) fn set_up() -> &'static str {
    static SQL: OnceLock<String> = OnceLock::new();
    SQL.get_or_init(|| {
        let output = Output::of(source(), &["postgres"]);
        let mut bookkeeping = Command::new(binary());
        let said = bookkeeping.args(["bookkeeping", "--sql"]).output();
        let said = said.expect("the server's binary");
        assert!(said.status.success(), "{said:?}");
        let own = String::from_utf8(said.stdout).expect("SQL");
        let file = |name: &str| output.text(&format!("postgres/{name}.sql")).to_owned();
        format!("{}\n{}\n{own}", file("schema"), file("setup"))
    })
}

/// Who signs the tokens.
pub(super) fn issuer() -> &'static Issuer {
    static ISSUER: OnceLock<Issuer> = OnceLock::new();
    ISSUER.get_or_init(|| Issuer::new(Signer::ec("ES256")))
}

/// The URL of a database for another role.
#[track_caller]
pub(super) fn url_of(db: &TestDb, role: &str) -> String {
    testkit::postgres::url_as(db.url(), role)
}

/// A server with a database.
pub(super) struct Stand {
    pub(super) db: TestDb,
    pub(super) server: Server,
    client: RefCell<Client>,
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
        Self::prepared("", settings)
    }

    /// With more SQL before the server starts.
    #[track_caller]
    pub(super) fn prepared(sql: &str, settings: &[(&str, &str)]) -> Self {
        let db = database_with("contract", set_up());
        db.execute(sql);
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(command(&db, &folder, settings));
        let server = server.unwrap_or_else(|why| panic!("{why:?}"));
        let mut client = db.connect();
        client
            .batch_execute("SET TimeZone = 'UTC'")
            .expect("a zone");
        Self {
            db,
            server,
            client: RefCell::new(client),
            folder,
        }
    }

    /// A second server of the same database.
    #[track_caller]
    pub(super) fn another(&self, settings: &[(&str, &str)]) -> Server {
        let server = Server::start(command(&self.db, &self.folder, settings));
        server.unwrap_or_else(|why| panic!("{why:?}"))
    }

    /// The server's command line, on this database.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = command(&self.db, &self.folder, &[]).args(args).output();
        let output = output.expect("the server's binary");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (
            output.status.code().unwrap_or(-1),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// A device of a user, which says who it is.
    pub(super) fn device(&self, user: &str) -> Device {
        let token = issuer().token(user);
        Device::new(self.server.address(), token, &format!("device of {user}"))
    }

    #[track_caller]
    pub(super) fn execute(&self, sql: &str) {
        let done = self.client.borrow_mut().batch_execute(sql);
        done.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The rows of a query.
    #[track_caller]
    pub(super) fn rows(&self, sql: &str) -> Value {
        let whole = format!("SELECT coalesce(json_agg(q), '[]')::text FROM ({sql}) AS q");
        let row = self.client.borrow_mut().query_one(&whole, &[]);
        let row = row.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        serde_json::from_str(row.get(0)).expect("JSON")
    }

    /// The one value of a query.
    #[track_caller]
    pub(super) fn value(&self, sql: &str) -> Value {
        let rows = self.rows(sql);
        let row = rows.get(0).and_then(Value::as_object);
        let row = row.unwrap_or_else(|| panic!("{sql}: no row"));
        row.values().next().cloned().unwrap_or_default()
    }
}

/// The server's command on a database, as the role that setup.sql makes.
pub(super) fn command(db: &TestDb, folder: &TempDir, settings: &[(&str, &str)]) -> Command {
    let keys = folder.path().join("jwks.json");
    issuer().write_jwks(&keys);
    let mut command = Command::new(binary());
    command
        .env("DATABASE_URL", url_of(db, "contract_app"))
        .env("SYNCLINE_AUTH_JWKS_FILE", &keys)
        .env("SYNCLINE_AUTH_AUDIENCE", &issuer().audience)
        .env("SYNCLINE_AUTH_ISSUER", &issuer().name)
        .env("SYNCLINE_LISTEN", "127.0.0.1:0")
        // The tests' PostgreSQL does not wait for its disk.
        .env("SYNCLINE_START_ANYWAY", "true")
        .env("SYNCLINE_LOG_FORMAT", "text")
        .env("SYNCLINE_LOG", "info");
    for (name, value) in settings {
        command.env(name, value);
    }
    command
}

/// Starts a server that is to refuse; what it said.
#[track_caller]
pub(super) fn refusal(command: Command) -> NotStarted {
    match Server::start(command) {
        Ok(server) => panic!("it started\n{}", server.log()),
        Err(why) => why,
    }
}

/// A number that no transaction had before.
pub(super) fn next() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Uploads one transaction; its result.
#[track_caller]
pub(super) fn one(device: &mut Device, ops: &[Value]) -> Value {
    let answer = device.upload(&[transaction(next(), ops)]);
    results(answer.expect("an answer")).remove(0)
}

/// The results of an upload that has some.
#[track_caller]
pub(super) fn results(answer: Answer) -> Vec<Value> {
    let answer = answer.expect(200).json();
    let results = answer["results"].as_array();
    results.unwrap_or_else(|| panic!("{answer}")).clone()
}

#[track_caller]
pub(super) fn applied(device: &mut Device, ops: &[Value]) {
    let result = one(device, ops);
    assert_eq!(result, json!({ "status": "applied" }), "{ops:?}");
}

/// Uploads a transaction that is to be refused for its op at this place; the message.
#[track_caller]
pub(super) fn refused(
    device: &mut Device,
    ops: &[Value],
    at: Option<usize>,
    code: &str,
    column: Option<&str>,
) -> String {
    let result = one(device, ops);
    let said = |name: &str| result[name].as_str();
    assert_eq!(said("status"), Some("rejected"), "{result} {ops:?}");
    assert_eq!(said("code"), Some(code), "{result} {ops:?}");
    assert_eq!(said("column"), column, "{result} {ops:?}");
    let place = result["op_index"].as_u64();
    assert_eq!(place, at.map(|at| at as u64), "{result} {ops:?}");
    said("message").expect("a message").to_owned()
}

/// The version of the schema that the server was built with.
pub(super) fn own_version() -> String {
    let output = Output::of(source(), &["rust"]);
    let text = output.text("rust/src/lib.rs");
    let line = text
        .lines()
        .find(|line| line.contains("const SCHEMA_VERSION"));
    let version = line.and_then(|line| line.split('"').nth(1));
    version.expect("a version").to_owned()
}
