//! The live catalog, as a [`Schema`]: what `check`, `import` and `migrate` compare with.
//!
//! In: a connection. Out: the tables of PostgreSQL's side as far as the model holds them, and by
//! name everything that it does not hold. The number of queries is fixed ([`QUERIES`]), in two
//! flights; PostgreSQL 13 to 18.
//!
//! A catalog knows nothing of devices: every table is a server table with its key's columns, its
//! conditions are checks of the table. Names stay as PostgreSQL has them; what a name would have
//! been by convention is left out where the model leaves it out.

mod build;
mod expression;

mod rows;
mod unheld;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use futures_util::future::try_join_all;
use syncline_schema::{Diagnostics, Schema};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::query::{Fact, facts, text};
use crate::diff::step::TableName;
use crate::sql::roles::STORAGE_SCHEMA;

pub use unheld::Unheld;

/// How many queries [`read`] sends, whatever the size of the database.
pub const QUERIES: usize = 12;

/// The schema of our own tables.
const OWN_SCHEMA: &str = "syncline";

/// Schemas that a hosted Supabase brings along, where the role below is found.
const SUPABASE: &[&str] = &[
    "_realtime",
    "auth",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgsodium",
    "pgsodium_masks",
    "realtime",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "vault",
];

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// These PostgreSQL schemas; all where none are named, but PostgreSQL's own, ours and those
    /// that the host keeps for itself.
    pub schemas: Option<BTreeSet<String>>,
}

/// What a database holds.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The tables, by schema (`public` first) and name.
    pub schema: Schema,
    /// What the model does not say of them.
    pub tables: BTreeMap<TableName, TableFacts>,
    /// The tables that the publication `powersync` has, of whatever schema.
    pub published: BTreeSet<TableName>,
    /// The publication `powersync`.
    pub publication: Option<Publication>,
    /// The schemas that were read.
    pub schemas: Vec<String>,
    /// The schemas that the host keeps for itself, and that were therefore left out.
    pub host_schemas: Vec<String>,
    /// Everything that is there and that the model cannot hold.
    pub unheld: Vec<Unheld>,
    /// The same as findings, which name the object: there is no file to point at.
    pub diagnostics: Diagnostics,
    /// PostgreSQL's major version.
    pub version: u32,
}

/// What PostgreSQL knows of a table beyond its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// The role that owns it.
    pub owner: String,
    /// How many rows it had when it was last analysed or vacuumed; none where it never was.
    pub rows: Option<u64>,
    /// The size of its rows at that time, in bytes, without indexes and what is stored aside.
    pub bytes: u64,
    /// What identifies a row in the replication stream.
    pub replica_identity: ReplicaIdentity,
    /// Its row-security policies, by name.
    pub policies: Vec<Policy>,
    /// What other roles may do with it, as `SELECT`, `INSERT`, …; `public` stands for everyone.
    pub grants: BTreeMap<String, BTreeSet<String>>,
}

/// What identifies a row in the replication stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key; nothing where the table has none.
    Default,
    /// Nothing: updates and deletes of a published table fail.
    Nothing,
    /// The whole row.
    Full,
    /// A unique index, by name.
    Index(String),
}

/// A row-security policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The name.
    pub name: String,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: &'static str,
    /// Does it add rows, rather than take them away?
    pub permissive: bool,
    /// For whom; `public` stands for everyone.
    pub roles: Vec<String>,
    /// The condition on rows that are seen.
    pub using: Option<String>,
    /// The condition on rows that are written, where it is another.
    pub check: Option<String>,
}

/// The publication `powersync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The role that owns it.
    pub owner: String,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// The changes that it leaves out, of `insert`, `update`, `delete` and `truncate`.
    pub leaves_out: Vec<&'static str>,
    /// Are the changes of partitions told as those of their parent?
    pub via_partition_root: bool,
    /// Members that send some of their rows or columns only.
    pub partial: BTreeSet<TableName>,
}

/// The catalog could not be read.
#[derive(Debug)]
pub struct Error(Cause);

#[derive(Debug)]
enum Cause {
    Query(tokio_postgres::Error),
    Version(u32),
    Schemas(Vec<String>),
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self(Cause::Query(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Query(error) => match error.as_db_error() {
                Some(said) if *said.code() == SqlState::LOCK_NOT_AVAILABLE => f.write_str(
                    "the catalog cannot be read: another session has held a table locked for 10 s \
                     (a migration, perhaps); try again when it is through",
                ),
                Some(said) => write!(
                    f,
                    "the catalog cannot be read: {} ({})",
                    said.message(),
                    said.code().code()
                ),
                None => write!(f, "the catalog cannot be read: {error}"),
            },
            Cause::Version(version) => write!(
                f,
                "PostgreSQL {version} is too old: Syncline reads the catalogs of 13 and newer"
            ),
            Cause::Schemas(names) => write!(
                f,
                "the database has no schema `{}`: look for a typing error, or for another database",
                names.join("`, `")
            ),
        }
    }
}

impl std::error::Error for Error {}

/// Reads the catalog. Not to be called inside a transaction: it reads in one of its own, so that
/// all queries see one state.
///
/// # Errors
/// The connection fails, the server is older than version 13, or a schema that was asked for is
/// not there.
pub async fn read(client: &Client, options: &Options) -> Result<Catalog, Error> {
    let read = read_in_transaction(client, options).await;
    let ended = client.batch_execute("COMMIT").await;
    let catalog = read?;
    ended?;
    Ok(catalog)
}

async fn read_in_transaction(client: &Client, options: &Options) -> Result<Catalog, Error> {
    // Names in expressions are qualified where they are not found by this path.
    let begin = client.batch_execute(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = public;
         SET LOCAL lock_timeout = '10s'",
    );
    let spaces = client.query_typed(SPACES, &[]);
    let ((), spaces) = futures_util::future::try_join(begin, spaces).await?;
    let spaces = Spaces::choose(&spaces, options)?;

    let version = spaces.version;
    let queries = [
        text::<rows::RelationRow>(version),
        text::<rows::ColumnRow>(version),
        text::<rows::ConstraintRow>(version),
        text::<rows::IndexRow>(version),
        text::<rows::TypeRow>(version),
        text::<rows::PolicyRow>(version),
        text::<rows::GrantRow>(version),
        text::<rows::PublicationRow>(version),
        text::<rows::MemberRow>(version),
        text::<rows::AttachedRow>(version),
        text::<rows::LooseRow>(version),
    ];
    let parameter: [(&(dyn ToSql + Sync), Type); 1] = [(&spaces.oids, Type::OID_ARRAY)];
    let flight = queries
        .iter()
        .map(|sql| client.query_typed(sql, &parameter));
    let results = try_join_all(flight).await?;
    let mut results = results.iter();
    let found = build::Found {
        relations: next(&mut results)?,
        columns: next(&mut results)?,
        constraints: next(&mut results)?,
        indexes: next(&mut results)?,
        types: next(&mut results)?,
        policies: next(&mut results)?,
        grants: next(&mut results)?,
        publication: next(&mut results)?,
        members: next(&mut results)?,
        attached: next(&mut results)?,
        loose: next(&mut results)?,
    };
    let mut catalog = build::catalog(found);
    catalog.version = version;
    catalog.schemas = spaces.chosen;
    catalog.host_schemas = spaces.of_host;
    Ok(catalog)
}

fn next<'a, T: Fact>(results: &mut impl Iterator<Item = &'a Vec<Row>>) -> Result<Vec<T>, Error> {
    Ok(facts(results.next().map_or(&[], Vec::as_slice))?)
}

/// The schemas that are not PostgreSQL's own.
const SPACES: &str = "
    SELECT oid, nspname::text, current_setting('server_version_num')::int4 / 10000,
           EXISTS (SELECT FROM pg_roles WHERE rolname = 'supabase_admin')
    FROM pg_namespace
    WHERE nspname !~ '^pg_(toast|temp)' AND nspname <> 'pg_catalog'";

/// Which schemas are read.
struct Spaces {
    version: u32,
    oids: Vec<u32>,
    chosen: Vec<String>,
    of_host: Vec<String>,
}

impl Spaces {
    fn choose(rows: &[Row], options: &Options) -> Result<Self, Error> {
        let mut spaces = Self {
            version: 0,
            oids: Vec::new(),
            chosen: Vec::new(),
            of_host: Vec::new(),
        };
        for row in rows {
            let (oid, name): (u32, String) = (row.try_get(0)?, row.try_get(1)?);
            let (version, supabase): (i32, bool) = (row.try_get(2)?, row.try_get(3)?);
            spaces.version = version.unsigned_abs();
            let wanted = match &options.schemas {
                Some(names) => names.contains(&name),
                None if supabase && SUPABASE.contains(&name.as_str()) => {
                    spaces.of_host.push(name);
                    continue;
                }
                None => !["information_schema", OWN_SCHEMA, STORAGE_SCHEMA].contains(&&*name),
            };
            if wanted {
                spaces.oids.push(oid);
                spaces.chosen.push(name);
            }
        }
        if spaces.version < 13 {
            return Err(Error(Cause::Version(spaces.version)));
        }
        let missing = options.schemas.iter().flatten();
        let missing: Vec<_> = missing
            .filter(|name| !spaces.chosen.contains(name))
            .cloned()
            .collect();
        if !missing.is_empty() {
            return Err(Error(Cause::Schemas(missing)));
        }
        spaces.chosen.sort();
        spaces.of_host.sort();
        Ok(spaces)
    }
}
