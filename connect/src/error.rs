//! Why there is no connection, in words that help.

use std::fmt;
use std::io;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::address::Address;

/// What kept us out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The URL is not one.
    Url,
    /// Nothing listens there.
    Refused,
    /// No such host.
    HostUnknown,
    /// No answer in time.
    Timeout,
    /// The password is wrong or missing, or the role unknown.
    Password,
    /// The server's pg_hba.conf lets this role in from elsewhere, or with TLS, only.
    NotAllowed,
    /// No such database.
    NoDatabase,
    /// TLS was demanded, and the server has none.
    NoTls,
    /// The server's certificate is not trusted.
    Certificate,
    /// The server starts, stops or is full.
    Busy,
    /// Anything else.
    Other,
}

/// No connection: why, and what to do. Never holds the password.
#[derive(Clone, Debug)]
pub struct ConnectError {
    /// The class.
    pub refusal: Refusal,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  help: {}", self.message, self.help)
    }
}

impl std::error::Error for ConnectError {}

impl ConnectError {
    pub(crate) fn new(
        refusal: Refusal,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            refusal,
            message: message.into(),
            help: help.into(),
        }
    }

    /// No answer within this time.
    pub fn too_slow(address: &Address, patience: Duration) -> Self {
        Self::new(
            Refusal::Timeout,
            format!(
                "PostgreSQL at {} did not answer within {} s",
                address.server(),
                patience.as_secs()
            ),
            "look whether a firewall is in between and whether host and port are right; \
             `?connect_timeout=30` waits longer",
        )
    }

    /// Says what an attempt ran into.
    pub fn of(address: &Address, error: &tokio_postgres::Error) -> Self {
        if let Some(said) = error.as_db_error() {
            return said_no(address, said);
        }
        let server = address.server();
        let causes = causes(error);
        let cause = causes.last().cloned().unwrap_or_else(|| error.to_string());
        let has = |words: &[&str]| (causes.iter()).any(|it| words.iter().any(|w| it.contains(w)));
        if has(&[
            "failed to lookup address",
            "No such host",
            "not resolve any",
            "nodename nor servname",
        ]) {
            return Self::new(
                Refusal::HostUnknown,
                format!("there is no host of the name in {server}"),
                "look for a typing error in the URL; inside a container, `localhost` and service \
                 names mean something else than outside",
            );
        }
        if has(&["server does not support TLS"]) {
            return Self::new(
                Refusal::NoTls,
                format!("PostgreSQL at {server} has no TLS, and sslmode demands it"),
                "switch `ssl` on in the server's settings, or write `?sslmode=disable` where the \
                 network in between is your own",
            );
        }
        if has(&["certificate expired", "not valid yet"]) {
            return Self::new(
                Refusal::Certificate,
                format!("the certificate of {server} is out of its time: {cause}"),
                "renew it (or set this machine's clock); until then `sslmode=require` connects, \
                 encrypted, to whoever answers",
            );
        }
        if has(&["invalid peer certificate", "certificate"]) {
            return Self::new(
                Refusal::Certificate,
                format!("the certificate of {server} is not trusted: {cause}"),
                "give the certificate of its authority by `?sslrootcert=/path/root.crt`; \
                 `sslmode=verify-ca` leaves the host's name out, `sslmode=require` only encrypts",
            );
        }
        if has(&["password missing"]) {
            return Self::new(
                Refusal::Password,
                format!(
                    "PostgreSQL at {server} asks for the password of `{}`, and none is given",
                    address.user()
                ),
                "put it into the URL, postgres://user:password@host/database, or into PGPASSWORD",
            );
        }
        match io_kind(error) {
            Some(io::ErrorKind::ConnectionRefused) => Self::new(
                Refusal::Refused,
                format!("nothing listens at {server}"),
                "start PostgreSQL, or mend host and port in the URL",
            ),
            Some(io::ErrorKind::NotFound) => Self::new(
                Refusal::Refused,
                format!("there is no socket {server}"),
                "start PostgreSQL, or name the folder of its socket: `?host=/var/run/postgresql`",
            ),
            Some(io::ErrorKind::TimedOut) => Self::new(
                Refusal::Timeout,
                format!("PostgreSQL at {server} did not answer"),
                "look whether a firewall is in between and whether host and port are right",
            ),
            _ => Self::new(
                Refusal::Other,
                format!("no connection to PostgreSQL at {server}: {cause}"),
                "look whether it is PostgreSQL that listens there, and into its log",
            ),
        }
    }
}

/// PostgreSQL itself said no.
fn said_no(address: &Address, said: &tokio_postgres::error::DbError) -> ConnectError {
    let (server, user) = (address.server(), address.user());
    let code = said.code();
    let (refusal, help) = if *code == SqlState::INVALID_PASSWORD {
        (
            Refusal::Password,
            format!(
                "mend user and password in the URL (or PGPASSWORD); `ALTER ROLE {} PASSWORD '…'` \
                 sets a new one",
                quoted(user)
            ),
        )
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        let plain = said.message().contains("no encryption");
        let help = if plain {
            "this server wants TLS: write `?sslmode=require`".to_owned()
        } else {
            format!(
                "look whether the role `{user}` is there and may log in, and for a line in the \
                 server's pg_hba.conf that lets it in from here"
            )
        };
        (Refusal::NotAllowed, help)
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        (
            Refusal::NoDatabase,
            format!(
                "mend the name at the end of the URL, or make the database: `CREATE DATABASE {};`",
                quoted(address.database())
            ),
        )
    } else if [
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::ADMIN_SHUTDOWN,
    ]
    .contains(code)
    {
        (
            Refusal::Busy,
            "try again in a moment; `max_connections` is the server's limit".to_owned(),
        )
    } else {
        (
            Refusal::Other,
            "PostgreSQL's own words are above; its log may say more".to_owned(),
        )
    };
    let (message, code) = (said.message(), code.code());
    ConnectError::new(
        refusal,
        format!("PostgreSQL at {server} refuses `{user}`: {message} ({code})"),
        help,
    )
}

/// The error and what is behind it, outermost first.
fn causes(error: &tokio_postgres::Error) -> Vec<String> {
    let mut list = Vec::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        list.push(error.to_string());
        next = error.source();
    }
    list
}

fn io_kind(error: &tokio_postgres::Error) -> Option<io::ErrorKind> {
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        next = error.source();
    }
    None
}

/// A name as SQL takes any.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
