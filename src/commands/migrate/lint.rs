//! `syncline migrate lint`.

use std::collections::BTreeSet;

use serde_json::json;
use syncline_codegen::diff::hazard::Hazard;
use syncline_codegen::migrate::folder::Stamp;
use syncline_codegen::migrate::lint;
use syncline_codegen::render;
use syncline_schema::Diagnostics;

use super::allowed;
use super::place::Place;
use crate::Exit;
use crate::args::{MigrateFormat, MigrateLint, Migrations, Source};
use crate::commands::live;
use crate::project::{denies_warnings, exit_for, is_human, rendered};
use crate::ui::{Ui, count};

pub(super) fn run(ui: &Ui, args: &MigrateLint) -> Exit {
    let format = if is_human(&args.report) {
        MigrateFormat::Human
    } else {
        MigrateFormat::Json
    };
    let migrations = Migrations {
        source: Source {
            config: args.source.config.clone(),
        },
        dir: args.dir.clone(),
        format,
    };
    let looked = Place::find(ui, &migrations).and_then(|place| {
        let allowed = allowed(ui, &args.allow)?;
        let (found, number) = look(ui, args, &place, &allowed)?;
        Ok((place, found, number))
    });
    let (place, hazards, number) = match looked {
        Ok(looked) => looked,
        Err(exit) => return exit,
    };
    let mut found = place.folder.diagnostics.clone();
    found.extend(hazards);
    found.sort();
    let run = render::Run {
        found: &found,
        suppressed: &[],
        sources: &place.folder.sources,
        tables: &[],
        deny_warnings: denies_warnings(&args.report),
    };
    if let Some(text) = rendered(&args.report, &run) {
        ui.out(&text);
    } else if place.human {
        place.draw(ui, &found);
        let summary = render::summary(&found).unwrap_or_else(|| "nothing to decide".to_owned());
        ui.say(&format!("{summary}: {}", count(number, "migration")));
    } else {
        ui.out(&format!(
            "{:#}\n",
            json!({ "diagnostics": place.json(&found) })
        ));
    }
    exit_for(&found, &args.report)
}

/// The findings, and how many migrations were weighed.
fn look(
    ui: &Ui,
    args: &MigrateLint,
    place: &Place,
    allowed: &BTreeSet<Hazard>,
) -> Result<(Diagnostics, usize), Exit> {
    #[cfg(feature = "live")]
    if args.since.is_none() && live::url(args.database.database_url.as_deref()).is_some() {
        use syncline_codegen::live::runner;
        return super::database::with(ui, place, &args.database, 0, async |session| {
            runner::hazards(session, &place.folder, allowed).await
        });
    }
    #[cfg(not(feature = "live"))]
    if args.database.database_url.is_some() {
        return Err(live::no_database(ui));
    }
    let since = match &args.since {
        Some(name) => Some(&place.named(ui, name)?.stamp),
        None => None,
    };
    let wanted = |stamp: &Stamp| since.is_none_or(|since| stamp >= since);
    let all = place.folder.migrations.iter();
    let number = all.filter(|it| wanted(&it.stamp)).count();
    let lint = lint::lint(&place.folder, |it| wanted(&it.stamp), allowed);
    Ok((lint.findings(|_| None), number))
}
