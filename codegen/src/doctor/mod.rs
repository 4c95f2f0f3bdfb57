//! What is wrong with a system that runs. In: facts that somebody fetched. Out: a line for each
//! thing that was looked at, good ones too, with what mends it.
//!
//! Nothing here opens a socket or reads a clock: [`crate::live`] and the command line do that.

mod claims;
mod configuration;
pub mod jwks;
mod line;
mod publication;
mod replication;
mod rights;
pub mod service;
mod signature;
pub mod token;

use std::collections::BTreeSet;

use syncline_schema::{Code, Schema};

use crate::diff::TableName;
use crate::live::catalog::Catalog;
use crate::live::server::Server;
use crate::sql::roles;
use crate::targets::streams::tables_read;

pub use configuration::Configuration;
pub use line::{Level, Line, human, json};

/// The role whose presence tells that Supabase hosts the database.
pub const SUPABASE_ROLE: &str = "supabase_admin";

/// A database as it was found, and the schema source that it should fit.
#[derive(Clone, Copy, Debug)]
pub struct Database<'a> {
    /// The source.
    pub schema: &'a Schema,
    /// What the service calls things.
    pub configuration: &'a Configuration,
    /// What the server says of itself, asked with [`asked_roles`].
    pub server: &'a Server,
    /// What the database holds.
    pub catalog: &'a Catalog,
    /// Our clock when the server told its own, in milliseconds since 1970.
    pub clock: i64,
}

impl Database<'_> {
    /// Does Supabase host it? Then nobody may run `ALTER SYSTEM`.
    fn on_supabase(&self) -> bool {
        self.server.roles.contains_key(SUPABASE_ROLE)
    }

    /// The tables that the service has to read.
    fn read(&self) -> BTreeSet<TableName> {
        let read = tables_read(self.schema);
        read.into_iter().map(TableName::of).collect()
    }
}

/// The roles to ask the server about.
pub fn asked_roles(project: &str, configuration: &Configuration) -> Vec<String> {
    let mut asked = vec![
        roles::app(project),
        configuration.reader.clone(),
        SUPABASE_ROLE.to_owned(),
    ];
    asked.extend(configuration.storage.clone());
    asked
}

/// Examines a database.
pub fn database(facts: &Database<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    replication::settings(facts, &mut lines);
    publication::check(facts, &mut lines);
    rights::check(facts, &mut lines);
    replication::slots(facts, &mut lines);
    let server = facts.server.settings.clock;
    lines.push(clocks("PostgreSQL", server - facts.clock));
    lines
}

/// Compares another machine's clock with ours: how much it is ahead, in milliseconds.
pub fn clocks(whose: &str, ahead: i64) -> Line {
    let seconds = ahead / 1000;
    let level = match seconds.unsigned_abs() {
        0..5 => {
            return Line::ok(
                Code::U009,
                format!("the clocks of {whose} and this machine agree"),
            );
        }
        5..60 => Level::Warning,
        _ => Level::Error,
    };
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    Line {
        level,
        code: Code::U009,
        title: format!("the clock of {whose} is {} s {way} this machine's", seconds.abs()),
        meaning: "tokens are judged by the clock of whoever reads them: beyond 60 s a good token is refused as expired, or one that has expired is taken".to_owned(),
        mend: "switch time synchronisation on, on both machines: timedatectl set-ntp true".to_owned(),
    }
}

/// Tells of migrations that are in the folder and not in the database: `open` by name.
pub fn migrations(open: &[&str]) -> Line {
    let Some(first) = open.first() else {
        return Line::ok(Code::U010, "every migration has run".to_owned());
    };
    Line {
        level: Level::Warning,
        code: Code::U010,
        title: match open.len() {
            1 => format!("the migration {first} has not run"),
            more => format!("{more} migrations have not run, from {first} on"),
        },
        meaning: "devices that were built from the schema upload to columns that are not there yet"
            .to_owned(),
        mend: "syncline migrate apply".to_owned(),
    }
}
