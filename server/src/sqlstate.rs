//! What PostgreSQL's errors mean for an upload: the classes of the upload contract.

use tokio_postgres::error::{DbError, Severity};

use crate::verdict::{Code, Refusal};

/// What an error means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The data is wrong, and will be wrong tomorrow.
    Fatal(Refusal),
    /// It may pass: the server tries again itself.
    TryAgain,
    /// It may pass, or not: where it never does, it counts against the transaction.
    Slow(String),
    /// The connection is gone, and with it the answer.
    Lost,
    /// It is the database's trouble, not the transaction's.
    Trouble(String),
    /// An object that the compiled schema has is missing: migrations are behind.
    Behind(String),
}

/// Classes and codes that are fatal, with the code that the device is told.
const FATAL: &[(&str, Code)] = &[
    ("23502", Code::NotNullViolation),
    ("23503", Code::ForeignKeyViolation),
    ("23505", Code::UniqueViolation),
    ("23514", Code::CheckViolation),
    ("23", Code::ConstraintViolation),
    ("22", Code::InvalidValue),
    ("44000", Code::Denied),
    ("54", Code::InvalidValue),
    ("428C9", Code::ReadOnlyColumn),
    ("P0001", Code::Refused),
];

/// Objects that are missing, or that the role may not use.
const BEHIND: &[&str] = &["42P01", "42703", "42883", "42501", "3F000"];

/// Classes and codes of a database that takes no writes at all now, whatever they say.
const TROUBLE: &[&str] = &["08", "25006", "28", "3D000", "40", "53", "57", "58"];

/// What an error of a statement means.
pub(crate) fn meaning(error: &tokio_postgres::Error) -> Meaning {
    match error.as_db_error() {
        // A session that PostgreSQL ends says so, and is gone.
        Some(error)
            if matches!(
                error.parsed_severity(),
                Some(Severity::Fatal | Severity::Panic)
            ) =>
        {
            Meaning::Lost
        }
        Some(error) => of_database(error),
        None => Meaning::Lost,
    }
}

/// Is it a unique violation of this constraint?
pub(crate) fn is_unique_violation(error: &tokio_postgres::Error, constraint: &str) -> bool {
    error.as_db_error().is_some_and(|error| {
        error.code().code() == "23505"
            && error.schema() == Some("syncline")
            && error.constraint() == Some(constraint)
    })
}

/// Is it the refusal of a policy?
pub(crate) fn is_row_security(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(is_of_a_policy)
}

fn of_database(error: &DbError) -> Meaning {
    let code = error.code().code();
    if matches!(code, "40001" | "40P01") {
        return Meaning::TryAgain;
    }
    if matches!(code, "57014" | "55P03" | "25P03" | "55006") {
        return Meaning::Slow(format!("the database gave up waiting ({code})"));
    }
    if is_of_a_policy(error) {
        return Meaning::Fatal(Refusal::new(Code::Denied, "row security refuses it"));
    }
    // A function of the app's own, such as a trigger's, may ask for what no schema has.
    if BEHIND.contains(&code) && error.where_().is_none() {
        return Meaning::Behind(format!(
            "the database lacks something that the schema has ({code}: {})",
            error.message()
        ));
    }
    if let Some((_, refusal)) = FATAL.iter().find(|(prefix, _)| code.starts_with(prefix)) {
        return Meaning::Fatal(self::refusal(*refusal, error));
    }
    if TROUBLE.iter().any(|prefix| code.starts_with(prefix)) {
        return Meaning::Trouble(format!("the database cannot take writes now ({code})"));
    }
    // What nobody knows may pass, but must not hold a device up for ever.
    Meaning::Slow(format!("the database refused the statement ({code})"))
}

/// A right that the role lacks is said of an object; a policy's refusal of a row.
fn is_of_a_policy(error: &DbError) -> bool {
    error.code().code() == "42501"
        && (error.routine() == Some("ExecWithCheckOptions")
            || error.message().contains("row-level security"))
}

/// PostgreSQL's message names values in its details only, which stay here. Messages of triggers
/// are the app's own words.
fn refusal(code: Code, error: &DbError) -> Refusal {
    let message = match (code, error.constraint()) {
        (Code::Refused, _) => error.message().to_owned(),
        (Code::NotNullViolation, _) => "is required".to_owned(),
        (_, Some(constraint)) => format!("violates {constraint}"),
        (Code::InvalidValue, None) => {
            format!("is no value of its type ({})", error.code().code())
        }
        (_, None) => format!("is refused ({})", error.code().code()),
    };
    Refusal {
        code,
        column: error.column().map(str::to_owned),
        message,
    }
}
