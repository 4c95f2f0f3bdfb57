//! `syncline migrate rebase`: a migration is planned again, behind the others.

use syncline_codegen::diff::{Pair, Scope};
use syncline_codegen::migrate::folder::{DOWN, Folder, Migration, NewMigration};
use syncline_codegen::migrate::kept::Kept;
use syncline_codegen::migrate::plan::plan;
use syncline_schema::{Code, Diagnostics, Schema};

use super::draft::{Draft, Source, day, draft, drops, folder_of, stamp};
use super::new::{planned, put, told};
use crate::Exit;
use crate::args::MigrateRebase;
use crate::commands::live;
use crate::project::Project;
use crate::ui::Ui;

/// What rebasing is there to mend.
const MENDED: &[Code] = &[Code::M013, Code::M014, Code::M016, Code::M017, Code::M018];

pub(crate) fn run(ui: &Ui, args: &MigrateRebase) -> Exit {
    match rebase(ui, args) {
        Ok(()) => Exit::Clean,
        Err(exit) => exit,
    }
}

fn rebase(ui: &Ui, args: &MigrateRebase) -> Result<(), Exit> {
    let project = Project::find(ui, &args.source)?;
    let source = Source::read(ui, &project)?;
    let folder = Folder::read(&folder_of(&project, source.schema()));
    let mut found: Diagnostics = folder.diagnostics.clone();
    found.retain(|it| !MENDED.contains(&it.code));
    ui.findings(&found, &folder.sources);
    if found.has_errors() {
        return Err(Exit::Findings);
    }
    let Some(migration) = folder.find(&args.migration) else {
        ui.fail(&format!(
            "there is no migration `{}` in {}",
            args.migration,
            folder.dir.display()
        ));
        return Err(Exit::Failed);
    };
    let onto = onto(ui, &folder, migration)?;
    applied(ui, args, migration)?;
    let stamp = stamp(ui, &folder, args.stamp.as_deref())?;
    let (previous, parent) = match onto {
        Some(other) => (read(ui, &folder, other)?, hash(other)),
        None => (Schema::default(), None),
    };
    let kept = kept(&folder, migration);
    let drops = drops(ui, &args.drop, &previous, source.schema())?;
    let draft = draft(ui, source, previous, &drops, &day(&stamp))?;
    let again = planned(&draft, parent);
    let new = NewMigration {
        stamp,
        name: migration.name.clone(),
        files: kept.join(again.files.clone()),
        replaces: Some(migration.id.clone()),
        ..again
    };
    if new.files.is_empty() {
        ui.say(&format!(
            "nothing is left to do for `{}`: the others do it all; remove its folder and run `syncline migrate repair --sum`",
            migration.id
        ));
        return Err(Exit::Findings);
    }
    write(ui, &folder, &draft, &new, &kept)
}

fn write(
    ui: &Ui,
    folder: &Folder,
    draft: &Draft,
    new: &NewMigration,
    kept: &Kept,
) -> Result<(), Exit> {
    draft.source.write(ui)?;
    for edit in &draft.source.edits {
        ui.say(&format!("wrote into the source: {edit}"));
    }
    put(ui, folder, new)?;
    if let Some(old) = &new.replaces {
        ui.say(&format!("removed {}", folder.dir.join(old).display()));
    }
    for (name, _) in &kept.files {
        ui.say(&format!(
            "kept {name} as it was: see whether it still stands at the right place"
        ));
    }
    for name in &kept.edited {
        ui.say(&format!(
            "{name} had been edited by hand, and is planned anew: version control has what it was"
        ));
    }
    told(ui, draft, new);
    Ok(())
}

/// The migration that it shall follow: the newest other one; none where it is alone.
fn onto<'a>(
    ui: &Ui,
    folder: &'a Folder,
    migration: &Migration,
) -> Result<Option<&'a Migration>, Exit> {
    let others = || folder.migrations.iter().filter(|it| it.id != migration.id);
    let child = others().find(|it| {
        let parent = it.snapshot.as_ref().and_then(|it| it.parent.as_ref());
        parent.is_some() && parent == hash(migration).as_ref()
    });
    if let Some(child) = child {
        ui.fail(&format!(
            "`{}` follows `{}`: its snapshot holds what that one does",
            child.id, migration.id
        ));
        ui.say(&format!(
            "rebase the other branch where it is shorter; or remove both folders, run `syncline migrate repair --sum`, and plan them as one: `syncline migrate new {}`",
            child.name
        ));
        return Err(Exit::Findings);
    }
    let onto = others().rev().find(|it| it.snapshot.is_some());
    let follows = migration.snapshot.as_ref().map(|it| it.parent.clone());
    let newest = folder
        .migrations
        .last()
        .is_some_and(|it| it.id == migration.id);
    let alone = !others().any(|it| it.stamp == migration.stamp);
    if newest && alone && follows == Some(onto.and_then(hash)) {
        ui.say(&format!(
            "nothing to rebase: `{}` follows the newest other migration already",
            migration.id
        ));
        return Err(Exit::Clean);
    }
    Ok(onto)
}

fn hash(migration: &Migration) -> Option<String> {
    migration.snapshot.as_ref().map(|it| it.sha256.clone())
}

fn read(ui: &Ui, folder: &Folder, migration: &Migration) -> Result<Schema, Exit> {
    folder
        .snapshot(migration)
        .map(|it| it.schema)
        .map_err(|why| {
            ui.fail(&why);
            Exit::Failed
        })
}

/// What was done by hand: what differs from the plan between its parent's snapshot and its own.
fn kept(folder: &Folder, migration: &Migration) -> Kept {
    let parent = migration
        .snapshot
        .as_ref()
        .and_then(|it| it.parent.as_ref());
    let before = folder
        .migrations
        .iter()
        .find(|it| parent.is_some() && hash(it).as_ref() == parent);
    let schema = |it: &Migration| folder.snapshot(it).ok().map(|it| it.schema);
    let previous = match parent {
        Some(_) => before.and_then(schema),
        None => Some(Schema::default()),
    };
    let planned = match (previous, schema(migration)) {
        (Some(previous), Some(next)) => {
            let schemas = Pair {
                previous: &previous,
                next: &next,
            };
            let mut files = plan(schemas, Scope::Declared).files(&next);
            files.retain(|(name, _)| name != DOWN);
            files
        }
        _ => Vec::new(),
    };
    Kept::of(migration, &planned)
}

/// Stops where the migration has run on the database at hand.
fn applied(ui: &Ui, args: &MigrateRebase, migration: &Migration) -> Result<(), Exit> {
    let Some(url) = live::url(args.database_url.as_deref()) else {
        return Ok(());
    };
    if !has_run(ui, &url, &migration.id)? {
        return Ok(());
    }
    ui.fail(&format!(
        "`{}` has run on this database: what ran must stay what it was",
        migration.id
    ));
    ui.say("undo it there first with `syncline migrate down`, or rebase the other branch");
    Err(Exit::Findings)
}

#[cfg(feature = "live")]
fn has_run(ui: &Ui, url: &str, id: &str) -> Result<bool, Exit> {
    let asked = live::ask(url, async |client| {
        let there = client
            .query_one("SELECT to_regclass('syncline.migrations') IS NOT NULL", &[])
            .await;
        if !there.map_err(|error| error.to_string())?.get::<_, bool>(0) {
            return Ok(false);
        }
        let row = client
            .query_opt(
                "SELECT FROM syncline.migrations WHERE id = $1 AND state <> 'down'",
                &[&id],
            )
            .await;
        row.map(|it| it.is_some())
            .map_err(|error| error.to_string())
    });
    asked.map_err(live::failed(ui))
}

#[cfg(not(feature = "live"))]
fn has_run(ui: &Ui, _: &str, _: &str) -> Result<bool, Exit> {
    Err(live::no_database(ui))
}
