//! The verbs of `migrate` that plan.

use clap::ValueEnum;

use super::Source;

/// `migrate new`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateNew {
    #[command(flatten)]
    pub(crate) source: Source,
    /// What the migration is called; made of what changes unless given.
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Write nothing; print the files, and what would be edited in the source.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The moment in its name, as YYYYMMDDHHMMSS in UTC; now unless given.
    #[arg(long, value_name = "STAMP")]
    pub(crate) stamp: Option<String>,
    /// This table or column goes on purpose: what comes in its place is no rename.
    #[arg(long, value_name = "TABLE[.COLUMN]")]
    pub(crate) drop: Vec<String>,
    /// End what a rename or a new type keeps alive for old devices: of this table or column, or
    /// of all.
    #[arg(long, value_name = "TABLE[.COLUMN]", num_args = 0..=1, conflicts_with = "empty")]
    pub(crate) contract: Option<Option<String>>,
    /// A migration for steps written by hand: the schema stays as it is.
    #[arg(long, requires = "name", conflicts_with = "drop")]
    pub(crate) empty: bool,
}

/// `migrate plan`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigratePlan {
    #[command(flatten)]
    pub(crate) source: Source,
    /// What is: a source, snapshot.json, SQL file, folder of migrations or database URL; the
    /// newest snapshot unless given, or the database where one is named.
    #[arg(long, value_name = "WHAT")]
    pub(crate) from: Option<String>,
    /// What shall be, likewise; the source unless given.
    #[arg(long, value_name = "WHAT")]
    pub(crate) to: Option<String>,
    /// Counts the rows that each step touches; DATABASE_URL unless given.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Count rows one by one; PostgreSQL's estimates unless given.
    #[arg(long)]
    pub(crate) exact: bool,
    /// This table or column goes on purpose: what comes in its place is no rename.
    #[arg(long, value_name = "TABLE[.COLUMN]")]
    pub(crate) drop: Vec<String>,
    /// The form.
    #[arg(long, value_enum, default_value_t = PlanFormat::Sql)]
    pub(crate) format: PlanFormat,
}

/// The forms of a plan. All go to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// The statements, file by file.
    Sql,
    /// A line for each step, in words.
    Human,
    /// For programs.
    Json,
}

/// `migrate rebase`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateRebase {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The migration that is planned again, behind the newest other one.
    #[arg(value_name = "MIGRATION")]
    pub(crate) migration: String,
    /// The moment in its name, as YYYYMMDDHHMMSS in UTC; now unless given.
    #[arg(long, value_name = "STAMP")]
    pub(crate) stamp: Option<String>,
    /// This table or column goes on purpose: what comes in its place is no rename.
    #[arg(long, value_name = "TABLE[.COLUMN]")]
    pub(crate) drop: Vec<String>,
    /// Asked whether the migration has run there; DATABASE_URL unless given.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
}
