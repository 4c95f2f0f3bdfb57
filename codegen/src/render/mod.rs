//! Diagnostics as text: one file a format.

mod human;
mod json;

pub use human::human;
pub use json::json;

use syncline_schema::{Diagnostics, Severity};

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
