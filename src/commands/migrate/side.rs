//! One side of a plan: whatever somebody named, read into a schema.

use std::fs;
use std::path::{Path, PathBuf};

use syncline_codegen::migrate::folder::{Folder, Snapshot};
use syncline_codegen::read::sql;
use syncline_schema::{Schema, Sources};

use super::draft::Source;
use crate::Exit;
use crate::args;
use crate::commands::{live, scripts};
use crate::project::Project;
use crate::ui::Ui;

/// A schema, and what it was read from.
pub(super) struct Side {
    pub(super) schema: Schema,
    /// Does it say what only a source can say?
    pub(super) declared: bool,
    /// The files, for drawing places.
    pub(super) sources: Sources,
    /// For people, such as `the newest snapshot, 20261122101500_init`.
    pub(super) shown: String,
    /// The source that it is, which the plan may owe lines.
    pub(super) source: Option<Source>,
    /// The database that it is.
    pub(super) url: Option<String>,
}

impl Side {
    fn new(schema: Schema, declared: bool, shown: String) -> Self {
        Self {
            schema,
            declared,
            sources: Sources::default(),
            shown,
            source: None,
            url: None,
        }
    }

    /// Reads what `named` is: a URL, a folder or a file.
    pub(super) fn read(ui: &Ui, named: &str) -> Result<Self, Exit> {
        if named.starts_with("postgres://") || named.starts_with("postgresql://") {
            return database(ui, named);
        }
        let path = Path::new(named);
        if path.is_dir() {
            return folder(ui, path);
        }
        match path.extension().and_then(|it| it.to_str()) {
            Some("toml") => source(ui, path),
            Some("json") => snapshot(ui, path),
            Some("sql") => {
                let text = scripts::text(path).map_err(live::failed(ui))?;
                replayed(ui, vec![(path.to_owned(), text)], named)
            }
            _ => {
                ui.fail(&format!("`{named}` is no schema: name a syncline.toml or a folder that has one, a snapshot.json, a .sql file, a folder of migrations, or a postgres:// URL"));
                Err(Exit::Failed)
            }
        }
    }

    /// The schema source.
    pub(super) fn of_source(ui: &Ui, project: &Project) -> Result<Self, Exit> {
        let source = Source::read(ui, project)?;
        let shown = project.file.display().to_string();
        let side = Self::new(source.schema().clone(), true, shown);
        Ok(Self {
            sources: source.loaded.sources.clone(),
            source: Some(source),
            ..side
        })
    }

    /// The newest snapshot of a folder; an empty schema where it has no migration.
    pub(super) fn newest(ui: &Ui, dir: &Path) -> Result<Self, Exit> {
        let folder = Folder::read(dir);
        if folder.diagnostics.has_errors() {
            ui.findings(&folder.diagnostics, &folder.sources);
            return Err(Exit::Findings);
        }
        let (schema, _) = folder.latest().map_err(|why| {
            ui.fail(&why);
            Exit::Failed
        })?;
        let shown = match folder.newest() {
            Some(it) => format!("the snapshot of {}", it.id),
            None => "an empty database".to_owned(),
        };
        Ok(Self::new(schema, true, shown))
    }
}

fn source(ui: &Ui, path: &Path) -> Result<Side, Exit> {
    let config = Some(path.to_owned());
    let project = Project::find(ui, &args::Source { config })?;
    Side::of_source(ui, &project)
}

fn snapshot(ui: &Ui, path: &Path) -> Result<Side, Exit> {
    let read = fs::read(path).map_err(|error| error.to_string());
    match read.and_then(|bytes| Snapshot::parse(&bytes)) {
        Ok(it) => Ok(Side::new(it.schema, true, path.display().to_string())),
        Err(why) => {
            ui.fail(&format!("{}: {why}", path.display()));
            Err(Exit::Failed)
        }
    }
}

/// A folder: of a source, of our migrations, or of anybody's SQL.
fn folder(ui: &Ui, dir: &Path) -> Result<Side, Exit> {
    if dir.join("syncline.toml").is_file() {
        return source(ui, dir);
    }
    let ours = Folder::read(dir);
    if ours.newest().is_some() {
        return Side::newest(ui, dir);
    }
    let files = scripts::of(dir).map_err(live::failed(ui))?;
    replayed(ui, files, &dir.display().to_string())
}

/// What scripts add up to. What could not be read is drawn, and stops.
fn replayed(ui: &Ui, files: Vec<(PathBuf, String)>, shown: &str) -> Result<Side, Exit> {
    let mut sources = Sources::default();
    let files: Vec<_> = files
        .into_iter()
        .map(|(path, text)| (sources.add(path, text.as_str()), text))
        .collect();
    let replay = sql::replay(files.iter().map(|(file, text)| (*file, text.as_str())));
    ui.findings(&replay.diagnostics, &sources);
    if replay.diagnostics.has_errors() {
        return Err(Exit::Findings);
    }
    let side = Side::new(replay.schema, false, shown.to_owned());
    Ok(Side { sources, ..side })
}

#[cfg(feature = "live")]
fn database(ui: &Ui, url: &str) -> Result<Side, Exit> {
    let catalog = live::catalog(url).map_err(live::failed(ui))?;
    let found = catalog.diagnostics;
    ui.findings(&found, &Sources::default());
    if found.has_errors() {
        return Err(Exit::Findings);
    }
    let side = Side::new(catalog.schema, false, "the database".to_owned());
    Ok(Side {
        url: Some(url.to_owned()),
        ..side
    })
}

#[cfg(not(feature = "live"))]
fn database(ui: &Ui, _: &str) -> Result<Side, Exit> {
    Err(live::no_database(ui))
}
