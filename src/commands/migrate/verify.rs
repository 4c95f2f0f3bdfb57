//! `syncline migrate verify`.

use serde_json::json;
use syncline_codegen::render;
use syncline_schema::Diagnostics;

use super::place::Place;
use crate::Exit;
use crate::args::MigrateVerify;
use crate::commands::live;
use crate::ui::{Ui, count};

pub(super) fn run(ui: &Ui, args: &MigrateVerify) -> Exit {
    let place = match Place::find(ui, &args.migrations) {
        Ok(place) => place,
        Err(exit) => return exit,
    };
    let (mut found, shown) = match look(ui, args, &place) {
        Ok(looked) => looked,
        Err(exit) => return exit,
    };
    found.sort();
    place.draw(ui, &found);
    let against = shown.map_or_else(String::new, |it| format!(" and {it}"));
    if place.human {
        let summary = render::summary(&found).unwrap_or_else(|| "nothing to say".to_owned());
        let number = count(place.folder.migrations.len(), "migration");
        let dir = place.folder.dir.display();
        ui.say(&format!(
            "{summary}: folder {dir}, {number}, against its sum{against}"
        ));
    } else {
        ui.out(&format!(
            "{:#}\n",
            json!({ "diagnostics": place.json(&found) })
        ));
    }
    if found.has_errors() {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// What there is to say of the folder, and of the database where one is named.
#[cfg(feature = "live")]
fn look(
    ui: &Ui,
    args: &MigrateVerify,
    place: &Place,
) -> Result<(Diagnostics, Option<String>), Exit> {
    use syncline_codegen::live::runner;

    if live::url(args.database.database_url.as_deref()).is_none() {
        return Ok((place.folder.diagnostics.clone(), None));
    }
    super::database::with(ui, place, &args.database, 0, async |session| {
        let found = runner::verify(session.client(), &place.folder).await?;
        Ok((found, Some(session.shown().to_owned())))
    })
}

#[cfg(not(feature = "live"))]
fn look(
    ui: &Ui,
    args: &MigrateVerify,
    place: &Place,
) -> Result<(Diagnostics, Option<String>), Exit> {
    if args.database.database_url.is_some() {
        return Err(live::no_database(ui));
    }
    Ok((place.folder.diagnostics.clone(), None))
}
