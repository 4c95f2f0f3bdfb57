//! `syncline convert`.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use syncline_schema::Loaded;
use syncline_schema::model::Table;
use syncline_schema::source::print;

use crate::Exit;
use crate::args::{Convert, Form};
use crate::project::Project;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui, args: &Convert) -> Exit {
    let project = match Project::find(ui, &args.source) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let (loaded, _) = project.load();
    if loaded.diagnostics.has_errors() {
        ui.findings(&loaded.diagnostics, &loaded.sources);
        return Exit::Findings;
    }
    let tables = tables(&loaded, args.to);
    if tables.is_empty() {
        ui.say(match args.to {
            Form::Rust => "nothing to convert: no table is declared in TOML",
            Form::Toml => "nothing to convert: no table is declared in Rust",
        });
        return Exit::Clean;
    }
    let text = match args.to {
        Form::Rust => print::rust(tables.iter().copied()),
        Form::Toml => print::toml(tables.iter().copied(), &loaded.schema.settings.defaults),
    };
    let Some(path) = &args.out else {
        ui.out(&text);
        return Exit::Clean;
    };
    match write(path, &text) {
        Ok(()) => {
            ui.say(&format!(
                "wrote {} tables to {}",
                tables.len(),
                path.display()
            ));
            ui.say(next(args.to));
            Exit::Clean
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            ui.fail(&format!("{} exists and is left as it is", path.display()));
            Exit::Findings
        }
        Err(error) => {
            ui.fail(&format!("cannot write {}: {error}", path.display()));
            Exit::Failed
        }
    }
}

/// The tables that are declared in the other form. A table that the compiler adds is in none.
fn tables(loaded: &Loaded, to: Form) -> Vec<&Table> {
    let is_rust = |table: &&Table| {
        let file = loaded.sources.get(table.place.file()?)?;
        Some(file.path.extension().is_some_and(|it| it == "rs"))
    };
    let wanted = Some(to == Form::Toml);
    loaded
        .schema
        .tables
        .iter()
        .filter(|table| is_rust(table) == wanted)
        .collect()
}

fn next(to: Form) -> &'static str {
    match to {
        Form::Rust => "name it under [source] rust in syncline.toml, and take the tables out there",
        Form::Toml => {
            "name it under include in syncline.toml, and take the structs out of [source] rust"
        }
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(text.as_bytes())
}
