//! A server of an app without tables: uploads of nothing show who is let in.

use std::process::{Command, ExitCode};

use serde_json::{Value, json};
use syncline_server::{App, Hooks, main_from};
use testkit::http::{Answer, Client};
use testkit::postgres::{TestDb, database_with};
use testkit::server::NotStarted;
use testkit::{Device, Server};

static APP: App = App {
    name: "stand",
    schema_version: "0123456789abcdef",
    tables: &[],
    removed_tables: &[],
    local_tables: &[],
    role: "syncline_auth_stand",
    rejection: None,
    row_security: false,
};

/// Issuer and audience of good tokens, and Better Auth's base URL.
pub(crate) const BASE: &str = "http://localhost:3011";

/// What Better Auth and the server share.
pub(crate) const SECRET: &str = "planted-secret-0123456789abcdefghij";

/// A password, to be looked for in logs.
pub(crate) const PASSWORD: &str = "planted-password";

/// The answer to whoever is nobody, in full.
pub(crate) const NOBODY: &str = r#"{"type":"about:blank","title":"Unauthorized","status":401,"detail":"a valid bearer token is needed"}"#;

/// The arguments of the program when this test binary is the program.
const ARGUMENTS: &str = "SYNCLINE_STAND";

/// This test binary, as the program: what `stand` starts. As a test it has nothing to do.
#[test]
fn program() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else {
        return;
    };
    let arguments = ["stand-server"]
        .into_iter()
        .chain(arguments.split_whitespace());
    let ended = main_from(&APP, Hooks::new(), arguments.map(Into::into));
    std::process::exit(i32::from(ended != ExitCode::SUCCESS));
}

/// The program with these arguments and settings.
pub(crate) fn command(arguments: &str, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command
        .args(["--exact", "stand::program", "--nocapture"])
        .env(ARGUMENTS, arguments)
        .env("SYNCLINE_LISTEN", "127.0.0.1:0")
        .env("SYNCLINE_AUTH_AUDIENCE", BASE)
        .env("SYNCLINE_AUTH_ISSUER", BASE)
        .env("SYNCLINE_AUTH_SECURE_COOKIES", "false")
        .env("SYNCLINE_CORS_ORIGINS", BASE)
        .env("SYNCLINE_LOG", "trace")
        // The tests' PostgreSQL does not flush.
        .env("SYNCLINE_START_ANYWAY", "true");
    for (name, value) in settings {
        command.env(name, value);
    }
    command
}

/// A database with the server's own tables.
pub(crate) fn database() -> TestDb {
    let role = APP.role;
    let setup = format!(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         {}
         GRANT USAGE ON SCHEMA syncline TO {role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA syncline TO {role};",
        include_str!("../../src/store/bookkeeping.sql"),
    );
    database_with("auth", &setup)
}

/// The database's URL for the role that the server signs in as.
pub(crate) fn as_role(db: &TestDb) -> String {
    testkit::postgres::url_as(db.url(), APP.role)
}

/// Runs a verb as the role that owns the database.
#[track_caller]
pub(crate) fn verb(db: &TestDb, arguments: &str, settings: &[(&str, &str)]) -> String {
    let output = command(arguments, settings)
        .env("DATABASE_URL", db.url())
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{arguments}\n{}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// A running server. Its log is searched for planted secrets when it ends.
pub(crate) struct Stand {
    server: Option<Server>,
    secrets: Vec<String>,
}

impl Stand {
    #[track_caller]
    pub(crate) fn start(db: &TestDb, settings: &[(&str, &str)]) -> Self {
        let server = Self::try_start(db, settings);
        let server = server.unwrap_or_else(|why| panic!("{}", why.log));
        Self {
            server: Some(server),
            secrets: [SECRET, PASSWORD].map(str::to_owned).into(),
        }
    }

    pub(crate) fn try_start(db: &TestDb, settings: &[(&str, &str)]) -> Result<Server, NotStarted> {
        let mut command = command("", settings);
        command.env("DATABASE_URL", as_role(db));
        Server::start(command)
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("it runs")
    }

    pub(crate) fn http(&self) -> Client {
        Client::new(self.server().address())
    }

    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        self.server().says(words);
    }

    /// What must not be in the log.
    pub(crate) fn hide(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
    }

    /// Uploads nothing with a bearer token.
    #[track_caller]
    pub(crate) fn upload(&self, token: &str) -> Answer {
        let mut device = Device::new(self.server().address(), token.to_owned(), "phone");
        device.upload(&[]).expect("an answer")
    }

    /// Sends a request of no body, or JSON.
    #[track_caller]
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = self.http().send(method, path, &all, body.as_bytes());
        answer.expect("an answer")
    }

    /// Signs a user up or in.
    #[track_caller]
    pub(crate) fn sign(&self, way: &str, email: &str, password: &str) -> Answer {
        let body = json!({ "name": "Ann", "email": email, "password": password });
        self.send("POST", &format!("/api/auth/sign-{way}/email"), &[], body)
    }

    /// Who sends an upload of nothing: fails unless it is taken.
    #[track_caller]
    pub(crate) fn taken(&self, token: &str) {
        assert_eq!(
            self.upload(token).expect(200).json(),
            json!({ "results": [] })
        );
    }

    /// Fails unless the token is nobody's, in the very bytes.
    #[track_caller]
    pub(crate) fn refused(&self, what: &str, token: &str) {
        let answer = self.upload(token);
        assert_eq!(answer.status, 401, "{what}\n{answer}");
        assert_eq!(String::from_utf8_lossy(&answer.body), NOBODY, "{what}");
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let Some(server) = self.server.take() else {
            return;
        };
        if std::thread::panicking() {
            let mut out = std::io::stderr().lock();
            // A second panic would say less.
            let _ = std::io::Write::write_all(&mut out, server.log().as_bytes());
            return;
        }
        let (_, log) = server.terminate();
        for secret in &self.secrets {
            assert!(!log.contains(secret), "the log holds {secret}\n{log}");
        }
    }
}

/// A cookie out of an answer: `name=value`, as a browser sends it back.
#[track_caller]
pub(crate) fn cookie(answer: &Answer, name: &str) -> String {
    let mut cookies = answer.headers.iter().filter(|(own, _)| own == "set-cookie");
    let found = cookies.find(|(_, value)| value.starts_with(name));
    let (_, value) = found.unwrap_or_else(|| panic!("no cookie {name}\n{answer}"));
    value.split(';').next().unwrap_or_default().to_owned()
}

/// The session's cookie.
#[track_caller]
pub(crate) fn session_cookie(answer: &Answer) -> String {
    cookie(answer, "better-auth.session_token=")
}
