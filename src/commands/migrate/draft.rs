//! A migration before it is written: what the source becomes, and the way there.

use std::path::PathBuf;

use syncline_codegen::diff::{Drops, Pair, Renames, Scope, undeclared};
use syncline_codegen::disk::{Disk, Edited as EditedDisk, replace};
use syncline_codegen::migrate::contract::Contract;
use syncline_codegen::migrate::deployment::Deployment;
use syncline_codegen::migrate::folder::{Folder, Stamp};
use syncline_codegen::migrate::forgotten::forgotten;
use syncline_codegen::migrate::plan::{Plan, plan};
use syncline_codegen::migrate::summary::{self, Line};
use syncline_codegen::output;
use syncline_schema::source::edit::{Edit, Edited, edit};
use syncline_schema::{Loaded, Schema};

use crate::Exit;
use crate::project::Project;
use crate::ui::Ui;

/// A schema source as it will stand once its edits are written.
pub(super) struct Source {
    root: PathBuf,
    disk: Disk,
    /// What was read, edits included.
    pub(super) loaded: Loaded,
    /// The files that change.
    pub(super) files: Vec<Edited>,
    /// What changes, line by line.
    pub(super) edits: Vec<Edit>,
}

impl Source {
    /// Reads the source. Errors in it are drawn.
    pub(super) fn read(ui: &Ui, project: &Project) -> Result<Self, Exit> {
        let (loaded, _) = project.load();
        let source = Self {
            root: project.file.clone(),
            disk: project.disk(),
            loaded,
            files: Vec::new(),
            edits: Vec::new(),
        };
        source.sound(ui).map(|()| source)
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.loaded.schema
    }

    /// Edits what was read. Nothing is written yet.
    pub(super) fn edit(&mut self, ui: &Ui, edits: Vec<Edit>) -> Result<(), Exit> {
        if edits.is_empty() {
            return Ok(());
        }
        let edited = edit(&self.loaded, &self.root, &edits).map_err(|why| {
            ui.fail(&why);
            Exit::Findings
        })?;
        for file in edited {
            match self.files.iter_mut().find(|it| it.path == file.path) {
                Some(known) => known.after = file.after,
                None => self.files.push(file),
            }
        }
        // The main file is the last to be written: see `syncline_schema::source::edit`.
        self.files.sort_by_key(|it| it.path == self.root);
        self.edits.extend(edits);
        let texts = self.files.iter();
        let texts = texts.map(|it| (it.path.clone(), it.after.clone()));
        let disk = EditedDisk::new(&self.disk, texts);
        self.loaded = syncline_schema::load(&disk, &self.root);
        self.sound(ui)
    }

    fn sound(&self, ui: &Ui) -> Result<(), Exit> {
        if self.loaded.diagnostics.has_errors() {
            ui.findings(&self.loaded.diagnostics, &self.loaded.sources);
            return Err(Exit::Findings);
        }
        Ok(())
    }

    /// The edits as `diff -u` writes them.
    pub(super) fn unified(&self) -> String {
        let files = self.files.iter();
        files
            .map(|it| output::unified_file(&it.path, &it.before, &it.after))
            .collect()
    }

    /// Writes the edits. They come before the migration: a run that is cut off between the two
    /// leaves a source that says what is gone, and the next run plans just that. The other way
    /// round, the snapshot would hold lines that the source never got.
    pub(super) fn write(&self, ui: &Ui) -> Result<(), Exit> {
        for file in &self.files {
            replace(&file.path, &file.before, &file.after).map_err(|why| {
                ui.fail(&why);
                Exit::Failed
            })?;
        }
        Ok(())
    }
}

/// The way from one snapshot to the source.
pub(super) struct Draft {
    pub(super) source: Source,
    pub(super) previous: Schema,
    pub(super) plan: Plan,
    pub(super) lines: Vec<Line>,
    pub(super) deployment: Deployment,
}

/// Plans the way from `previous` to the source, and edits the source as that needs. `day` is the
/// date of what goes. What has to be decided first is drawn.
pub(super) fn draft(
    ui: &Ui,
    mut source: Source,
    previous: Schema,
    drops: &Drops,
    day: &str,
) -> Result<Draft, Exit> {
    let schemas = Pair {
        previous: &previous,
        next: source.schema(),
    };
    let renames = Renames::declared(schemas);
    let undecided = undeclared(schemas, &renames, drops);
    if undecided.has_errors() {
        ui.findings(&undecided, &source.loaded.sources);
        return Err(Exit::Findings);
    }
    let edits = forgotten(schemas, &renames, day);
    source.edit(ui, edits)?;
    let schemas = Pair {
        previous: &previous,
        next: source.schema(),
    };
    let plan = plan(schemas, Scope::Declared);
    let lines = summary::lines(&plan);
    let deployment = deployment(ui, schemas, &plan)?;
    Ok(Draft {
        source,
        previous,
        plan,
        lines,
        deployment,
    })
}

/// What differs in the texts that are brought out.
pub(super) fn deployment(ui: &Ui, schemas: Pair<&Schema>, plan: &Plan) -> Result<Deployment, Exit> {
    Deployment::of(schemas, plan).map_err(|error| {
        ui.fail(&format!(
            "a template does not fit (a defect of Syncline, please report it): {error:#}"
        ));
        Exit::Failed
    })
}

/// The folder of the source's migrations.
pub(super) fn folder_of(project: &Project, schema: &Schema) -> PathBuf {
    project.folder.join(&schema.settings.migrations.dir)
}

/// The stamp that somebody gave, or that of now; after all others.
pub(super) fn stamp(ui: &Ui, folder: &Folder, given: Option<&str>) -> Result<Stamp, Exit> {
    let Some(given) = given else {
        return Ok(folder.next_stamp(std::time::SystemTime::now()));
    };
    let Some(stamp) = Stamp::parse(given) else {
        ui.fail(&format!(
            "`{given}` is no stamp: 14 digits, YYYYMMDDHHMMSS in UTC"
        ));
        return Err(Exit::Failed);
    };
    let newest = folder.migrations.iter().max_by_key(|it| &it.stamp);
    match newest.filter(|it| it.stamp >= stamp) {
        Some(newest) => {
            ui.fail(&format!(
                "{stamp} is not after `{}`: migrations run in the order of their stamps",
                newest.id
            ));
            Err(Exit::Failed)
        }
        None => Ok(stamp),
    }
}

/// The stamp's day, as the source writes it.
pub(super) fn day(stamp: &Stamp) -> String {
    let digits = stamp.as_str();
    format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8])
}

/// What `--drop` named, where it is there to be dropped.
pub(super) fn drops(
    ui: &Ui,
    named: &[String],
    previous: &Schema,
    next: &Schema,
) -> Result<Drops, Exit> {
    for name in named {
        let (table, column) = match name.split_once('.') {
            Some((table, column)) => (table, Some(column)),
            None => (name.as_str(), None),
        };
        let has = |schema: &Schema| {
            let table = schema.table(table);
            match column {
                Some(column) => table.is_some_and(|it| it.column(column).is_some()),
                None => table.is_some(),
            }
        };
        if has(next) {
            ui.fail(&format!(
                "--drop {name}: the schema still declares it; take it out first"
            ));
            return Err(Exit::Failed);
        }
        // A column is named by the table as it is called now.
        if !has(previous) && column.is_none_or(|_| next.table(table).is_none()) {
            ui.fail(&format!("--drop {name}: there is none to drop"));
            return Err(Exit::Failed);
        }
    }
    Ok(Drops {
        named: named.iter().cloned().collect(),
        all: false,
    })
}

/// Says what cannot be ended yet.
pub(super) fn early(ui: &Ui, contract: &Contract) {
    for name in &contract.early {
        ui.say(&format!(
            "`{name}` is left as it is: no migration has brought it out yet, so old devices have nowhere else to go"
        ));
    }
}
