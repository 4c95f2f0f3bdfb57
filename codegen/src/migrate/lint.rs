//! The hazards of migrations as they stand in their folder, hand-edited files included: each
//! statement is read, and weighed as the step that it is.

use std::collections::BTreeSet;

use syncline_schema::{Code, Diagnostic, Diagnostics, Place, Schema, Severity};

use super::folder::{Allow, Folder, Migration};
use crate::diff::hazard::{Found, Hazard, World, weigh};
use crate::diff::{Pair, Step};
use crate::read::sql;

/// A hazard of a statement in a migration.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The migration's id.
    pub migration: String,
    /// The SQL file's name.
    pub file: String,
    /// What is at stake.
    pub found: Found,
    /// The statement.
    pub place: Place,
    /// Why somebody allowed it; none where nobody did.
    pub allowed: Option<String>,
}

/// What is found in some migrations of a folder.
#[derive(Debug, Default)]
pub struct Lint {
    /// In the order in which the statements run.
    pub hits: Vec<Hit>,
    /// What could not be read, and lines that allow what is not there.
    pub diagnostics: Diagnostics,
}

impl Lint {
    /// Those that nobody allowed.
    pub fn open(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(|it| it.allowed.is_none())
    }

    /// The open hazards as findings. `rows` tells how many rows a query counts, where a database
    /// is at hand.
    pub fn findings(&self, mut rows: impl FnMut(&str) -> Option<i64>) -> Diagnostics {
        let mut found = Diagnostics::default();
        for mut said in self.diagnostics.iter().cloned() {
            match said.code {
                // PostgreSQL judges what our reader cannot; but nobody weighed it.
                Code::M001 => said.severity = Severity::Warning,
                Code::M002 | Code::M003 | Code::M004 => continue,
                _ => {}
            }
            found.push(said);
        }
        for hit in self.open() {
            let hazard = hit.found.hazard;
            let mut said =
                Diagnostic::new(hazard.code(), hit.found.why.clone()).at(hit.place, hazard.name());
            if let Some(count) = hit.found.rows.as_deref().and_then(&mut rows) {
                let rows = if count == 1 { "row" } else { "rows" };
                said = said.note(format!(
                    "{count} {rows} now, as `{}` counts them",
                    hit.found.rows.as_deref().unwrap_or_default()
                ));
            }
            found.push(said.help(format!(
                "where it is meant, say so above it in {}/{}: `-- syncline:allow {} <reason>`",
                hit.migration,
                hit.file,
                hazard.name()
            )));
        }
        found
    }
}

/// Weighs the migrations that `wanted` picks. `allowed` are hazards that are allowed everywhere.
pub fn lint(
    folder: &Folder,
    wanted: impl Fn(&Migration) -> bool,
    allowed: &BTreeSet<Hazard>,
) -> Lint {
    let mut out = Lint::default();
    // What the migrations so far add up to, where they come without a snapshot.
    let mut schema = Schema::default();
    for migration in &folder.migrations {
        let snapshot = migration.snapshot.as_ref();
        let snapshot = snapshot.and_then(|_| folder.snapshot(migration).ok());
        let end = snapshot.map(|it| it.schema);
        let mut ignored = Lint::default();
        if wanted(migration) {
            one(migration, &mut schema, end.as_ref(), allowed, &mut out);
        } else if end.is_none() {
            one(migration, &mut schema, None, allowed, &mut ignored);
        }
        if let Some(end) = end {
            schema = end;
        }
    }
    out
}

/// The hazards of a plan's steps, in the order in which they run: each step's place among them,
/// and what is at stake.
pub fn of_plan<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    schemas: Pair<&Schema>,
) -> Vec<(usize, Found)> {
    let mut world = World::new(schemas.previous, Some(schemas.next));
    let mut out = Vec::new();
    for (at, step) in steps.into_iter().enumerate() {
        out.extend(weigh(step, &world).into_iter().map(|found| (at, found)));
        world.take(step);
    }
    out
}

fn one(
    migration: &Migration,
    schema: &mut Schema,
    end: Option<&Schema>,
    allowed: &BTreeSet<Hazard>,
    out: &mut Lint,
) {
    let start = schema.clone();
    let mut world = World::new(&start, end);
    for file in &migration.files {
        let mut used = BTreeSet::new();
        for statement in sql::statements(&file.text, file.file) {
            let (steps, said) = sql::steps(&statement, &world.now);
            out.diagnostics.extend(said);
            for step in steps {
                for found in weigh(&step, &world) {
                    let line = file
                        .allows
                        .iter()
                        .find(|it| it.hazard == found.hazard.name());
                    used.extend(line.map(|it| it.hazard.clone()));
                    let everywhere = allowed.contains(&found.hazard);
                    let everywhere = everywhere.then(|| "allowed for this run".to_owned());
                    out.hits.push(Hit {
                        migration: migration.id.clone(),
                        file: file.name.clone(),
                        place: Place::new(file.file, statement.range.clone()),
                        allowed: line.map(|it| it.reason.clone()).or(everywhere),
                        found,
                    });
                }
                world.take(&step);
            }
        }
        let idle = file.allows.iter().filter(|it| !used.contains(&it.hazard));
        out.diagnostics.extend(idle.map(idle_allow));
    }
    *schema = world.now;
}

/// A name that is no hazard's allows nothing, and neither does one that nothing here has.
fn idle_allow(allow: &Allow) -> Diagnostic {
    let said = Diagnostic::new(
        Code::M022,
        format!("nothing in this file has the hazard `{}`", allow.hazard),
    )
    .at(allow.place, "it allows nothing");
    let known: Vec<_> = Hazard::all().map(Hazard::name).collect();
    match Hazard::parse(&allow.hazard) {
        Some(_) => said.help("remove the line: it would hide the hazard if one came later"),
        None => said.help(format!("the hazards are {}", known.join(", "))),
    }
}
