//! What goes wrong, for each part one type.

use std::fmt;

use powersync::error::PowerSyncError;
use syncline_runtime::{Invalid, Unreadable};

/// A write or a read that did not happen. Nothing of its transaction is in effect.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The server would refuse these values of the table.
    Invalid {
        /// The table.
        table: &'static str,
        /// All that is wrong.
        problems: Vec<Invalid>,
    },
    /// Devices do not write this table so: the server writes it, or rows are only added.
    NotWritable {
        /// The table.
        table: &'static str,
    },
    /// A row on the device that its struct cannot hold.
    Unreadable {
        /// The table.
        table: &'static str,
        /// Why.
        why: Unreadable,
    },
    /// SQLite or PowerSync.
    Database(PowerSyncError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { table, problems } => {
                write!(f, "{table}:")?;
                for (at, problem) in problems.iter().enumerate() {
                    write!(f, "{} {problem}", if at > 0 { ";" } else { "" })?;
                }
                Ok(())
            }
            Self::NotWritable { table } => write!(f, "{table}: devices do not write it so"),
            Self::Unreadable { table, why } => write!(f, "{table}: {why}"),
            Self::Database(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<PowerSyncError> for WriteError {
    fn from(why: PowerSyncError) -> Self {
        Self::Database(why)
    }
}

impl From<rusqlite::Error> for WriteError {
    fn from(why: rusqlite::Error) -> Self {
        Self::Database(why.into())
    }
}

/// Something is still to be sent. The queue is as it was, but for what had a verdict.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum UploadError {
    /// No answer came: there is no network, or it took too long.
    Unreachable(String),
    /// The server did not take it now; it is tried again.
    Answered {
        /// The HTTP status.
        status: u16,
        /// What it said, or what was missing in it.
        message: String,
        /// When it may be tried again, in milliseconds since 1970, where that is said.
        retry_at: Option<i64>,
    },
    /// Nothing is uploaded until `retry` or `skip_blocked`.
    Blocked {
        /// The HTTP status: 400, 413, 415 or 422.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The session is another user's than the data. Nothing was sent.
    WrongUser,
    /// The device's own database.
    Database(PowerSyncError),
}

impl UploadError {
    /// The HTTP status; none where no answer came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } | Self::Blocked { status, .. } => Some(*status),
            _ => None,
        }
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "no answer from the server: {why}"),
            Self::Answered { message, .. } | Self::Blocked { message, .. } => f.write_str(message),
            Self::WrongUser => {
                f.write_str("another user is signed in than the one whose data this device holds")
            }
            Self::Database(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for UploadError {}

impl From<PowerSyncError> for UploadError {
    fn from(why: PowerSyncError) -> Self {
        Self::Database(why)
    }
}

impl From<UploadError> for PowerSyncError {
    fn from(why: UploadError) -> Self {
        Self::upload_error(why)
    }
}

/// A change of user that did not come to its end. Open again: it goes on from there.
#[derive(Debug)]
#[non_exhaustive]
pub enum AccountError {
    /// There are so many writes that the server has not seen, and the policy is to stay. Nothing has changed.
    Unsent(u64),
    /// What was remembered could not be read or written.
    Storage(std::io::Error),
    /// What takes exported writes failed, or is not there.
    Export(String),
    /// The device's own database.
    Database(PowerSyncError),
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsent(count) => {
                write!(f, "{count} changes of the last user have not been uploaded")
            }
            Self::Storage(why) => write!(f, "whose data this is cannot be remembered: {why}"),
            Self::Export(why) => write!(f, "unsent writes could not be exported: {why}"),
            Self::Database(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for AccountError {}

impl From<PowerSyncError> for AccountError {
    fn from(why: PowerSyncError) -> Self {
        Self::Database(why)
    }
}

impl From<std::io::Error> for AccountError {
    fn from(why: std::io::Error) -> Self {
        Self::Storage(why)
    }
}
