//! `doctor`.

use std::path::PathBuf;

use super::{Database, MigrateFormat, Source};

/// `doctor`. Without an address, that part of the system is not examined.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The form of the report, on stdout.
    #[arg(long, value_enum, default_value_t = MigrateFormat::Human)]
    pub(crate) format: MigrateFormat,
    #[command(flatten)]
    pub(crate) database: Database,
    /// The PowerSync Service, as `https://host`; POWERSYNC_URL unless given.
    #[arg(long, value_name = "URL")]
    pub(crate) powersync_url: Option<String>,
    /// The service's configuration: its roles, slots and audiences. The first of [check] service,
    /// or what generate writes, unless given; `!env` is taken from the environment.
    #[arg(long, value_name = "FILE")]
    pub(crate) service: Option<PathBuf>,
    /// A token of a user, to be judged; POWERSYNC_TOKEN unless given. Others on this machine can
    /// see arguments: rather use that, or --token-file.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// A file with the token; `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    pub(crate) token_file: Option<PathBuf>,
    /// A token for the service's diagnostics, of its api.tokens; POWERSYNC_ADMIN_TOKEN unless given.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) admin_token: Option<String>,
    /// Another address of the issuer's keys than [auth] jwks_uri.
    #[arg(long, value_name = "URL")]
    pub(crate) jwks_uri: Option<String>,
    /// Another issuer than [auth] issuer.
    #[arg(long, value_name = "TEXT")]
    pub(crate) issuer: Option<String>,
    /// Another audience than the service's configuration has, or [auth] audience.
    #[arg(long, value_name = "TEXT")]
    pub(crate) audience: Option<String>,
    /// Another algorithm than [auth] algorithm.
    #[arg(long, value_name = "NAME")]
    pub(crate) algorithm: Option<String>,
    /// How many seconds a web server may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
}
