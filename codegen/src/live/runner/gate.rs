//! What has to be decided before migrations run: the hazards that nobody allowed, with the rows
//! that they concern today.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::{Code, Diagnostics, Severity};

use super::Session;
use super::error::RunError;
use crate::diff::hazard::Hazard;
use crate::migrate::folder::{Folder, Migration};
use crate::migrate::lint::lint;

/// Weighs the migrations that would run.
pub(super) async fn weigh(
    session: &Session,
    folder: &Folder,
    open: &[&Migration],
    allowed: &BTreeSet<Hazard>,
) -> Result<Diagnostics, RunError> {
    let wanted = |it: &Migration| open.iter().any(|open| open.id == it.id);
    let lint = lint(folder, wanted, allowed);
    let mut rows = BTreeMap::new();
    for query in lint.open().filter_map(|hit| hit.found.rows.as_deref()) {
        // A table that an earlier statement of the run makes is not there yet: nothing to count.
        if let Ok(row) = session.client.query_one(query, &[]).await {
            rows.insert(query.to_owned(), row.try_get::<_, i64>(0).ok());
        }
    }
    let found = lint.findings(|query| rows.get(query).copied().flatten());
    let mut out = Diagnostics::default();
    for mut finding in found {
        match finding.code {
            // PostgreSQL judges what our reader cannot; but nobody weighed it.
            Code::M001 => finding.severity = Severity::Warning,
            Code::M002 | Code::M003 | Code::M004 => continue,
            _ => {}
        }
        out.push(finding);
    }
    Ok(out)
}
