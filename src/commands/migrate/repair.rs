//! `syncline migrate repair`.

use syncline_codegen::migrate::folder::{WriteError, restore_sum};

use super::place::Place;
use crate::Exit;
use crate::args::MigrateRepair;
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, args: &MigrateRepair) -> Exit {
    let place = match Place::find(ui, &args.migrations) {
        Ok(place) => place,
        Err(exit) => return exit,
    };
    match &args.migration {
        None => sum(ui, &place),
        #[cfg(feature = "live")]
        Some(migration) => record(ui, args, &place, migration),
        #[cfg(not(feature = "live"))]
        Some(_) => crate::commands::live::no_database(ui),
    }
}

/// Writes the sum again, and says what it takes for right from now on.
fn sum(ui: &Ui, place: &Place) -> Exit {
    let dir = place.folder.dir.display();
    match restore_sum(&place.folder.dir) {
        Ok(found) if found.is_empty() => {
            ui.say(&format!("nothing to repair: {dir} is what its sum says"));
            Exit::Clean
        }
        Ok(found) => {
            for finding in found.iter() {
                ui.say(&format!("  {}", finding.message));
            }
            ui.say(&format!("wrote the sum of {dir} as it is now"));
            Exit::Clean
        }
        Err(WriteError::Findings(found)) => {
            place.draw(ui, &found);
            Exit::Findings
        }
        Err(WriteError::Refused(why)) => {
            ui.fail(&why);
            Exit::Failed
        }
    }
}

/// Corrects what a database remembers of one migration.
#[cfg(feature = "live")]
fn record(ui: &Ui, args: &MigrateRepair, place: &Place, named: &str) -> Exit {
    use syncline_codegen::live::runner::{self, Repair};

    use super::drawn::Drawn;

    // One that only the database knows is named in full.
    let id = place.folder.find(named).map_or(named, |it| it.id.as_str());
    let truths = [
        (args.applied, Repair::Applied, "is recorded as applied"),
        (
            args.retry,
            Repair::Retry,
            "goes on with the statement at which it stopped",
        ),
        (
            args.skip,
            Repair::Skip,
            "goes on behind the statement at which it stopped",
        ),
        (args.forget, Repair::Forget, "is not recorded any more"),
    ];
    let Some((_, repair, said)) = truths.into_iter().find(|(given, ..)| *given) else {
        return Exit::Failed;
    };
    let drawn = Drawn::new(ui);
    let done = super::database::with(
        ui,
        place,
        &args.database,
        args.lock.lock_wait,
        async |session| runner::repair(session, &place.folder, id, repair, &drawn).await,
    );
    match done {
        Ok(()) => {
            ui.say(&format!("`{id}` {said}; next: `syncline migrate apply`"));
            Exit::Clean
        }
        Err(exit) => exit,
    }
}
