//! The kitchen's server with a database, a way to it that a test can spoil, and devices.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use std::{env, fs};

use serde_json::json;
use syncline_client::runtime::{Row, Table, from_postgres};
use syncline_client::{ConnectorOptions, Database, Rejection, SyncConnector};
use tempfile::TempDir;
use testkit::http::{Answer, Client, Request, Serving, serve};
use testkit::postgres::{TestDb, database_with};
use testkit::{Issuer, Server, Signer};

/// The folder of the generated files, and the program. `cargo xtask test` makes both and says where.
const APP: &str = "SYNCLINE_CLIENT_APP";
const SERVER: &str = "SYNCLINE_CLIENT_SERVER";

/// Of the server's role, on servers that are only for tests.
const PASSWORD: &str = "pass_of_the_app";

/// Why there is no server, if there is none.
pub fn missing() -> Option<&'static str> {
    let made = env::var_os(APP).is_some() && env::var_os(SERVER).is_some();
    (!made).then_some("no server of the kitchen (`cargo xtask test` makes it)")
}

fn program() -> PathBuf {
    env::var_os(SERVER).expect("a program").into()
}

/// The role that the server signs in as: `kitchen_app` of `kitchen-server`.
fn role(program: &Path) -> String {
    let name = program.file_stem().expect("a name").to_string_lossy();
    format!("{}_app", name.trim_end_matches("-server"))
}

fn set_up() -> &'static str {
    static SQL: OnceLock<String> = OnceLock::new();
    SQL.get_or_init(|| {
        let folder = PathBuf::from(env::var_os(APP).expect("a folder")).join("generated/postgres");
        let file = |name: &str| fs::read_to_string(folder.join(name)).expect("a generated file");
        let own = Command::new(program())
            .args(["bookkeeping", "--sql"])
            .output();
        let own = String::from_utf8(own.expect("the server's program").stdout).expect("SQL");
        let password = format!("SET syncline.app_password = '{PASSWORD}';");
        format!(
            "{password}\n{}\n{}\n{own}",
            file("schema.sql"),
            file("setup.sql")
        )
    })
}

/// What happens to an upload on its way, where a test says so.
pub type Fault = Box<dyn Fn(&Request) -> Way + Send>;

/// The way of one upload.
pub enum Way {
    /// To the server and back.
    On,
    /// To the server, and the answer is lost.
    Lost,
    /// Not at all: this is the answer.
    Instead(Answer),
}

/// The server, and its front: tokens, and faults.
pub struct Stand {
    db: Option<TestDb>,
    pub front: Serving,
    fault: Arc<Mutex<Fault>>,
    user: Arc<Mutex<String>>,
    folder: TempDir,
    _server: Server,
}

impl Stand {
    pub fn start() -> Self {
        apart(Self::start_here)
    }

    fn start_here() -> Self {
        let issuer = Issuer::new(Signer::ec("ES256"));
        let db = database_with("client", set_up());
        let folder = tempfile::tempdir().expect("a folder");
        let keys = folder.path().join("jwks.json");
        issuer.write_jwks(&keys);
        let (scheme, rest) = db.url().split_once("://").expect("a URL");
        let (_, place) = rest.split_once('@').expect("a URL with a user");
        let url = format!("{scheme}://{}:{PASSWORD}@{place}", role(&program()));
        let mut command = Command::new(program());
        command
            .env("DATABASE_URL", url)
            .env("SYNCLINE_AUTH_JWKS_FILE", &keys)
            .env("SYNCLINE_AUTH_AUDIENCE", &issuer.audience)
            .env("SYNCLINE_AUTH_ISSUER", &issuer.name)
            .env("SYNCLINE_LISTEN", "127.0.0.1:0")
            .env("SYNCLINE_LOG_FORMAT", "text")
            // The tests' PostgreSQL does not wait for its disk.
            .env("SYNCLINE_START_ANYWAY", "true");
        let server = Server::start(command).unwrap_or_else(|why| panic!("{why:?}"));
        let user = Arc::new(Mutex::new("ann".to_owned()));
        let fault: Arc<Mutex<Fault>> = Arc::new(Mutex::new(Box::new(|_| Way::On)));
        let (at, who, spoil) = (server.address(), Arc::clone(&user), Arc::clone(&fault));
        let front = serve(move |request| {
            let path = request.first_line.split(' ').nth(1).unwrap_or_default();
            let user = who.lock().expect("a user").clone();
            match path {
                "/api/auth/token" if user.is_empty() => Some(Answer::of(401, &json!({}))),
                "/api/auth/token" => {
                    Some(Answer::of(200, &json!({ "token": issuer.token(&user) })))
                }
                "/api/powersync/config" => {
                    // Nobody listens there.
                    let config = json!({ "powersyncUrl": "http://127.0.0.1:9/", "userId": user });
                    Some(Answer::of(200, &config))
                }
                _ => match (spoil.lock().expect("a fault"))(&request) {
                    Way::On => Some(pass(at, &request)),
                    Way::Lost => {
                        pass(at, &request);
                        None
                    }
                    Way::Instead(answer) => Some(answer),
                },
            }
        });
        Self {
            db: Some(db),
            front,
            fault,
            user,
            folder,
            _server: server,
        }
    }

    /// Who is signed in from now on; nobody where it is empty.
    pub fn sign_in(&self, user: &str) {
        *self.user.lock().expect("a user") = user.to_owned();
    }

    /// Where the device keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What happens to uploads from now on.
    pub fn fault(&self, fault: impl Fn(&Request) -> Way + Send + 'static) {
        *self.fault.lock().expect("a fault") = Box::new(fault);
    }

    /// A new device.
    pub fn device(&self, tables: &[&'static Table]) -> Database {
        Database::open(self.folder.path().join("device.db"), tables).expect("a database")
    }

    pub fn options(&self) -> ConnectorOptions {
        ConnectorOptions::new(format!("http://{}/", self.front.address()))
    }

    /// A connector, and what it was told of rejections.
    pub fn connector(&self) -> (SyncConnector, Arc<Mutex<Vec<Rejection>>>) {
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut options = self.options();
        let list = Arc::clone(&told);
        options.on_rejected = Some(Arc::new(move |it| {
            list.lock().expect("a list").push(it.clone())
        }));
        (SyncConnector::new(options), told)
    }

    fn db(&self) -> &TestDb {
        self.db.as_ref().expect("a database")
    }

    /// The one value of a query, as text.
    pub fn one(&self, sql: &str) -> String {
        let sql = format!("SELECT ({sql})::text");
        let row = apart(|| self.db().connect().query_one(&sql, &[]));
        let value: Option<String> = row.expect("a row").get(0);
        value.unwrap_or_else(|| "NULL".to_owned())
    }

    /// A row as PostgreSQL has it.
    pub fn row<R: Row>(&self, id: &str) -> R {
        apart(|| self.row_here(id))
    }

    fn row_here<R: Row>(&self, id: &str) -> R {
        let mut client = self.db().connect();
        client
            .batch_execute("SET TimeZone = 'UTC'")
            .expect("a zone");
        let table = R::TABLE;
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|it| format!("\"{}\"::text", it.name))
            .collect();
        let sql = format!(
            "SELECT {} FROM \"{}\" WHERE id::text = $1",
            columns.join(", "),
            table.name
        );
        let row = client.query_one(&sql, &[&id]).expect("a row");
        let place = |name: &str| {
            table
                .columns
                .iter()
                .position(|it| it.name == name)
                .expect("a column")
        };
        from_postgres(|column| row.get(place(column.name))).expect("a row of this type")
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let db = self.db.take();
        apart(|| drop(db));
    }
}

/// The client of PostgreSQL has a runtime of its own, which must not be inside of another.
fn apart<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn pass(to: std::net::SocketAddr, request: &Request) -> Answer {
    let mut words = request.first_line.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let names = ["authorization", "content-type"];
    let headers: Vec<_> = names
        .into_iter()
        .filter_map(|name| Some((name, request.header(name)?)))
        .collect();
    let mut answer = Client::new(to)
        .send(method, path, &headers, &request.body)
        .expect("the server's answer");
    // The front counts the bytes itself.
    answer
        .headers
        .retain(|(name, _)| name == "content-type" || name == "retry-after");
    answer
}

/// Returns from the test where there is nothing to test with.
#[macro_export]
macro_rules! stand {
    () => {{
        testkit::needs!(postgres);
        if let Some(reason) = kit::missing() {
            testkit::skip(module_path!(), reason);
            return;
        }
        kit::Stand::start()
    }};
}
