//! Steps put into an order that PostgreSQL takes and that a running system survives.
//!
//! In: two schemas. Out: a [`Plan`]: phases, each a file of SQL, and the way back. Phases first make
//! room for the new (expand), then do the slow work without locks, then make rules strict, and only
//! at the end take away what is gone (contract).

mod down;
mod phase;
mod place;
mod text;

use syncline_schema::Schema;

pub use phase::{Phase, Planned};

use super::lint::of_plan;
use crate::diff::hazard::Found;
use crate::diff::{self, Pair, Renames, Scope, Step};

/// What a migration does, and how it is undone.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The phases that have steps, in order.
    pub phases: Vec<Planned>,
    /// What is at stake: by the number of the step among all of them.
    pub hazards: Vec<(usize, Found)>,
    /// The steps of the way back, in order.
    pub down: Vec<down::Undo>,
}

impl Plan {
    /// Nothing to do?
    pub fn is_empty(&self) -> bool {
        self.phases.is_empty()
    }

    /// Every step with its phase, in the order in which they run.
    pub fn steps(&self) -> impl Iterator<Item = (Phase, &Step)> {
        let phases = self.phases.iter();
        phases.flat_map(|it| it.steps.iter().map(|step| (it.phase, step)))
    }

    /// The files of the migration: names and contents.
    pub fn files(&self, schema: &Schema) -> Vec<(String, String)> {
        text::files(self, &schema.settings.migrations)
    }
}

/// Plans the way from one schema to another. What has to be decided first is
/// [`diff::undeclared`]'s to say.
pub fn plan(schemas: Pair<&Schema>, scope: Scope) -> Plan {
    let renames = Renames::declared(schemas);
    let steps = diff::diff(schemas, &renames, scope);
    let phases = place::phases(schemas, steps);
    let in_order = phases.iter().flat_map(|it| &it.steps);
    Plan {
        hazards: of_plan(in_order, schemas),
        down: down::undo(schemas, &renames, scope),
        phases,
    }
}
