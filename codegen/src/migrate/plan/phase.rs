//! The phases of a migration.

use crate::diff::Step;

/// A part of a migration, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// New words of enum types: usable only after they are committed.
    Types,
    /// What is new, and what gets looser. Quick, in a transaction.
    Expand,
    /// Indexes and values, without a lock that keeps others out; no transaction.
    Concurrent,
    /// Rules that had to wait for values; rows that are there are not judged yet.
    Constrain,
    /// Rows are judged; what holds becomes strict.
    Validate,
    /// What is gone goes.
    Contract,
}

impl Phase {
    /// In the file's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Expand => "expand",
            Self::Concurrent => "concurrent",
            Self::Constrain => "constrain",
            Self::Validate => "validate",
            Self::Contract => "contract",
        }
    }

    /// Do all its steps hold, or none?
    pub fn in_transaction(self) -> bool {
        !matches!(self, Self::Types | Self::Concurrent)
    }

    /// What it does, in a line for its file.
    pub fn about(self) -> &'static str {
        match self {
            Self::Types => "new words of enum types, which are usable once they are committed",
            Self::Expand => "makes room for what is new",
            Self::Concurrent => "slow work, while others read and write",
            Self::Constrain => "rules for new rows",
            Self::Validate => "judges the rows that are there, and makes rules strict",
            Self::Contract => "takes away what is gone",
        }
    }
}

/// The steps of a phase.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The phase.
    pub phase: Phase,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}
