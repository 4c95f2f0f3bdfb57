//! `import`.

use std::path::PathBuf;

/// `import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// A live PostgreSQL, which is believed before everything else.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// A folder of SQL migrations: ours, drizzle-kit's, anybody's.
    #[arg(long, value_name = "DIR")]
    pub(crate) migrations: Option<PathBuf>,
    /// A file of SQL, such as what `pg_dump --schema-only` writes; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) sql: Vec<PathBuf>,
    /// A hand-written Drizzle file for PostgreSQL.
    #[arg(long, value_name = "FILE")]
    pub(crate) drizzle_pg: Vec<PathBuf>,
    /// A hand-written Drizzle file for SQLite: the device.
    #[arg(long, value_name = "FILE")]
    pub(crate) drizzle_sqlite: Vec<PathBuf>,
    /// The sync config: streams or bucket_definitions.
    #[arg(long, value_name = "FILE")]
    pub(crate) sync_config: Option<PathBuf>,
    // Taken so that they can be refused in words.
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) app_schema: Option<PathBuf>,
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) handler: Option<PathBuf>,
    /// The project's name; the folder's unless given.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Write to this file, which must not be there yet; stdout unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
