//! `syncline schema`.

use crate::Exit;
use crate::args::Schema;
use crate::project::Project;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &Schema) -> Exit {
    if args.editor {
        ui.out(&format!(
            "{:#}\n",
            syncline_schema::source::editor::schema()
        ));
        return Exit::Clean;
    }
    let project = match Project::find(ui, &args.source) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let (loaded, _) = project.load();
    ui.findings(&loaded.diagnostics, &loaded.sources);
    if loaded.diagnostics.has_errors() {
        return Exit::Findings;
    }
    match serde_json::to_string_pretty(&loaded.schema) {
        Ok(text) => {
            ui.out(&format!("{text}\n"));
            Exit::Clean
        }
        Err(error) => {
            ui.fail(&format!("the schema cannot be printed: {error}"));
            Exit::Failed
        }
    }
}
