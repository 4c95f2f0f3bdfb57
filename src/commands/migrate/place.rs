//! Where the migrations are, and the settings that they run under.

use syncline_codegen::migrate::folder::{Folder, Migration};
use syncline_codegen::render;
use syncline_schema::Diagnostics;
use syncline_schema::model::Migrations as Settings;

use crate::Exit;
use crate::args::{MigrateFormat, Migrations};
use crate::project::Project;
use crate::ui::Ui;

/// A folder of migrations that was found and read.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) folder: Folder,
    #[cfg_attr(not(feature = "live"), expect(dead_code, reason = "for runs only"))]
    pub(super) settings: Settings,
    pub(super) human: bool,
}

impl Place {
    /// The folder that the arguments name, or that of the schema source.
    pub(super) fn find(ui: &Ui, args: &Migrations) -> Result<Self, Exit> {
        let human = args.format == MigrateFormat::Human;
        if let Some(dir) = &args.dir {
            if !dir.is_dir() {
                ui.fail(&format!("there is no folder {}", dir.display()));
                return Err(Exit::Failed);
            }
            return Ok(Self {
                folder: Folder::read(dir),
                settings: Settings::default(),
                human,
            });
        }
        let project = Project::find(ui, &args.source)?;
        let (loaded, _) = project.load();
        if loaded.diagnostics.has_errors() {
            ui.findings(&loaded.diagnostics, &loaded.sources);
            return Err(Exit::Findings);
        }
        let settings = loaded.schema.settings.migrations;
        Ok(Self {
            folder: Folder::read(&project.folder.join(&settings.dir)),
            settings,
            human,
        })
    }

    /// The migration that somebody named.
    pub(super) fn named(&self, ui: &Ui, name: &str) -> Result<&Migration, Exit> {
        self.folder.find(name).ok_or_else(|| {
            let known = self
                .folder
                .migrations
                .iter()
                .flat_map(|it| [it.id.as_str(), it.name.as_str()]);
            let help = syncline_schema::diagnostic::did_you_mean(name, known)
                .unwrap_or_else(|| "`syncline migrate status` lists them".to_owned());
            let dir = self.folder.dir.display();
            ui.fail(&format!("there is no migration `{name}` in {dir}; {help}"));
            Exit::Failed
        })
    }

    /// Draws findings for people.
    pub(super) fn draw(&self, ui: &Ui, found: &Diagnostics) {
        if self.human {
            ui.findings(found, &self.folder.sources);
        }
    }

    /// Findings for programs.
    pub(super) fn json(&self, found: &Diagnostics) -> serde_json::Value {
        render::json(found, &self.folder.sources)
    }
}
