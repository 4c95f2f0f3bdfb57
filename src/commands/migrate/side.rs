//! One side of a plan: whatever somebody named, read into a schema.

use std::fs;
use std::path::{Path, PathBuf};

use syncline_codegen::migrate::folder::{Folder, Snapshot};
use syncline_codegen::read::sql;
use syncline_schema::{Schema, Sources};

use super::draft::Source;
use crate::Exit;
use crate::args;
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
    fn declared(schema: Schema, shown: String) -> Self {
        Self {
            schema,
            declared: true,
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
                let text = text(ui, path)?;
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
        Ok(Self {
            sources: source.loaded.sources.clone(),
            ..Self::declared(source.schema().clone(), shown)
        })
        .map(|side| Self {
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
        Ok(Self::declared(schema, shown))
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
        Ok(it) => Ok(Side::declared(it.schema, path.display().to_string())),
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
    let mut files = Vec::new();
    collect(ui, dir, dir, &mut files)?;
    let order = sql::in_order(&files);
    let files = order.into_iter().map(|at| files[at].clone());
    let files: Vec<_> = files
        .map(|(name, text)| (dir.join(&name), sql::upward(&text).to_owned()))
        .collect();
    if files.is_empty() {
        ui.fail(&format!(
            "{} holds neither a syncline.toml, nor migrations, nor SQL",
            dir.display()
        ));
        return Err(Exit::Failed);
    }
    replayed(ui, files, &dir.display().to_string())
}

/// Every SQL file below a folder, and the journals that order them.
fn collect(ui: &Ui, root: &Path, dir: &Path, out: &mut Vec<(String, String)>) -> Result<(), Exit> {
    let wrong = |error: std::io::Error| {
        ui.fail(&format!("cannot read {}: {error}", dir.display()));
        Exit::Failed
    };
    for entry in fs::read_dir(dir).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let kind = path.extension().and_then(|it| it.to_str());
        if path.is_dir() {
            collect(ui, root, &path, out)?;
        } else if matches!(kind, Some("sql" | "json")) {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.iter().map(|it| it.to_string_lossy()).collect();
            out.push((parts.join("/"), text(ui, &path)?));
        }
    }
    Ok(())
}

fn text(ui: &Ui, path: &Path) -> Result<String, Exit> {
    fs::read_to_string(path).map_err(|error| {
        ui.fail(&format!("cannot read {}: {error}", path.display()));
        Exit::Failed
    })
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
    Ok(Side {
        schema: replay.schema,
        declared: false,
        sources,
        shown: shown.to_owned(),
        source: None,
        url: None,
    })
}

#[cfg(feature = "live")]
fn database(ui: &Ui, url: &str) -> Result<Side, Exit> {
    use syncline_codegen::live::{block_on, catalog, connect};

    let read = block_on(async {
        let client = connect(url).await.map_err(|error| error.to_string())?;
        let options = catalog::Options::default();
        let read = catalog::read(&client, &options).await;
        read.map_err(|error| error.to_string())
    });
    let catalog = match read.map_err(|error| error.to_string()).and_then(|it| it) {
        Ok(catalog) => catalog,
        Err(why) => {
            ui.fail(&why);
            return Err(Exit::Failed);
        }
    };
    let found = catalog.diagnostics;
    ui.findings(&found, &Sources::default());
    if found.has_errors() {
        return Err(Exit::Findings);
    }
    Ok(Side {
        schema: catalog.schema,
        declared: false,
        sources: Sources::default(),
        shown: "the database".to_owned(),
        source: None,
        url: Some(url.to_owned()),
    })
}

#[cfg(not(feature = "live"))]
fn database(ui: &Ui, _: &str) -> Result<Side, Exit> {
    Err(super::no_database(ui))
}
