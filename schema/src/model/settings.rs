//! What is said once for the whole app.

use super::{Access, Conflict, Delete, Key};
use crate::place::{Place, Spanned};

/// Everything in the source beside tables and streams, with defaults applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Settings {
    /// The app's name: of packages, containers, databases.
    pub project: String,
    /// The folder of the output, relative to the source's.
    pub output: String,
    /// Rust files that hold more tables.
    pub rust_sources: Vec<String>,
    /// Who signs tokens, and for whom.
    pub auth: Auth,
    /// The sync service.
    pub sync: SyncSettings,
    /// How TypeScript is printed.
    pub extensions: Extensions,
    /// How Rust is printed.
    pub rust: RustSettings,
    /// How migrations are planned and run.
    pub migrations: Migrations,
    /// What holds for tables that do not say otherwise; already applied to every table.
    #[serde(skip)]
    pub defaults: Defaults,
    /// What `check` compares.
    #[serde(skip)]
    pub check: CheckSettings,
}

/// `[auth]`: stated once, taken from here by every target and the server.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Auth {
    /// The `iss` claim, an address without trailing slash.
    pub issuer: String,
    /// The `aud` claim, compared to the character.
    pub audience: String,
    /// The signature.
    pub algorithm: Algorithm,
    /// Seconds from `iat` to `exp`; at most 86,400.
    pub token_lifetime: u32,
    /// The address of the issuer's public keys.
    pub jwks_uri: String,
    /// Where each is said.
    #[serde(skip)]
    pub places: AuthPlaces,
}

/// Where the source says what is under `[auth]`: the heading, for what it leaves to the defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthPlaces {
    /// `issuer`.
    pub issuer: Place,
    /// `audience`, or the issuer that it is taken from.
    pub audience: Place,
    /// `algorithm`.
    pub algorithm: Place,
    /// `token_lifetime`.
    pub token_lifetime: Place,
    /// `jwks_uri`, or the issuer that it is made from.
    pub jwks_uri: Place,
}

impl Default for Auth {
    fn default() -> Self {
        let issuer = "http://localhost:3011".to_owned();
        Self {
            jwks_uri: format!("{issuer}/api/auth/jwks"),
            audience: issuer.clone(),
            issuer,
            algorithm: Algorithm::Rs256,
            token_lifetime: 900,
            places: AuthPlaces::default(),
        }
    }
}

/// The signature algorithms that both Better Auth and the PowerSync Service take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Algorithm {
    /// RSA with SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// P-384.
    #[serde(rename = "ES384")]
    Es384,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// As tokens and keys name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// `[sync]`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SyncSettings {
    /// The PowerSync Service that the output is made for, as `major.minor`.
    pub service: String,
    /// Which of the two sync configs the service loads.
    pub format: SyncFormat,
    /// Is there a synced table in which the server tells the user what it refused?
    pub sync_rejections: bool,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            service: "1.25".to_owned(),
            format: SyncFormat::Streams,
            sync_rejections: false,
        }
    }
}

/// The two forms of a sync config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncFormat {
    /// Sync Streams, edition 3.
    #[default]
    Streams,
    /// Sync rules with `bucket_definitions`.
    Rules,
}

/// How import specifiers end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extensions {
    /// Without extension, as bundlers and Metro want it.
    #[default]
    None,
    /// With `.js`, as plain Node wants it.
    Js,
}

/// `[rust]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RustSettings {
    /// The folder that holds the crates `runtime` and `server`, relative to the source's folder;
    /// the published crates where not given.
    pub crates: Option<String>,
}

/// `[migrations]`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Migrations {
    /// The folder, relative to the source's.
    pub dir: String,
    /// How long a step may wait for a lock, in milliseconds.
    pub lock_timeout: u32,
    /// How long a statement may run, in milliseconds; 0 for no limit.
    pub statement_timeout: u32,
    /// Rows touched at a time by a batched update.
    pub batch_size: u32,
}

impl Default for Migrations {
    fn default() -> Self {
        Self {
            dir: "migrations".to_owned(),
            lock_timeout: 2_000,
            statement_timeout: 60_000,
            batch_size: 10_000,
        }
    }
}

/// `[check]`: the hand-written subjects, as paths or globs relative to the source's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckSettings {
    /// Drizzle files for SQLite.
    pub drizzle_sqlite: Vec<Spanned<String>>,
    /// Drizzle files for PostgreSQL.
    pub drizzle_pg: Vec<Spanned<String>>,
    /// The file that calls `DrizzleAppSchema`.
    pub app_schema: Vec<Spanned<String>>,
    /// Upload handlers in TypeScript.
    pub handler: Vec<Spanned<String>>,
    /// Better Auth options in TypeScript.
    pub auth: Vec<Spanned<String>>,
    /// Sync configs.
    pub sync_config: Vec<Spanned<String>>,
    /// Service configs.
    pub service: Vec<Spanned<String>>,
    /// Compose files.
    pub compose: Vec<Spanned<String>>,
    /// Folders of SQL migrations.
    pub migrations: Vec<Spanned<String>>,
    /// Client database files.
    pub sqlite: Vec<Spanned<String>>,
    /// `[check.ignore]`: code (and optionally a table, `C012.documents`) to the reason why it is sound here.
    pub ignore: Vec<(Spanned<String>, String)>,
}

/// `[defaults]`: already applied to every table, kept for those that are added later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Which users see and write a table's rows.
    pub access: Access,
    /// The owner column's name.
    pub owner: String,
    /// The id's type.
    pub id: IdType,
    /// PostgreSQL's primary key.
    pub key: Key,
    /// Inject created_at and updated_at?
    pub timestamps: bool,
    /// What a device's delete does.
    pub delete: Delete,
    /// Do deleted rows stay on the device?
    pub sync_deleted_rows: bool,
    /// Updates that change nothing are not uploaded.
    pub ignore_empty_updates: bool,
    /// What happens to an upload made on stale data.
    pub conflict: Conflict,
    /// Row-security policies as a second line.
    pub rls: bool,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            access: Access::default(),
            owner: "owner_id".to_owned(),
            id: IdType::default(),
            key: Key::default(),
            timestamps: true,
            delete: Delete::default(),
            sync_deleted_rows: false,
            ignore_empty_updates: true,
            conflict: Conflict::default(),
            rls: false,
        }
    }
}

/// The PostgreSQL type of ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdType {
    /// `text`.
    #[default]
    Text,
    /// `uuid`.
    Uuid,
}
