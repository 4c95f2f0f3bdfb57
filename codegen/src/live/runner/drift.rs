//! The database beside the schema that its migrations made.

use syncline_schema::{Code, Diagnostic, Diagnostics, Schema, Severity};
use tokio_postgres::Client;

use super::error::RunError;
use super::history::History;
use crate::diff::{Pair, Renames, Scope, Step, diff};
use crate::live::catalog;
use crate::migrate::folder::{Folder, Migration};
use crate::sql;

/// What was changed in the database beside its migrations. Compares with the newest migration
/// that was applied; nothing where none was.
pub(super) async fn drift(
    client: &Client,
    folder: &Folder,
    history: &History,
) -> Result<Diagnostics, RunError> {
    let applied = |it: &&Migration| history.is_applied(&it.id);
    let Some(newest) = folder.migrations.iter().rev().find(applied) else {
        return Ok(Diagnostics::default());
    };
    if newest.snapshot.is_none() {
        let said = format!(
            "`{}` has no snapshot, so the database is not compared",
            newest.id
        );
        return Ok(Diagnostics::from(
            Diagnostic::new(Code::M014, said)
                .note("what its SQL made of the tables is known to nobody")
                .help(format!(
                    "`syncline migrate rebase {}` writes one",
                    newest.id
                )),
        ));
    }
    let wanted = folder
        .snapshot(newest)
        .map_err(|message| RunError::Database {
            message,
            help: "bring the snapshot back from version control".to_owned(),
        })?;
    let catalog = catalog::read(client, &catalog::Options::default())
        .await
        .map_err(|error| RunError::Database {
            message: error.to_string(),
            help: "`syncline migrate verify` without --database-url looks at the folder alone"
                .to_owned(),
        })?;
    Ok(compare(&catalog.schema, &wanted.schema, &newest.id))
}

/// What would make `found` into `wanted`, as findings.
fn compare(found: &Schema, wanted: &Schema, id: &str) -> Diagnostics {
    let pair = Pair {
        previous: found,
        next: wanted,
    };
    let mut out = Diagnostics::default();
    for step in diff(pair, &Renames::default(), Scope::Tables) {
        // A table that no schema names may belong to something else in the same database.
        let elsewhere = matches!(
            step,
            Step::DropTable(_) | Step::DropSchema(_) | Step::DropEnum(_)
        );
        let said = match step.about() {
            Some(table) if elsewhere => format!("{table} was made by no migration"),
            Some(table) => format!("{table} is not what the migrations up to `{id}` made"),
            None => format!("the database is not what the migrations up to `{id}` made"),
        };
        let mut finding = Diagnostic::new(Code::M030, said).note(format!(
            "what would mend it: {}",
            sql::step(&step).trim_end()
        ));
        if elsewhere {
            finding.severity = Severity::Note;
        } else {
            finding = finding.help("undo the change by hand, or put it into the schema source and a migration: `syncline migrate new`");
        }
        out.push(finding);
    }
    out
}
