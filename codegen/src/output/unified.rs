//! A plan as a unified diff.

use std::path::Path;

use similar::TextDiff;

use super::{Change, Plan};

/// What applying the plan would change, as `diff -u` writes it.
pub fn unified(plan: &Plan, dir: &Path) -> String {
    let mut out = String::new();
    for change in &plan.changes {
        let (old, new) = match change {
            Change::Missing { text, .. } => ("", text.as_str()),
            Change::Stale { old, text, .. } => (old.as_str(), text.as_str()),
            Change::Orphan { .. } | Change::Stray { .. } | Change::Blocked { .. } => continue,
        };
        let path = dir.join(change.path()).display().to_string();
        let diff = TextDiff::from_lines(old, new);
        let before = if old.is_empty() {
            "/dev/null"
        } else {
            path.as_str()
        };
        out.push_str(&diff.unified_diff().header(before, &path).to_string());
    }
    out
}
