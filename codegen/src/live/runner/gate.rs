//! What has to be decided before migrations run: the hazards that nobody allowed, with the rows
//! that they concern today.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::Diagnostics;

use super::Session;
use super::error::RunError;
use super::status::status;
use crate::diff::hazard::Hazard;
use crate::migrate::folder::{Folder, Migration};
use crate::migrate::lint::{Lint, lint};

/// Weighs the migrations that would run.
pub(super) async fn weigh(
    session: &Session,
    folder: &Folder,
    open: &[&Migration],
    allowed: &BTreeSet<Hazard>,
) -> Result<Diagnostics, RunError> {
    let wanted = |it: &Migration| open.iter().any(|open| open.id == it.id);
    let lint = lint(folder, wanted, allowed);
    Ok(counted(session, &lint).await)
}

/// The hazards of the migrations that a database has yet to run, with the rows that they concern.
///
/// # Errors
/// See [`RunError`].
pub async fn hazards(
    session: &Session,
    folder: &Folder,
    allowed: &BTreeSet<Hazard>,
) -> Result<(Diagnostics, usize), RunError> {
    let status = status(&session.client, folder).await?;
    let open: BTreeSet<_> = status.open().collect();
    let lint = lint(folder, |it| open.contains(it.id.as_str()), allowed);
    Ok((counted(session, &lint).await, open.len()))
}

/// The findings, with the rows that each concerns now.
async fn counted(session: &Session, lint: &Lint) -> Diagnostics {
    let mut rows = BTreeMap::new();
    for query in lint.open().filter_map(|hit| hit.found.rows.as_deref()) {
        // A table that an earlier statement of the run makes is not there yet: nothing to count.
        if let Ok(row) = session.client.query_one(query, &[]).await {
            rows.insert(query.to_owned(), row.try_get::<_, i64>(0).ok());
        }
    }
    lint.findings(|query| rows.get(query).copied().flatten())
}
