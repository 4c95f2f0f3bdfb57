//! Why a step may lose data, take a long lock, or break a client that is already out there.
//!
//! A step is weighed wherever it came from, so what we plan and what somebody wrote by hand are
//! judged by one rule. The match over [`Step`] is exhaustive: no step can be added unweighed.

mod column;
mod rule;
mod weigh;
mod world;

use syncline_schema::Code;

pub use weigh::weigh;
pub use world::World;

/// A kind of danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hazard {
    /// Values or rows go, or lose digits.
    DeletesData,
    /// Rows that are there may stop it.
    MayFail,
    /// The whole table is written again.
    TableRewrite,
    /// Every reader and writer is kept out for as long as the table is scanned.
    AccessExclusiveLock,
    /// Writers are kept out while an index is built.
    IndexBuild,
    /// Queries lose an index, or rows a unique rule.
    IndexDropped,
    /// Devices that are out there upload or read what goes.
    BreaksClients,
    /// PowerSync copies the table again.
    CopiedAgain,
}

/// Every hazard with its name in `-- syncline:allow` and its code.
const NAMES: &[(Hazard, &str, Code)] = &[
    (Hazard::DeletesData, "deletes-data", Code::D010),
    (Hazard::MayFail, "may-fail", Code::D011),
    (Hazard::TableRewrite, "table-rewrite", Code::D012),
    (
        Hazard::AccessExclusiveLock,
        "access-exclusive-lock",
        Code::D013,
    ),
    (Hazard::IndexBuild, "index-build", Code::D014),
    (Hazard::IndexDropped, "index-dropped", Code::D015),
    (Hazard::BreaksClients, "breaks-clients", Code::D016),
    (Hazard::CopiedAgain, "copied-again", Code::D017),
];

impl Hazard {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(it, ..)| *it)
    }

    /// As it is allowed: `deletes-data`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The code of its findings.
    pub fn code(self) -> Code {
        self.row().2
    }

    /// The hazard of this name.
    pub fn parse(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(_, it, _)| *it == name)
            .map(|(it, ..)| *it)
    }

    fn row(self) -> &'static (Self, &'static str, Code) {
        let at = NAMES.iter().position(|(it, ..)| *it == self);
        &NAMES[at.unwrap_or(0)]
    }
}

/// A hazard of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub hazard: Hazard,
    /// What is at stake, in a sentence without its full stop.
    pub why: String,
    /// SQL that counts the rows concerned, where a database is at hand.
    pub rows: Option<String>,
}
