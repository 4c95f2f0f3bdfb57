//! `syncline migrate baseline`.

use serde_json::json;
use syncline_codegen::live::runner::{self, Progress, Silent};

use super::database;
use super::drawn::Drawn;
use super::place::Place;
use crate::Exit;
use crate::args::MigrateBaseline;
use crate::ui::{Ui, count};

pub(super) fn run(ui: &Ui, args: &MigrateBaseline) -> Exit {
    let place = match Place::find(ui, &args.migrations) {
        Ok(place) => place,
        Err(exit) => return exit,
    };
    let to = match args.to.as_deref().map(|to| place.named(ui, to)).transpose() {
        Ok(to) => to.map(|it| it.id.as_str()),
        Err(exit) => return exit,
    };
    let drawn = Drawn::new(ui);
    let progress: &dyn Progress = if place.human { &drawn } else { &Silent };
    let done = database::with(
        ui,
        &place,
        &args.database,
        args.lock.lock_wait,
        async |session| {
            let recorded = runner::baseline(session, &place.folder, to, progress).await?;
            Ok((recorded, session.shown().to_owned()))
        },
    );
    let (recorded, shown) = match done {
        Ok(done) => done,
        Err(exit) => return exit,
    };
    if !place.human {
        ui.out(&format!(
            "{:#}\n",
            json!({ "database": shown, "recorded": recorded })
        ));
    } else if recorded.is_empty() {
        ui.say(&format!(
            "nothing to record: {shown} knows these migrations already"
        ));
    } else {
        for id in &recorded {
            ui.say(&format!("  {id}"));
        }
        let number = count(recorded.len(), "migration");
        ui.say(&format!(
            "recorded {number} on {shown} as applied, and ran nothing; `syncline migrate verify` compares"
        ));
    }
    Exit::Clean
}
