//! What has to be brought out for a change, and in which order: the parts whose generated text
//! differs, so that nothing is said to be concerned that is not.
//!
//! What comes is in PostgreSQL before a server writes it; what goes is written by no server any
//! more before PostgreSQL loses it.

use std::collections::BTreeMap;

use syncline_schema::Schema;
use syncline_schema::model::SyncFormat;

use super::plan::Plan;
use crate::diff::{Pair, Step};
use crate::targets;

/// The parts of an app that a change concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// There is something to run in PostgreSQL.
    pub database: bool,
    /// The upload server's mappers differ.
    pub server: bool,
    /// The sync config's text differs: the service copies every row to every device again.
    pub sync_config: bool,
    /// What apps are built with differs.
    pub app: bool,
    /// It takes away what the server that runs now may still write.
    pub takes: bool,
    /// It brings what the next server will write.
    pub brings: bool,
    /// Nothing was there before.
    pub first: bool,
}

/// A part, in the order in which they are brought out, and why there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// `database`, `server`, `sync config` or `app`.
    pub name: &'static str,
    /// What to do.
    pub what: &'static str,
}

impl Deployment {
    /// What differs between two schemas that `plan` lies between.
    ///
    /// # Errors
    /// A template that does not fit its view: a defect of Syncline.
    pub fn of(schemas: Pair<&Schema>, plan: &Plan) -> Result<Self, minijinja::Error> {
        let format = schemas.next.settings.sync.format;
        let sync = match format {
            SyncFormat::Streams => "sync_streams",
            SyncFormat::Rules => "sync_rules",
        };
        let differs = |names: &[&str]| -> Result<bool, minijinja::Error> {
            Ok(texts(schemas.previous, names)? != texts(schemas.next, names)?)
        };
        Ok(Self {
            first: schemas.previous.tables.is_empty(),
            database: !plan.is_empty(),
            takes: plan
                .steps()
                .any(|(_, step)| matches!(step, Step::DropColumn { .. } | Step::DropTable(_))),
            brings: plan.steps().any(|(_, step)| {
                let new = matches!(step, Step::AddColumn { .. } | Step::CreateTable(_));
                new || matches!(step, Step::RenameTable { .. } | Step::RenameColumn { .. })
            }),
            server: differs(&["rust"])?,
            sync_config: schemas.previous.settings.sync.format != format || differs(&[sync])?,
            app: differs(&["drizzle_sqlite", "powersync_schema"])?,
        })
    }

    /// Does it both bring and take away, so that no order suits the server that runs now and the
    /// next one?
    pub fn is_torn(self) -> bool {
        self.server && self.takes && self.brings
    }

    /// The parts that are concerned, in order.
    pub fn parts(self) -> Vec<Part> {
        let part = |concerned: bool, name, what| concerned.then_some(Part { name, what });
        let last = self.database && self.takes && !self.brings;
        let apply = "run `syncline migrate apply`";
        [
            part(
                self.database && !last,
                "database",
                match self.first {
                    true => {
                        "run `syncline migrate apply`, then the generated postgres/setup.sql: roles, grants, publication"
                    }
                    false => apply,
                },
            ),
            part(
                self.server,
                "server",
                "deploy the server built with the new generated/rust",
            ),
            part(
                self.sync_config,
                "sync config",
                match self.first {
                    true => "deploy the sync config",
                    false => {
                        "deploy the new sync config; the service copies every row to every device again"
                    }
                },
            ),
            part(last, "database", apply),
            part(
                self.app,
                "app",
                "release the app built with the new generated/ts",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The order as text, a numbered line a part; none where nothing is concerned.
pub fn text(deployment: Deployment) -> String {
    let mut out = String::new();
    for (at, part) in deployment.parts().iter().enumerate() {
        out.push_str(&format!("  {}. {}: {}\n", at + 1, part.name, part.what));
    }
    if deployment.is_torn() {
        out.push_str("  It brings columns or tables and takes others away in one go: the server that runs now fails on what is gone\n  until the next one is there, and devices try again. Two migrations avoid that: one that brings, then one that takes.\n");
    }
    out
}

/// The files of some targets. A schema without tables has none: nothing was there before.
fn texts(schema: &Schema, names: &[&str]) -> Result<BTreeMap<String, String>, minijinja::Error> {
    if schema.tables.is_empty() {
        return Ok(BTreeMap::new());
    }
    let targets: Vec<_> = names
        .iter()
        .filter_map(|name| targets::find(name))
        .collect();
    let generated = crate::generate(schema, &targets)?;
    let files = generated.files.iter();
    Ok(files
        .map(|(path, file)| (path.to_owned(), file.text.clone()))
        .collect())
}
