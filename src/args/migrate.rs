//! `migrate` and its verbs.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::{MigrateNew, MigratePlan, MigrateRebase, Report, Source};

/// `migrate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    #[command(subcommand)]
    pub(crate) verb: MigrateVerb,
}

/// What to do with migrations.
#[derive(Debug, Subcommand)]
pub(crate) enum MigrateVerb {
    /// Write the migration from the newest snapshot to the schema.
    New(MigrateNew),
    /// Print the way between two schemas, and change nothing.
    Plan(MigratePlan),
    /// Weigh what migrations do: hazards that nobody allowed.
    Lint(MigrateLint),
    /// Plan a migration again, behind those that another branch brought.
    Rebase(MigrateRebase),
    /// List migrations: applied, pending, stopped, edited, unknown.
    Status(MigrateStatus),
    /// Run what has not run on a database yet.
    Apply(MigrateApply),
    /// Undo the migration that was applied last.
    Down(MigrateDown),
    /// Compare the folder with its sum, and a database with the folder.
    Verify(MigrateVerify),
    /// Record migrations as applied that a database holds already.
    Baseline(MigrateBaseline),
    /// Say what is true of a migration that stopped, or write the sum again.
    Repair(MigrateRepair),
}

/// Where the migrations are.
#[derive(Debug, clap::Args)]
pub(crate) struct Migrations {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The folder of migrations; the source need not be there then.
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub(crate) dir: Option<PathBuf>,
    /// The form of the report. JSON goes to stdout.
    #[arg(long, value_enum, default_value_t = MigrateFormat::Human)]
    pub(crate) format: MigrateFormat,
}

/// The forms of what the verbs say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MigrateFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// Which database.
#[derive(Debug, clap::Args)]
pub(crate) struct Database {
    /// `postgres://user:password@host:port/database`; DATABASE_URL unless given.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
}

/// How long to wait for another run.
#[derive(Debug, clap::Args)]
pub(crate) struct Lock {
    /// How many seconds to wait while another run migrates the same database.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) lock_wait: u64,
}

/// `migrate lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateLint {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The folder of migrations; the source need not be there then.
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub(crate) dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) report: Report,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Only this migration and those behind it.
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) since: Option<String>,
    /// Allow this hazard everywhere; may be given several times.
    #[arg(long, value_name = "HAZARD")]
    pub(crate) allow: Vec<String>,
}

/// `migrate status`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateStatus {
    #[command(flatten)]
    pub(crate) migrations: Migrations,
    #[command(flatten)]
    pub(crate) database: Database,
}

/// `migrate apply`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateApply {
    #[command(flatten)]
    pub(crate) migrations: Migrations,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// Allow this hazard in every file of the run; may be given several times.
    #[arg(long, value_name = "HAZARD")]
    pub(crate) allow: Vec<String>,
    /// Run up to and with this migration.
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) to: Option<String>,
}

/// `migrate down`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateDown {
    #[command(flatten)]
    pub(crate) migrations: Migrations,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// Undo all that were applied after this migration, which stays.
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) to: Option<String>,
}

/// `migrate verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateVerify {
    #[command(flatten)]
    pub(crate) migrations: Migrations,
    #[command(flatten)]
    pub(crate) database: Database,
}

/// `migrate baseline`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateBaseline {
    #[command(flatten)]
    pub(crate) migrations: Migrations,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// The last migration that the database holds; all of them unless given.
    #[arg(value_name = "MIGRATION")]
    pub(crate) to: Option<String>,
}

/// `migrate repair`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("truth").required(true)))]
pub(crate) struct MigrateRepair {
    #[command(flatten)]
    pub(crate) migrations: Migrations,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) lock: Lock,
    /// The migration.
    #[arg(value_name = "MIGRATION", required_unless_present = "sum")]
    pub(crate) migration: Option<String>,
    /// The whole migration has run, as it is in the folder.
    #[arg(long, group = "truth")]
    pub(crate) applied: bool,
    /// The statement at which it stopped has not run: the next run begins with it.
    #[arg(long, group = "truth")]
    pub(crate) retry: bool,
    /// The statement at which it stopped has run: the next run begins behind it.
    #[arg(long, group = "truth")]
    pub(crate) skip: bool,
    /// Nothing of it has run, or it is gone for good: remove the record.
    #[arg(long, group = "truth")]
    pub(crate) forget: bool,
    /// The files are as they should be: write syncline.sum again. Needs no database.
    #[arg(long, group = "truth", conflicts_with = "migration")]
    pub(crate) sum: bool,
}
