//! The targets. Each is a folder: `mod.rs` (lower and emit), `view.rs` (what its templates
//! print, already decided). CONTRIBUTING.md shows how one is added.

mod better_auth;
mod client_ts;
mod docs;
mod drizzle_pg;
mod drizzle_sqlite;
mod postgres;
mod powersync_schema;
mod rust;
mod service;
pub mod streams;
pub mod sync_rules;
mod sync_streams;
mod typescript;
mod yaml;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place, Schema};

use crate::Generated;
use crate::templates::Templates;

/// The templates of a target, compiled into the program.
macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../templates/", $name)))),*]
    };
}
use templates;

/// One kind of output.
#[derive(Debug)]
pub struct Target {
    /// As `--target` takes it.
    pub name: &'static str,
    /// What it makes, in a few words.
    pub title: &'static str,
    /// Its templates, by the name under `templates/`.
    pub templates: &'static [(&'static str, &'static str)],
    /// Lowers the schema and adds the files.
    pub emit: fn(&Schema, &mut Emission<'_>) -> Result<(), minijinja::Error>,
}

/// Every target, in the order in which they run and report.
pub static TARGETS: &[&Target] = &[
    &drizzle_sqlite::TARGET,
    &drizzle_pg::TARGET,
    &powersync_schema::TARGET,
    &client_ts::TARGET,
    &sync_streams::TARGET,
    &sync_rules::TARGET,
    &service::TARGET,
    &better_auth::TARGET,
    &postgres::TARGET,
    &rust::TARGET,
    &docs::TARGET,
];

/// The target of this name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}

/// The line that every generated file begins with, behind its comment sign.
///
/// Constant on purpose: the PowerSync Service compares the text of its config, and a version or
/// a hash here would send every row to every device again.
pub const BANNER: &str = "Made by Syncline from syncline.toml. Do not edit.";

/// Where a target puts what it makes.
#[derive(Debug)]
pub struct Emission<'a> {
    target: &'static str,
    templates: &'a Templates,
    into: &'a mut Generated,
}

impl<'a> Emission<'a> {
    pub(crate) fn new(
        target: &'static str,
        templates: &'a Templates,
        into: &'a mut Generated,
    ) -> Self {
        Self {
            target,
            templates,
            into,
        }
    }

    /// Renders `view` by a template of `templates/` into the file `path` below the output folder.
    pub(crate) fn render(
        &mut self,
        path: impl Into<String>,
        template: &str,
        view: &impl serde::Serialize,
    ) -> Result<(), minijinja::Error> {
        let text = self.templates.render(template, view)?;
        self.add(path, text);
        Ok(())
    }

    /// Adds a file as it is.
    pub(crate) fn add(&mut self, path: impl Into<String>, text: String) {
        self.into.files.add(path, self.target, text);
    }

    /// Says that one side gets only a part of what the source declares. One line each.
    pub(crate) fn note(&mut self, place: Place, message: impl Into<String>) {
        self.into
            .notes
            .push(Diagnostic::new(Code::T006, message).at(place, ""));
    }
}
