//! How many rows a plan touches, where a database is at hand.

use std::collections::BTreeMap;

use syncline_codegen::diff::hazard::Hazard;
use syncline_codegen::diff::{Pair, Step, TableName};
use syncline_codegen::migrate::deployment::Deployment;
use syncline_codegen::migrate::summary::{Line, touches_rows};
use syncline_schema::Schema;

use crate::Exit;
use crate::commands::live;
use crate::ui::Ui;

/// Rows, as they were counted.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// By the name that a table has in the database.
    tables: BTreeMap<TableName, i64>,
    /// What the queries of hazards counted.
    hazards: BTreeMap<String, i64>,
    /// Were they counted one by one?
    pub(super) exact: bool,
}

impl Rows {
    /// The rows that a step reads, writes or loses.
    pub(super) fn of(&self, line: &Line) -> Option<i64> {
        let table = line.step.about().filter(|_| touches_rows(&line.step))?;
        self.tables.get(&table).copied()
    }

    /// The rows that a hazard's query counts.
    pub(super) fn at_stake(&self, query: Option<&str>) -> Option<i64> {
        self.hazards.get(query?).copied()
    }

    /// `about 1200 rows`, `1 row`.
    pub(super) fn said(&self, rows: i64) -> String {
        let about = if self.exact { "" } else { "about " };
        let plural = if rows == 1 { "" } else { "s" };
        format!("{about}{rows} row{plural}")
    }

    /// The rows that PowerSync copies to devices again: of every synced table where the sync
    /// config's text changes; else of those whose rows are written, or that get another key.
    pub(super) fn copied(
        &self,
        lines: &[Line],
        schemas: Pair<&Schema>,
        deployment: Deployment,
    ) -> i64 {
        let rows = |name: &TableName| self.tables.get(name).copied().unwrap_or(0);
        if deployment.sync_config {
            return schemas
                .previous
                .synced()
                .map(|it| rows(&TableName::of(it)))
                .sum();
        }
        let again = |line: &Line| {
            matches!(line.step, Step::Fill { .. })
                || line
                    .hazards
                    .iter()
                    .any(|it| it.hazard == Hazard::CopiedAgain)
        };
        let synced = schemas.previous.synced().map(TableName::of);
        synced
            .filter(|name| {
                let mut own = lines
                    .iter()
                    .filter(|it| it.step.about().as_ref() == Some(name));
                own.any(again)
            })
            .map(|name| rows(&name))
            .sum()
    }
}

/// Counts on the database of `url`.
#[cfg(feature = "live")]
pub(super) fn count(
    ui: &Ui,
    url: &str,
    lines: &[Line],
    before: &Schema,
    exact: bool,
) -> Result<Rows, Exit> {
    use syncline_codegen::live::count;

    let tables: Vec<_> = before.on_server().map(TableName::of).collect();
    let queries = lines.iter().flat_map(|it| &it.hazards);
    let queries: Vec<_> = queries.filter_map(|it| it.rows.clone()).collect();
    let counted = live::ask(url, async |client| {
        let tables = count::rows(client, &tables, exact).await;
        let mut rows = Rows {
            tables: tables.map_err(|error| format!("cannot count rows: {error}"))?,
            hazards: BTreeMap::new(),
            exact,
        };
        for query in queries.iter().filter(|_| exact) {
            // A query may speak of a column that an earlier step adds: then nothing is counted.
            if let Ok(number) = count::one(client, query).await {
                rows.hazards.insert(query.clone(), number);
            }
        }
        Ok(rows)
    });
    counted.map_err(live::failed(ui))
}

#[cfg(not(feature = "live"))]
pub(super) fn count(ui: &Ui, _: &str, _: &[Line], _: &Schema, _: bool) -> Result<Rows, Exit> {
    Err(live::no_database(ui))
}
