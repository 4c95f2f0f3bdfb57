//! A PostgreSQL database of its own for each test.
//!
//! A new database costs about a tenth of a second. Give one to each test that writes; let tests that only read share.

mod error;
mod role;
mod second;
mod url;

use std::env;
use std::hash::{BuildHasher, RandomState};

pub use ::postgres::{Client, Error, GenericClient, NoTls, Row};

pub use role::url_as;
pub use second::Second;

pub(crate) use error::explain;
use url::with_database;
pub(crate) use url::with_user;

/// Whether `cargo xtask test`, or you, named a server.
pub fn available() -> bool {
    server_url().is_some()
}

/// Makes an empty database. Its name begins with `name`, so that the server's log can be read.
#[track_caller]
pub fn database(name: &str) -> TestDb {
    create_on(&mut admin(), name, "template0")
}

/// Makes a database in which `setup` has run: once for a server, however many tests ask for the same text.
#[track_caller]
pub fn database_with(name: &str, setup: &str) -> TestDb {
    let template = format!("syncline_test_template_{:016x}", fnv1a(setup.as_bytes()));
    let mut client = admin();
    // Other tests, in other processes too, may want the same one now.
    let key = i64::from_ne_bytes(fnv1a(template.as_bytes()).to_ne_bytes());
    client
        .query("SELECT pg_advisory_lock($1)", &[&key])
        .unwrap_or_else(|error| panic!("advisory lock: {error}"));
    let exists = client
        .query_opt(
            "SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate",
            &[&template],
        )
        .unwrap_or_else(|error| panic!("cannot look for {template}: {error}"));
    if exists.is_none() {
        // Left half-made by a test run that was killed.
        batch(
            &mut client,
            &format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"),
        );
        batch(
            &mut client,
            &format!("CREATE DATABASE {template} TEMPLATE template0"),
        );
        let mut inside = connect(&with_database(&url(), &template));
        inside
            .batch_execute(setup)
            .unwrap_or_else(|error| panic!("the set-up of {name} fails: {}", explain(&error)));
        drop(inside);
        batch(
            &mut client,
            &format!("ALTER DATABASE {template} IS_TEMPLATE true"),
        );
    }
    let unlocked = client.query("SELECT pg_advisory_unlock($1)", &[&key]);
    unlocked.unwrap_or_else(|error| panic!("advisory lock: {error}"));
    create_on(&mut client, name, &template)
}

/// A database that is dropped with this value.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    url: String,
}

impl TestDb {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL, as a superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connects to it as a superuser.
    #[track_caller]
    pub fn connect(&self) -> Client {
        connect(&self.url)
    }

    /// Runs SQL, several statements if need be, and fails the test with PostgreSQL's own words.
    #[track_caller]
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql)
            .unwrap_or_else(|message| panic!("{message}"));
    }

    /// Runs SQL; the error is what PostgreSQL said, with code and place.
    pub fn try_execute(&self, sql: &str) -> Result<(), String> {
        self.connect()
            .batch_execute(sql)
            .map_err(|error| explain(&error))
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // A second panic would abort the test binary; a database that stays goes with its server.
        if let Ok(mut client) = Client::connect(&url(), NoTls) {
            let _ = client.batch_execute(&format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                self.name
            ));
        }
    }
}

#[track_caller]
fn create_on(client: &mut Client, name: &str, template: &str) -> TestDb {
    let letters = name.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            '_'
        }
    });
    let readable: String = letters.take(30).collect();
    let name = format!(
        "syncline_test_{readable}_{:08x}",
        RandomState::new().hash_one(0_u8) >> 32
    );
    batch(
        client,
        &format!("CREATE DATABASE {name} TEMPLATE {template}"),
    );
    let url = with_database(&url(), &name);
    TestDb { name, url }
}

#[track_caller]
fn admin() -> Client {
    connect(&url())
}

#[track_caller]
fn connect(url: &str) -> Client {
    Client::connect(url, NoTls)
        .unwrap_or_else(|error| panic!("cannot connect to the tests' server: {}", explain(&error)))
}

#[track_caller]
fn batch(client: &mut Client, sql: &str) {
    client
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("{sql}: {}", explain(&error)));
}

#[track_caller]
fn url() -> String {
    server_url().unwrap_or_else(|| {
        panic!("SYNCLINE_TEST_DATABASE_URL is not set: begin the test with `testkit::needs!(postgres);`")
    })
}

fn server_url() -> Option<String> {
    env::var("SYNCLINE_TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The 64-bit FNV-1a hash: the same in every test binary.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_separate_and_templates_are_made_once() {
        crate::needs!(postgres);
        let empty = database("An empty one");
        assert!(empty.name().starts_with("syncline_test_an_empty_one_"));
        let setup = "CREATE TABLE t (n integer); INSERT INTO t VALUES (1)";
        let (one, two) = (database_with("one", setup), database_with("two", setup));
        one.execute("INSERT INTO t VALUES (2)");
        let count = |db: &TestDb| -> i64 {
            db.connect()
                .query_one("SELECT count(*) FROM t", &[])
                .expect("t")
                .get(0)
        };
        assert_eq!((count(&one), count(&two)), (2, 1));
        let refused = empty.try_execute("SELECT * FROM t").expect_err("no t here");
        assert!(refused.contains("(42P01)"), "{refused}");
    }

    #[test]
    fn the_server_can_decode_its_log() {
        crate::needs!(postgres);
        let level: String = database("wal")
            .connect()
            .query_one("SHOW wal_level", &[])
            .expect("a setting")
            .get(0);
        assert_eq!(
            level, "logical",
            "set wal_level = logical on the server of DATABASE_URL"
        );
    }
}
