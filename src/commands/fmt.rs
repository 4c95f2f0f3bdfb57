//! `syncline fmt`.

use std::fs;
use std::path::Path;

use syncline_schema::source::format;

use crate::Exit;
use crate::args::Fmt;
use crate::project::Project;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &Fmt) -> Exit {
    let project = match Project::find(ui, &args.source) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let (mut loaded, _) = project.load();
    // Formatting cares for what is not TOML only; the rest is for `generate` to say.
    loaded
        .diagnostics
        .retain(|it| matches!(it.code.name(), "S001" | "S018" | "S019"));
    if loaded.diagnostics.has_errors() {
        ui.findings(&loaded.diagnostics, &loaded.sources);
        return Exit::Findings;
    }
    let mut changed = 0;
    // Rust files under [source] have a formatter of their own.
    let is_rust = |path: &Path| path.extension().is_some_and(|it| it == "rs");
    for file in loaded.sources.iter().filter(|it| !is_rust(&it.path)) {
        let formatted = format::format(&file.text);
        if formatted == *file.text {
            continue;
        }
        changed += 1;
        let shown = file.path.display();
        if args.check {
            ui.say(&format!("{shown} is not formatted"));
        } else if let Err(error) = replace(&file.path, &formatted) {
            ui.fail(&format!("cannot write {shown}: {error}"));
            return Exit::Failed;
        } else {
            ui.say(&format!("{shown} formatted"));
        }
    }
    if args.check && changed > 0 {
        ui.say("run `syncline fmt`");
        return Exit::Findings;
    }
    if changed == 0 {
        ui.say("nothing to format");
    }
    Exit::Clean
}

/// Writes beside, then moves into place: a run that is cut short leaves the old text whole.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension(format!("toml.{}", std::process::id()));
    fs::write(&beside, text)?;
    fs::set_permissions(&beside, fs::metadata(path)?.permissions())?;
    fs::rename(&beside, path)
}
