//! `syncline migrate apply`.

use std::time::Instant;

use serde_json::json;
use syncline_codegen::live::runner::{self, Applied, Progress, Silent};

use super::drawn::{Drawn, duration};
use super::place::Place;
use super::{allowed, database};
use crate::Exit;
use crate::args::MigrateApply;
use crate::ui::{Ui, count};

pub(super) fn run(ui: &Ui, args: &MigrateApply) -> Exit {
    let place = match Place::find(ui, &args.migrations) {
        Ok(place) => place,
        Err(exit) => return exit,
    };
    let to = match args.to.as_deref().map(|to| place.named(ui, to)).transpose() {
        Ok(to) => to.map(|it| it.id.as_str()),
        Err(exit) => return exit,
    };
    let allowed = match allowed(ui, &args.allow) {
        Ok(allowed) => allowed,
        Err(exit) => return exit,
    };
    let started = Instant::now();
    let drawn = Drawn::new(ui);
    let progress: &dyn Progress = if place.human { &drawn } else { &Silent };
    let done = database::with(
        ui,
        &place,
        &args.database,
        args.lock.lock_wait,
        async |session| {
            let shown = session.shown().to_owned();
            let applied = runner::apply(session, &place.folder, to, &allowed, progress).await?;
            Ok((applied, shown))
        },
    );
    let (applied, shown) = match done {
        Ok(done) => done,
        Err(exit) => return exit,
    };
    report(ui, &place, &applied, &shown, started);
    Exit::Clean
}

fn report(ui: &Ui, place: &Place, applied: &Applied, shown: &str, started: Instant) {
    place.draw(ui, &applied.findings);
    if !place.human {
        let migrations: Vec<_> = applied
            .migrations
            .iter()
            .map(|(id, time)| json!({ "id": id, "milliseconds": time.as_millis() }))
            .collect();
        let report = json!({
            "database": shown,
            "applied": migrations,
            "diagnostics": place.json(&applied.findings),
        });
        ui.out(&format!("{report:#}\n"));
    } else if applied.migrations.is_empty() {
        ui.say(&format!(
            "nothing to do: {shown} has every migration of {}",
            place.folder.dir.display()
        ));
    } else {
        let number = count(applied.migrations.len(), "migration");
        ui.say(&format!(
            "applied {number} to {shown} in {}",
            duration(started.elapsed())
        ));
    }
}
