//! Finds the schema source and reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syncline_codegen::disk::Disk;
use syncline_codegen::render;
use syncline_schema::{Diagnostics, Loaded, Severity};

use crate::args::{Deny, Report, Source};
use crate::ui::Ui;
use crate::{Exit, args};

/// The name of a source that is not named.
const STANDARD: &str = "syncline.toml";

/// A source that was found.
#[derive(Debug)]
pub(crate) struct Project {
    /// The source file, as it is shown.
    pub(crate) file: PathBuf,
    /// Its folder; empty for this one.
    pub(crate) folder: PathBuf,
}

impl Project {
    /// The source that the arguments name, or the nearest one.
    pub(crate) fn find(ui: &Ui, source: &Source) -> Result<Self, Exit> {
        let file = match &source.config {
            Some(file) if file.is_dir() => file.join(STANDARD),
            Some(file) => file.clone(),
            None => nearest().unwrap_or_else(|| PathBuf::from(STANDARD)),
        };
        if !file.is_file() {
            ui.fail(&format!("there is no {}", file.display()));
            if source.config.is_none() {
                ui.say("run `syncline init` to write one, or name yours: --config FILE");
            }
            return Err(Exit::Failed);
        }
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { file, folder })
    }

    /// No source at all: for a verb that can do without, where none is named and none is near.
    pub(crate) fn none(source: &Source) -> Option<Self> {
        let none = source.config.is_none() && nearest().is_none();
        none.then(|| Self {
            file: PathBuf::new(),
            folder: PathBuf::new(),
        })
    }

    /// The disk as seen from the source's folder.
    pub(crate) fn disk(&self) -> Disk {
        Disk::new(&self.folder)
    }

    /// Reads the schema.
    pub(crate) fn load(&self) -> (Loaded, BTreeMap<String, Vec<PathBuf>>) {
        let disk = self.disk();
        let loaded = syncline_schema::load(&disk, &self.file);
        (loaded, disk.globs())
    }
}

/// The source in this folder or the nearest one above.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        if folder.join(STANDARD).is_file() {
            return Some(up.join(STANDARD));
        }
        up.push("..");
    }
    None
}

/// What the findings make of the exit code.
pub(crate) fn exit_for(found: &Diagnostics, report: &Report) -> Exit {
    let denied = denies_warnings(report) && found.count(Severity::Warning) > 0;
    if found.has_errors() || denied {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Do warnings fail the run?
pub(crate) fn denies_warnings(report: &Report) -> bool {
    report.deny == Some(Deny::Warnings)
}

/// Is the report for people?
pub(crate) fn is_human(report: &Report) -> bool {
    report.format == args::Format::Human
}

/// The report in a form that is about findings alone; none for `human` and `json`, which also
/// tell what the verb did.
pub(crate) fn rendered(report: &Report, run: &render::Run<'_>) -> Option<String> {
    Some(match report.format {
        args::Format::Human | args::Format::Json => return None,
        args::Format::Sarif => format!("{:#}\n", render::sarif(run)),
        args::Format::Github => render::github(run),
        args::Format::Junit => render::junit(run),
    })
}
