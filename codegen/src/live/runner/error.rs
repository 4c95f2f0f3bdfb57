//! Why a run stopped.

use std::fmt;
use std::time::Duration;

use syncline_schema::{Code, Diagnostic, Diagnostics, Place};
use tokio_postgres::error::{DbError, SqlState};

use super::Holder;
use crate::live::ConnectError;

/// Why a run stopped. What was done before is recorded, and a next run goes on there.
#[derive(Debug)]
pub enum RunError {
    /// There is no connection.
    Connect(ConnectError),
    /// Somebody else migrates this database.
    Locked {
        /// Who, as far as PostgreSQL shows it.
        holder: Option<Holder>,
        /// How long we waited.
        waited: Duration,
    },
    /// The user's files or an earlier run want a decision first. Nothing was run.
    Refused(Diagnostics),
    /// A statement failed.
    Statement(Box<Failure>),
    /// The connection broke; the next run finds out how far it came.
    Lost(String),
    /// The database cannot be migrated like this: what is wrong, and what to do.
    Database {
        /// In one line.
        message: String,
        /// What to do about it.
        help: String,
    },
}

/// A statement that failed. Everything before it is recorded, and so is that it failed.
#[derive(Debug)]
pub struct Failure {
    /// The migration.
    pub migration: String,
    /// What PostgreSQL said and where.
    pub finding: Diagnostic,
    /// Is it the database's state (a lock, a time limit, a right) rather than the SQL?
    pub circumstances: bool,
}

impl RunError {
    /// An error of a query of our own.
    pub(super) fn of(error: &tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            return Self::Lost(cause(error));
        };
        if gone(said) {
            return Self::Lost(said.message().to_owned());
        }
        let code = said.code();
        let (message, help) = match *code {
            SqlState::INSUFFICIENT_PRIVILEGE => (
                format!(
                    "this role may not keep the history of migrations: {}",
                    said.message()
                ),
                "connect as the owner of the database, or let an administrator run `GRANT CREATE ON DATABASE … TO …`",
            ),
            SqlState::READ_ONLY_SQL_TRANSACTION => (
                "this database takes no writes".to_owned(),
                "connect to the primary server, with a role and database whose default_transaction_read_only is off",
            ),
            _ => (
                format!(
                    "PostgreSQL refuses a query of Syncline's own: {} ({})",
                    said.message(),
                    code.code()
                ),
                "look into the server's log; if the tables in the schema `syncline` were changed by hand, that is why",
            ),
        };
        Self::Database {
            message,
            help: help.to_owned(),
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(error) => error.fmt(f),
            Self::Locked { holder, waited } => {
                f.write_str("another run migrates this database")?;
                if let Some(holder) = holder {
                    write!(f, ": {holder}")?;
                }
                if waited.as_secs() > 0 {
                    write!(f, "; waited {} s for it", waited.as_secs())?;
                }
                f.write_str("\n  help: run it again when that one is done, or wait longer: --lock-wait SECONDS")
            }
            Self::Refused(found) => {
                let said: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
                f.write_str(&said.join("; "))
            }
            Self::Statement(failure) => f.write_str(&failure.finding.message),
            Self::Lost(why) => write!(
                f,
                "the connection to PostgreSQL broke: {why}\n  help: `syncline migrate status` says how far it came; `syncline migrate apply` goes on there"
            ),
            Self::Database { message, help } => write!(f, "{message}\n  help: {help}"),
        }
    }
}

impl std::error::Error for RunError {}

impl From<ConnectError> for RunError {
    fn from(error: ConnectError) -> Self {
        Self::Connect(error)
    }
}

impl From<tokio_postgres::Error> for RunError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::of(&error)
    }
}

/// Did the server end the session, rather than the statement?
pub(super) fn gone(said: &DbError) -> bool {
    matches!(
        *said.code(),
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW
    ) || said.severity() == "FATAL"
        || said.severity() == "PANIC"
}

/// Will the same statement work when others have gone on?
pub(super) fn passing(said: &DbError) -> bool {
    matches!(
        *said.code(),
        SqlState::LOCK_NOT_AVAILABLE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::T_R_SERIALIZATION_FAILURE
    )
}

/// The innermost reason of a broken connection.
pub(super) fn cause(error: &tokio_postgres::Error) -> String {
    let mut last = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        last = error.to_string();
        next = error.source();
    }
    last
}

/// Where in a migration a statement stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    /// The migration's id.
    pub(super) migration: &'a str,
    /// The file's name.
    pub(super) file: &'a str,
    /// From 1; none for what ends a transaction.
    pub(super) statement: Option<(usize, usize)>,
    /// Its bytes.
    pub(super) place: Place,
}

/// What PostgreSQL said of a statement, drawn at its place.
pub(super) fn failure(spot: Spot<'_>, said: &DbError, sql: &str, after: &str) -> Failure {
    let code = said.code();
    let which = match spot.statement {
        Some((number, of)) => format!("statement {number} of {of} of"),
        None => "the end of".to_owned(),
    };
    let mut finding = Diagnostic::new(
        Code::M028,
        format!(
            "{which} {}/{}: {} ({})",
            spot.migration,
            spot.file,
            said.message(),
            code.code()
        ),
    )
    .at(exact(spot.place, said, sql), "");
    for (what, text) in [
        ("detail", said.detail()),
        ("hint", said.hint()),
        ("where", said.where_()),
    ] {
        if let Some(text) = text {
            finding = finding.note(format!("{what}: {text}"));
        }
    }
    finding = finding
        .note(after.to_owned())
        .help_opt(advice(code, said).map(str::to_owned));
    Failure {
        migration: spot.migration.to_owned(),
        circumstances: is_circumstance(code),
        finding,
    }
}

/// The byte that PostgreSQL points at, or the whole statement.
fn exact(place: Place, said: &DbError, sql: &str) -> Place {
    let (Some(file), Some(range)) = (place.file(), place.range()) else {
        return place;
    };
    let Some(tokio_postgres::error::ErrorPosition::Original(position)) = said.position() else {
        return place;
    };
    let characters = usize::try_from(*position).unwrap_or(1).saturating_sub(1);
    let at = sql.char_indices().nth(characters).map_or(0, |(at, _)| at);
    let word = sql[at..]
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(sql.len() - at);
    let start = range.start + at;
    Place::new(file, start..start + word.max(1))
}

fn is_circumstance(code: &SqlState) -> bool {
    matches!(
        *code,
        SqlState::LOCK_NOT_AVAILABLE
            | SqlState::QUERY_CANCELED
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::INSUFFICIENT_PRIVILEGE
            | SqlState::READ_ONLY_SQL_TRANSACTION
            | SqlState::DISK_FULL
            | SqlState::OUT_OF_MEMORY
            | SqlState::TOO_MANY_CONNECTIONS
    )
}

fn advice(code: &SqlState, said: &DbError) -> Option<&'static str> {
    Some(match *code {
        SqlState::LOCK_NOT_AVAILABLE => {
            "run it again when the sessions that hold the lock are done, or raise `lock_timeout` under [migrations]"
        }
        SqlState::QUERY_CANCELED if said.message().contains("statement timeout") => {
            "raise `statement_timeout` under [migrations], or split the statement into smaller ones"
        }
        SqlState::QUERY_CANCELED => "somebody cancelled it; `syncline migrate apply` goes on here",
        SqlState::INSUFFICIENT_PRIVILEGE => "connect as the owner of the tables",
        SqlState::ACTIVE_SQL_TRANSACTION => {
            "move it to a file that begins with `-- syncline:no-transaction`"
        }
        SqlState::INVALID_TRANSACTION_TERMINATION => {
            "a COMMIT inside wants a file that begins with `-- syncline:no-transaction`"
        }
        SqlState::UNIQUE_VIOLATION
        | SqlState::NOT_NULL_VIOLATION
        | SqlState::CHECK_VIOLATION
        | SqlState::FOREIGN_KEY_VIOLATION => {
            "existing rows break the rule: mend them in a step before this one, such as `1_fix_rows.sql`"
        }
        _ => return None,
    })
}
