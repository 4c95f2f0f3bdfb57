//! The arguments, as clap reads them.

mod doctor;
mod import;
mod migrate;
mod planned;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use doctor::*;
pub(crate) use import::*;
pub(crate) use migrate::*;
pub(crate) use planned::*;

/// One schema source, compiled to both sides of a PowerSync app and all that must agree between them.
#[derive(Debug, Parser)]
#[command(name = "syncline", version, propagate_version = true)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Colour in what is said.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Say nothing but errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write everything that follows from the schema source.
    Generate(Generate),
    /// Compare the schema with what was generated and what was written by hand.
    Check(Check),
    /// Change PostgreSQL as the schema changes.
    Migrate(Migrate),
    /// Examine the running system: PostgreSQL, the service, the keys and a token.
    Doctor(Doctor),
    /// Write a commented starter syncline.toml.
    Init(Init),
    /// Write a syncline.toml from what an app has already.
    Import(Import),
    /// Print the schema as Syncline understands it, as JSON.
    Schema(Schema),
    /// Format the schema source; comments stay.
    Fmt(Fmt),
    /// Print the tables in the other form: as Rust structs, or as TOML.
    Convert(Convert),
    /// Explain a diagnostic code, or list them all.
    Explain(Explain),
}

/// Where the source is.
#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// The schema source; syncline.toml in this folder or the nearest one above unless given.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// How findings are printed and what they weigh.
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// The form of the report. Machine forms go to stdout.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Exit 1 on warnings too.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
}

/// `generate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) report: Report,
    /// Write nothing; name stale, missing and stray files and exit 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,
    /// With --check: print what would change, as a unified diff.
    #[arg(long, requires = "check")]
    pub(crate) diff: bool,
    /// Only this target; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) target: Vec<String>,
    /// Run again whenever the source is saved.
    #[arg(long, conflicts_with_all = ["check", "diff"])]
    pub(crate) watch: bool,
}

/// `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) report: Report,
    /// A hand-written Drizzle file for SQLite; beside those under [check].
    #[arg(long, value_name = "FILE")]
    pub(crate) drizzle_sqlite: Vec<PathBuf>,
    /// A hand-written Drizzle file for PostgreSQL.
    #[arg(long, value_name = "FILE")]
    pub(crate) drizzle_pg: Vec<PathBuf>,
    /// A sync config: streams or bucket_definitions.
    #[arg(long, value_name = "FILE")]
    pub(crate) sync_config: Vec<PathBuf>,
    /// The configuration of the PowerSync Service.
    #[arg(long, value_name = "FILE")]
    pub(crate) service: Vec<PathBuf>,
    /// A compose file that runs it.
    #[arg(long, value_name = "FILE")]
    pub(crate) compose: Vec<PathBuf>,
    /// A client database, closed: a SQLite file.
    #[arg(long, value_name = "FILE")]
    pub(crate) sqlite: Vec<PathBuf>,
    /// A TypeScript file that calls `new DrizzleAppSchema(…)` or `new Schema(…)`.
    #[arg(long, value_name = "FILE")]
    pub(crate) app_schema: Vec<PathBuf>,
    /// A hand-written upload handler or connector in TypeScript.
    #[arg(long, value_name = "FILE")]
    pub(crate) handler: Vec<PathBuf>,
    /// A TypeScript file with the options of Better Auth.
    #[arg(long, value_name = "FILE")]
    pub(crate) auth: Vec<PathBuf>,
    /// A folder of SQL migrations, or one of its files: ours, drizzle-kit's, or plain scripts.
    #[arg(long, value_name = "DIR")]
    pub(crate) migrations: Vec<PathBuf>,
    /// A live PostgreSQL: `postgres://user:password@host:port/database`.
    #[arg(long, value_name = "URL", conflicts_with = "watch")]
    pub(crate) database_url: Option<String>,
    /// Run again whenever the source or a file that is compared is saved.
    #[arg(long)]
    pub(crate) watch: bool,
}

/// `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// The folder; this one unless given.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
}

/// `schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Print the JSON Schema of the source instead, for editors.
    #[arg(long)]
    pub(crate) editor: bool,
}

/// `fmt`.
#[derive(Debug, clap::Args)]
pub(crate) struct Fmt {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Write nothing; name the files that are not formatted and exit 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,
}

/// `convert`.
#[derive(Debug, clap::Args)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The form to print: `rust` prints what TOML declares, `toml` what structs declare.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) to: Form,
    /// Write to this file, which must not be there yet; stdout unless given.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
}

/// The forms of a schema source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Structs with `#[derive(SyncTable)]`.
    Rust,
    /// `[tables.NAME]`.
    Toml,
}

/// `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The code, such as S014.
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, on stderr.
    Human,
    /// For programs, on stdout.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows beside the lines.
    Github,
    /// JUnit's XML: a testcase a table.
    Junit,
}

/// What else fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings.
    Warnings,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
