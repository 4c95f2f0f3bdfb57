//! Diagnostics as text: one file a format.

mod by_table;
mod github;
mod human;
mod json;
mod junit;
mod region;
mod sarif;

pub use by_table::by_table;
pub use github::github;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;

use syncline_schema::suppress::Waiver;
use syncline_schema::{Diagnostic, Diagnostics, Severity, Sources};

/// All there is to report of a run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was found.
    pub found: &'a Diagnostics,
    /// What was found and suppressed, and why.
    pub suppressed: &'a [(Diagnostic, Waiver)],
    /// The texts that places are in.
    pub sources: &'a Sources,
    /// The tables that were compared; empty where none were.
    pub tables: &'a [String],
    /// Do warnings fail the run?
    pub deny_warnings: bool,
}

/// `3 errors, 1 warning`: what a run found, in a few words; none where there is nothing to say.
pub fn summary(found: &Diagnostics) -> Option<String> {
    let part = |severity: Severity| {
        let count = found.count(severity);
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.name()))
    };
    let parts: Vec<_> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(part)
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
