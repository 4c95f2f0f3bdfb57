//! Records migrations as applied that the database holds already.

use syncline_schema::Diagnostics;

use super::error::RunError;
use super::history::{self, History};
use super::status::{self, State};
use super::{Progress, Session, apply, lock, versions};
use crate::migrate::folder::Folder;

/// Records every migration up to and with `to` (all of them unless given) as applied, without
/// running it. Those that are recorded already stay as they are. Gives the ids that are new.
///
/// # Errors
/// See [`RunError`]; a database without a table of its own is refused: there is nothing in it that
/// a migration could have made.
pub async fn baseline(
    session: &mut Session,
    folder: &Folder,
    to: Option<&str>,
    progress: &dyn Progress,
) -> Result<Vec<String>, RunError> {
    apply::sound(folder)?;
    session.writable().await?;
    lock::take(session, progress).await?;
    let done = locked(session, folder, to).await;
    apply::release(session, done).await
}

async fn locked(
    session: &mut Session,
    folder: &Folder,
    to: Option<&str>,
) -> Result<Vec<String>, RunError> {
    let tables: bool = session
        .client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('syncline', 'information_schema') \
             AND n.nspname NOT LIKE 'pg\\_%')",
            &[],
        )
        .await?
        .get(0);
    if !tables {
        return Err(RunError::Database {
            message: format!(
                "{} holds no table, so no migration has run there",
                session.shown
            ),
            help: "`syncline migrate apply` makes them".to_owned(),
        });
    }
    history::create(&session.client).await?;
    let before = History::read(&session.client).await?;
    let status = status::of(folder, &before);
    let mut undecided = Diagnostics::default();
    undecided.extend(
        status
            .findings
            .iter()
            .filter(|it| it.code == syncline_schema::Code::M025)
            .cloned(),
    );
    if undecided.has_errors() {
        return Err(RunError::Refused(undecided));
    }
    let pending = |id: &str| {
        status
            .entries
            .iter()
            .any(|it| it.id == id && matches!(it.state, State::Pending(_)))
    };
    let mut recorded = Vec::new();
    for migration in &folder.migrations {
        let wanted = to.is_none_or(|to| migration.id.as_str() <= to);
        if wanted && pending(&migration.id) {
            history::record(&mut session.client, migration, true).await?;
            recorded.push(migration.id.clone());
        }
    }
    versions::note(&session.client, folder).await?;
    Ok(recorded)
}
