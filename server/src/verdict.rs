//! What becomes of a client transaction, in the words of the upload contract.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why an op was refused. The names are part of the contract with devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// What was sent is no op.
    InvalidOp,
    /// The id is none, or not the op's.
    InvalidId,
    /// There is no such table.
    UnknownTable,
    /// The table is on the device only.
    LocalTable,
    /// Devices do not write the table, or not in this way.
    ReadOnlyTable,
    /// There is no such column.
    UnknownColumn,
    /// The server writes the column.
    ReadOnlyColumn,
    /// A column is named twice in one op.
    DuplicateKey,
    /// The column's type does not take the value.
    InvalidValue,
    /// The id belongs to another owner's row.
    IdTaken,
    /// The row has changed since the device saw it.
    Conflict,
    /// A required column has no value.
    NotNullViolation,
    /// Another row has the same value.
    UniqueViolation,
    /// The row that is referred to is not there.
    ForeignKeyViolation,
    /// A check of the table says no.
    CheckViolation,
    /// Another rule of the database says no.
    ConstraintViolation,
    /// Row security says no.
    Denied,
    /// A trigger or a hook says no.
    Refused,
    /// It failed again and again for a reason that should have passed.
    GaveUp,
}

impl Code {
    /// Its name in answers, as serde writes it.
    pub fn name(self) -> String {
        struct Name(Code);
        impl fmt::Display for Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.serialize(f)
            }
        }
        Name(self).to_string()
    }
}

/// Why an op is refused. Never holds a value of the device's: it ends up in logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What rule was broken.
    pub code: Code,
    /// The column, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The rule in words.
    pub message: String,
}

impl Refusal {
    /// A refusal of a whole op.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            column: None,
            message: message.into(),
        }
    }

    /// A refusal of a column's value.
    pub fn in_column(code: Code, column: &str, message: String) -> Self {
        Self {
            code,
            column: Some(column.to_owned()),
            message,
        }
    }

    /// Could a newer server take it?
    pub(crate) fn may_be_newer(&self) -> bool {
        matches!(self.code, Code::UnknownColumn | Code::UnknownTable)
    }
}

/// A refusal, and which op of its transaction it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The op's place, from 0; none where the transaction as a whole was refused at its end.
    pub op_index: Option<usize>,
    /// Why.
    #[serde(flatten)]
    pub refusal: Refusal,
}

impl Rejection {
    pub(crate) fn gave_up(reason: String) -> Self {
        Self {
            op_index: None,
            refusal: Refusal::new(Code::GaveUp, reason),
        }
    }
}

/// What became of a client transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All its ops are committed.
    Applied,
    /// It had been uploaded before, with this verdict: none for an applied one.
    Duplicate(Option<Rejection>),
    /// None of its ops are; it is a dead letter.
    Rejected(Rejection),
}

impl Verdict {
    /// The rejection that stands, whether it was made now or before.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Applied | Self::Duplicate(None) => None,
            Self::Duplicate(Some(rejection)) | Self::Rejected(rejection) => Some(rejection),
        }
    }

    /// Its name in answers and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Duplicate(_) => "duplicate",
            Self::Rejected(_) => "rejected",
        }
    }
}

/// Why a transaction has no verdict yet: the device is to send it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// What is in the way, without values.
    pub reason: String,
    /// When to try again, in seconds.
    pub after_seconds: u64,
}

impl Retry {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            after_seconds: 2,
        }
    }
}
