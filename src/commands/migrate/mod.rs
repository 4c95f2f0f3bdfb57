//! `syncline migrate`: one file a verb.

#[cfg(feature = "live")]
mod apply;
#[cfg(feature = "live")]
mod baseline;
#[cfg(feature = "live")]
mod database;
#[cfg(feature = "live")]
mod down;
mod draft;
#[cfg(feature = "live")]
mod drawn;
mod lint;
mod new;
mod place;
mod plan;
mod rebase;
mod repair;
mod rows;
mod side;
#[cfg(feature = "live")]
mod status;
mod verify;

use std::collections::BTreeSet;

use syncline_codegen::diff::hazard::Hazard;

use crate::Exit;
use crate::args::{Migrate, MigrateVerb};
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &Migrate) -> Exit {
    match &args.verb {
        MigrateVerb::New(args) => new::run(ui, args),
        MigrateVerb::Plan(args) => plan::run(ui, args),
        MigrateVerb::Lint(args) => lint::run(ui, args),
        MigrateVerb::Rebase(args) => rebase::run(ui, args),
        #[cfg(feature = "live")]
        MigrateVerb::Status(args) => status::run(ui, args),
        #[cfg(feature = "live")]
        MigrateVerb::Apply(args) => apply::run(ui, args),
        #[cfg(feature = "live")]
        MigrateVerb::Down(args) => down::run(ui, args),
        #[cfg(feature = "live")]
        MigrateVerb::Baseline(args) => baseline::run(ui, args),
        #[cfg(not(feature = "live"))]
        MigrateVerb::Status(_)
        | MigrateVerb::Apply(_)
        | MigrateVerb::Down(_)
        | MigrateVerb::Baseline(_) => super::live::no_database(ui),
        MigrateVerb::Verify(args) => verify::run(ui, args),
        MigrateVerb::Repair(args) => repair::run(ui, args),
    }
}

/// The hazards of `--allow`.
fn allowed(ui: &Ui, names: &[String]) -> Result<BTreeSet<Hazard>, Exit> {
    let mut allowed = BTreeSet::new();
    for name in names {
        let Some(hazard) = Hazard::parse(name) else {
            let known: Vec<&str> = Hazard::all().map(Hazard::name).collect();
            ui.fail(&format!(
                "there is no hazard `{name}`; they are {}",
                known.join(", ")
            ));
            return Err(Exit::Failed);
        };
        allowed.insert(hazard);
    }
    Ok(allowed)
}
