//! `syncline migrate down`.

use serde_json::json;
use syncline_codegen::live::runner::{self, Progress, Silent, Target};

use super::database;
use super::drawn::Drawn;
use super::place::Place;
use crate::Exit;
use crate::args::MigrateDown;
use crate::ui::{Ui, count};

pub(super) fn run(ui: &Ui, args: &MigrateDown) -> Exit {
    let place = match Place::find(ui, &args.migrations) {
        Ok(place) => place,
        Err(exit) => return exit,
    };
    let target = match args.to.as_deref().map(|to| place.named(ui, to)) {
        Some(Ok(migration)) => Target::After(&migration.id),
        Some(Err(exit)) => return exit,
        None => Target::Last,
    };
    let drawn = Drawn::new(ui);
    let progress: &dyn Progress = if place.human { &drawn } else { &Silent };
    let done = database::with(
        ui,
        &place,
        &args.database,
        args.lock.lock_wait,
        async |session| {
            let undone = runner::down(session, &place.folder, target, progress).await?;
            Ok((undone, session.shown().to_owned()))
        },
    );
    let (undone, shown) = match done {
        Ok(done) => done,
        Err(exit) => return exit,
    };
    if !place.human {
        let undone: Vec<_> = undone
            .iter()
            .map(|(id, time)| json!({ "id": id, "milliseconds": time.as_millis() }))
            .collect();
        ui.out(&format!(
            "{:#}\n",
            json!({ "database": shown, "undone": undone })
        ));
    } else if undone.is_empty() {
        ui.say(&format!("nothing to undo on {shown}"));
    } else {
        let number = count(undone.len(), "migration");
        ui.say(&format!(
            "undid {number} on {shown}; `syncline migrate apply` runs them again"
        ));
    }
    Exit::Clean
}
