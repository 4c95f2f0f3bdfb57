//! The keys: one table from which the configuration, its errors, `--help` and the docs are made.

use super::value::{Bytes, Endpoint, List, Log, Maybe, Origin, Patience, Secret};
use crate::auth::Algorithm;

/// A key, for help and docs.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name in the file; in the environment it is [`Key::env`].
    pub name: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Its value where nobody gives one; none where somebody has to.
    pub default: Option<&'static str>,
}

impl Key {
    /// Its name in the environment: `DATABASE_URL` as everywhere, the others with a prefix.
    pub fn env(&self) -> String {
        let upper = self.name.to_ascii_uppercase();
        if self.name == "database_url" {
            upper
        } else {
            format!("SYNCLINE_{upper}")
        }
    }
}

/// Makes the struct and the table of its keys.
macro_rules! keys {
    ($($(#[doc = $doc:literal])+ $name:ident: $ty:ty $(= $default:literal)?;)*) => {
        /// The configuration: from the environment, then from the file, then by default.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $doc])+ pub $name: $ty,)*
        }

        /// Every key, in the order of the docs.
        pub const KEYS: &[Key] = &[$(Key {
            name: stringify!($name),
            doc: concat!($($doc),+).trim_ascii(),
            default: keys!(@default $($default)?),
        }),*];

        impl Config {
            /// Reads each key by `get`, and says all that is wrong at once.
            pub(super) fn read(mut get: impl FnMut(&Key) -> Option<String>) -> Result<Self, Vec<String>> {
                let mut errors = Vec::new();
                let mut keys = KEYS.iter();
                $(let $name = keys.next().and_then(|key| super::parse::<$ty>(key, get(key), &mut errors));)*
                match ($($name,)*) {
                    ($(Some($name),)*) if errors.is_empty() => Ok(Self { $($name),* }),
                    _ => Err(errors),
                }
            }
        }
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
}

keys! {
    /// PostgreSQL, as the role that setup.sql makes for the server.
    database_url: Secret;
    /// The address to listen on.
    listen: std::net::SocketAddr = "127.0.0.1:8080";
    /// An address of their own for /metrics, /healthz and /readyz: /metrics is then not on the first.
    listen_metrics: Maybe<std::net::SocketAddr> = "";
    /// A PEM file with the certificate for TLS in front, and those that vouch for it.
    tls_cert: Maybe<std::path::PathBuf> = "";
    /// A PEM file with the key of tls_cert.
    tls_key: Maybe<std::path::PathBuf> = "";
    /// Web origins that may call from a browser, and write with its cookies, between commas; * for any, without cookies.
    cors_origins: List<Origin> = "";
    /// Where devices reach PowerSync; with several URLs between commas, each user has one of them.
    powersync_url: List<Endpoint> = "";
    /// A file with the JWKS whose keys sign the tokens; or the URL below, or auth_issue.
    auth_jwks_file: Maybe<std::path::PathBuf> = "";
    /// The URL of that JWKS: https, or http on this machine.
    auth_jwks_url: Maybe<String> = "";
    /// The audience that tokens must have, to the character.
    auth_audience: String;
    /// The issuer that tokens must have; empty for any.
    auth_issuer: String = "";
    /// Better Auth's secret: its session cookies and bearer tokens are taken, too.
    auth_secret: Maybe<Secret> = "";
    /// The PostgreSQL schema of Better Auth's tables.
    auth_schema: String = "public";
    /// Are cookies for https only, as Better Auth's are under a base URL of https?
    auth_secure_cookies: bool = "true";
    /// Signs users in itself, on Better Auth's tables; see docs/AUTH.md.
    auth_issue: bool = "false";
    /// What a new key of its own is for: RS256, ES256, ES384 or EdDSA.
    auth_algorithm: Algorithm = "RS256";
    /// How long a key of its own signs before the next is made; 0s for ever.
    auth_rotate: Patience = "0s";
    /// May anybody sign up?
    auth_sign_up: bool = "true";
    /// How long attempts to sign in are counted.
    auth_attempts_window: Patience = "5m";
    /// The most attempts of one address in that time.
    auth_attempts_per_address: i32 = "50";
    /// The most attempts on one account in that time, until one is right.
    auth_attempts_per_account: i32 = "10";
    /// The header in which a proxy names the client, such as x-forwarded-for; empty without a proxy.
    auth_address_header: String = "";
    /// How often keys are read again.
    auth_refresh: Patience = "5m";
    /// How long keys are used while their source is down.
    auth_stale: Patience = "1h";
    /// How long an unknown key is not asked for again.
    auth_cool_down: Patience = "10s";
    /// A file with a key for development tokens; only where the server listens on loopback.
    auth_development_key: Maybe<std::path::PathBuf> = "";
    /// The most connections to PostgreSQL.
    pool_size: usize = "16";
    /// How long an upload waits for a connection.
    pool_wait: Patience = "5s";
    /// How long a statement may run.
    statement_timeout: Patience = "15s";
    /// How long a statement may wait for a lock.
    lock_timeout: Patience = "5s";
    /// The longest body.
    max_body: Bytes = "16MiB";
    /// The most ops in a request.
    max_ops: usize = "10000";
    /// The most client transactions in a request.
    max_transactions: usize = "1000";
    /// How long a client may take to send its headers.
    header_timeout: Patience = "10s";
    /// How long a client may take to send a body.
    body_timeout: Patience = "60s";
    /// The most uploads at one time; more are answered 503.
    max_uploads: usize = "256";
    /// The most bytes of bodies in memory at one time; more are answered 503.
    max_buffered: Bytes = "128MiB";
    /// The most connections of clients at one time; more wait.
    max_connections: usize = "4096";
    /// The most uploads of one user at one time; more are answered 429.
    max_uploads_per_user: usize = "8";
    /// How long requests are still taken after /readyz has turned, at SIGTERM; SIGINT does not wait.
    shutdown_delay: Patience = "5s";
    /// How long a shutdown waits for what is under way.
    shutdown_timeout: Patience = "30s";
    /// How often a transaction may fail in a row before it is given up.
    give_up_after: i32 = "20";
    /// How old a failing transaction must be before it is given up.
    give_up_age: Patience = "1h";
    /// How long uploads are remembered, so that a repeated one is not applied again.
    remember: Patience = "30d";
    /// How many of each client's last uploads are remembered however old they are.
    remember_last: i64 = "1000";
    /// How often old uploads are forgotten; 0s for never.
    forget_every: Patience = "10m";
    /// How often dead letters and replication slots are measured; 0s for never.
    measure_every: Patience = "15s";
    /// What is logged: error, warn, info, debug or trace, or a filter such as `info,hyper=warn`.
    log: String = "info";
    /// How it is logged: text or json.
    log_format: Log = "text";
    /// Starts although the checks of the database say that promises would not hold.
    start_anyway: bool = "false";
}
