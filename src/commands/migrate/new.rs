//! `syncline migrate new`.

use std::collections::BTreeSet;

use syncline_codegen::diff::Pair;
use syncline_codegen::migrate::contract::contract;
use syncline_codegen::migrate::deployment;
use syncline_codegen::migrate::folder::{
    DOWN, Folder, NewMigration, SNAPSHOT, Snapshot, WriteError,
};
use syncline_codegen::migrate::folder::{Stamp, slug, write};
use syncline_codegen::migrate::plan::Phase;
use syncline_codegen::migrate::summary;
use syncline_schema::{Schema, version};

use super::draft::{Draft, Source, day, draft, drops, early, folder_of, stamp};
use crate::Exit;
use crate::args::MigrateNew;
use crate::project::Project;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &MigrateNew) -> Exit {
    match new(ui, args) {
        Ok(()) => Exit::Clean,
        Err(exit) => exit,
    }
}

fn new(ui: &Ui, args: &MigrateNew) -> Result<(), Exit> {
    let project = Project::find(ui, &args.source)?;
    let mut source = Source::read(ui, &project)?;
    let folder = Folder::read(&folder_of(&project, source.schema()));
    ui.findings(&folder.diagnostics, &folder.sources);
    if folder.diagnostics.has_errors() {
        return Err(Exit::Findings);
    }
    let stamp = stamp(ui, &folder, args.stamp.as_deref())?;
    let (previous, parent) = folder.latest().map_err(|why| {
        ui.fail(&why);
        Exit::Failed
    })?;
    if args.empty {
        return empty(ui, args, &folder, stamp, Snapshot::new(previous, parent));
    }
    let drops = drops(ui, &args.drop, &previous, source.schema())?;
    if let Some(wanted) = &args.contract {
        end(ui, &mut source, &previous, wanted.as_deref())?;
    }
    let draft = draft(ui, source, previous, &drops, &day(&stamp))?;
    if is_nothing(&draft) {
        nothing(ui, &draft, args);
        return settle(ui, args, &draft, None, &folder);
    }
    let name = args.name.clone();
    let name = name.unwrap_or_else(|| named_for(&draft, args, &folder));
    let new = NewMigration {
        stamp,
        name: slug(&name),
        ..planned(&draft, parent)
    };
    settle(ui, args, &draft, Some(&new), &folder)
}

/// A name made of what changes; of what goes, where a change ends.
fn named_for(draft: &Draft, args: &MigrateNew, folder: &Folder) -> String {
    let goes = |it: &&summary::Line| it.phase == Phase::Contract;
    let gone: Vec<_> = draft.lines.iter().filter(goes).cloned().collect();
    let lines = match &args.contract {
        Some(_) if !gone.is_empty() => &gone,
        _ => &draft.lines,
    };
    summary::name_of(lines, folder.migrations.is_empty())
}

/// Edits the source so that what old devices need ends. `wanted` names one table or column.
fn end(ui: &Ui, source: &mut Source, previous: &Schema, wanted: Option<&str>) -> Result<(), Exit> {
    let ended = contract(
        Pair {
            previous,
            next: source.schema(),
        },
        wanted,
    );
    if let Some(wanted) = wanted
        && ended.edits.is_empty()
    {
        if ended.early.is_empty() {
            ui.fail(&format!(
                "--contract {wanted}: no renamed_from and no replaces of the source says that name"
            ));
        } else {
            early(ui, &ended);
            ui.say("run `syncline migrate new`, bring it out, and end it once no app of the old version is out there");
        }
        return Err(Exit::Findings);
    }
    early(ui, &ended);
    source.edit(ui, ended.edits)
}

/// Is there neither a step, nor a version of the schema that the newest snapshot does not know?
fn is_nothing(draft: &Draft) -> bool {
    draft.plan.is_empty()
        && version::version(&draft.previous) == version::version(draft.source.schema())
}

fn nothing(ui: &Ui, draft: &Draft, args: &MigrateNew) {
    if !draft.source.edits.is_empty() {
        return;
    }
    ui.say(match &args.contract {
        Some(_) => {
            "nothing to end, and nothing to migrate: the newest snapshot is what the source says"
        }
        None => "nothing to migrate: the newest snapshot is what the source says",
    });
}

/// The files of a plan. The name and the stamp are the caller's to say.
pub(super) fn planned(draft: &Draft, parent: Option<String>) -> NewMigration {
    let mut files = match draft.plan.is_empty() {
        true => Vec::new(),
        false => draft.plan.files(draft.source.schema()),
    };
    let down = files.iter().position(|(name, _)| name == DOWN);
    let down = down.map(|at| files.remove(at).1);
    NewMigration {
        stamp: Stamp::of(std::time::UNIX_EPOCH),
        name: String::new(),
        files,
        down,
        snapshot: Snapshot::new(draft.source.schema().clone(), parent),
        replaces: None,
    }
}

/// A migration for steps by hand.
fn empty(
    ui: &Ui,
    args: &MigrateNew,
    folder: &Folder,
    stamp: Stamp,
    snapshot: Snapshot,
) -> Result<(), Exit> {
    let name = slug(args.name.as_deref().unwrap_or_default());
    let file = format!("1_{name}.sql");
    let about = "-- A step by hand. It runs in a transaction; `-- syncline:no-transaction` as the first line runs it\n-- statement by statement.\n";
    let new = NewMigration {
        stamp,
        name,
        files: vec![(file.clone(), about.to_owned())],
        down: None,
        snapshot,
        replaces: None,
    };
    if args.dry_run {
        print(ui, folder, &new);
        return Ok(());
    }
    put(ui, folder, &new)?;
    ui.say(&format!(
        "write your statements into {file}, then run `syncline migrate repair --sum` and `syncline migrate apply`"
    ));
    Ok(())
}

/// Writes the edits and the migration, or prints them; says what they do and what comes next.
pub(super) fn settle(
    ui: &Ui,
    args: &MigrateNew,
    draft: &Draft,
    new: Option<&NewMigration>,
    folder: &Folder,
) -> Result<(), Exit> {
    if args.dry_run {
        ui.out(&draft.source.unified());
        if let Some(new) = new {
            print(ui, folder, new);
        }
    } else {
        draft.source.write(ui)?;
    }
    let files = draft.source.files.iter();
    let files: Vec<_> = files.map(|it| it.path.display().to_string()).collect();
    if !files.is_empty() {
        let verb = if args.dry_run { "would edit" } else { "edited" };
        ui.say(&format!("{verb} {}:", files.join(", ")));
    }
    for edit in &draft.source.edits {
        ui.say(&format!("  {edit}"));
    }
    if let Some(new) = new {
        if !args.dry_run {
            put(ui, folder, new)?;
        }
        told(ui, draft, new);
    }
    Ok(())
}

/// What a migration does, what is dangerous about it, and what comes next.
pub(super) fn told(ui: &Ui, draft: &Draft, new: &NewMigration) {
    ui.say("");
    if draft.plan.is_empty() {
        ui.say("Nothing changes in PostgreSQL. The snapshot makes the schema's new version known to the server.");
    } else {
        ui.say(summary::text(&draft.lines, |_| None).trim_end());
    }
    let found = draft.lines.iter().flat_map(|it| &it.hazards);
    let hazards: BTreeSet<_> = found.map(|it| it.hazard.name()).collect();
    if !hazards.is_empty() {
        ui.say("");
        ui.say("`syncline migrate apply` stops at hazards that nobody allowed. Where one is meant, say why in its file, and");
        ui.say("run `syncline migrate repair --sum`:");
        for name in hazards {
            ui.say(&format!("  -- syncline:allow {name} <reason>"));
        }
    }
    let order = deployment::text(draft.deployment);
    if !order.is_empty() {
        ui.say("");
        ui.say(&format!(
            "Run `syncline generate`, read {}_{}, commit both, and bring them out in this order:",
            new.stamp, new.name
        ));
        ui.say(order.trim_end());
    }
}

/// Writes the folder, and says so.
pub(super) fn put(ui: &Ui, folder: &Folder, new: &NewMigration) -> Result<(), Exit> {
    match write(&folder.dir, new) {
        Ok(home) => {
            ui.say(&format!("wrote {}: {}", home.display(), names(new)));
            Ok(())
        }
        Err(WriteError::Findings(found)) => {
            ui.findings(&found, &folder.sources);
            Err(Exit::Findings)
        }
        Err(WriteError::Refused(why)) => {
            ui.fail(&why);
            Err(Exit::Failed)
        }
    }
}

/// Prints the SQL files. The snapshot is named: nobody reads it.
fn print(ui: &Ui, folder: &Folder, new: &NewMigration) {
    let home = folder.dir.join(format!("{}_{}", new.stamp, new.name));
    let down = new.down.clone().map(|text| (DOWN.to_owned(), text));
    for (name, text) in new.files.iter().chain(&down) {
        ui.out(&format!("-- {}\n{text}\n", home.join(name).display()));
    }
    ui.say(&format!("would write {}: {}", home.display(), names(new)));
}

fn names(new: &NewMigration) -> String {
    let files = new.files.iter().map(|(name, _)| name.as_str());
    let down = new.down.as_ref().map(|_| DOWN);
    let names: Vec<_> = files.chain(down).chain([SNAPSHOT]).collect();
    names.join(", ")
}
