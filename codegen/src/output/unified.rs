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
        out.push_str(&unified_file(&dir.join(change.path()), old, new));
    }
    out
}

/// How a file changes, as `diff -u` writes it. One that was empty is a new one.
pub fn unified_file(path: &Path, old: &str, new: &str) -> String {
    let path = path.display().to_string();
    let diff = TextDiff::from_lines(old, new);
    let before = if old.is_empty() {
        "/dev/null"
    } else {
        path.as_str()
    };
    diff.unified_diff().header(before, &path).to_string()
}
