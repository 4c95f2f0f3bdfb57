//! What a server says of itself: settings, replication slots, and the rights of roles. What
//! `check` and `doctor` need beside the [`super::catalog`], which has the publication, replica
//! identities and grants.
//!
//! A fixed number of queries in one flight, whatever the size of the database.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join, try_join3};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error};

use super::query::{Cells, Fact, facts, text};
use crate::diff::step::TableName;

/// A server, seen from one of its databases.
#[derive(Clone, Debug, Default)]
pub struct Server {
    /// Settings and what follows from them.
    pub settings: Settings,
    /// Its replication slots, of all databases, by name.
    pub slots: Vec<Slot>,
    /// The roles that were asked for and are there, by name.
    pub roles: BTreeMap<String, Role>,
}

/// Settings and what follows from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `server_version`, for people: `15.13 (Debian 15.13-0+deb12u1)`.
    pub version: String,
    /// The major version.
    pub major: u32,
    /// The database that we are connected to.
    pub database: String,
    /// The role that we are connected as.
    pub user: String,
    /// `logical` is what replication needs.
    pub wal_level: String,
    /// How much WAL a slot may keep, in bytes; none for no limit: a reader that stays away then
    /// fills the disk.
    pub max_slot_wal_keep_size: Option<u64>,
    /// How many slots there can be.
    pub max_replication_slots: u32,
    /// How many readers of the WAL there can be.
    pub max_wal_senders: u32,
    /// Off: a crash of the machine loses the database.
    pub fsync: bool,
    /// `off`: a crash loses the last commits, which devices were told of.
    pub synchronous_commit: String,
    /// A standby: it takes no writes, and has no logical slots before version 16.
    pub in_recovery: bool,
    /// The server's clock, in milliseconds since 1970.
    pub clock: i64,
}

/// A replication slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// The output plugin of a logical one.
    pub plugin: Option<String>,
    /// The database of a logical one.
    pub database: Option<String>,
    /// Is somebody reading it?
    pub active: bool,
    /// `reserved`, `extended`, `unreserved` or `lost`; none where it keeps no WAL.
    pub wal_status: Option<String>,
    /// What it makes the server keep, in bytes.
    pub kept: Option<u64>,
    /// What its reader has not confirmed, in bytes.
    pub lag: Option<u64>,
    /// How much more WAL can be written before it is lost, in bytes; none for no limit.
    pub left: Option<i64>,
}

/// A role and its rights in this database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// It may connect.
    pub login: bool,
    /// It may read the replication stream, by itself or (on Amazon RDS) as a member of
    /// `rds_replication`.
    pub replication: bool,
    /// Row security does not concern it.
    pub bypass_rls: bool,
    /// It may do everything.
    pub superuser: bool,
    /// The schemas in which it may use things.
    pub schemas: BTreeSet<String>,
    /// The schemas in which it may make things.
    pub creates_in: BTreeSet<String>,
    /// The tables of which it is an owner, if only by membership. Row security does not concern
    /// owners, unless forced.
    pub owns: BTreeSet<TableName>,
    /// What it may do with tables, however it came by that.
    pub rights: BTreeMap<TableName, Rights>,
}

/// What a role may do with a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// `SELECT`, on the whole table.
    pub select: bool,
    /// `INSERT`
    pub insert: bool,
    /// `UPDATE`
    pub update: bool,
    /// `DELETE`
    pub delete: bool,
}

/// Reads what the server says, with the rights of the roles named.
///
/// # Errors
/// The connection fails. What a plain role may not see is not asked for.
pub async fn read(client: &Client, roles: &[&str]) -> Result<Server, Error> {
    let names: Vec<&str> = roles.to_vec();
    let parameter: [(&(dyn ToSql + Sync), Type); 1] = [(&names, Type::TEXT_ARRAY)];
    let (settings, slots) = (text::<SettingsRow>(0), text::<SlotRow>(0));
    let queries = [
        text::<RoleRow>(0),
        text::<SpaceRow>(0),
        text::<RightsRow>(0),
    ];
    let [roles, spaces, rights] = &queries;
    let (about, (roles, spaces, rights)) = try_join(
        try_join(
            client.query_typed(&settings, &[]),
            client.query_typed(&slots, &[]),
        ),
        try_join3(
            client.query_typed(roles, &parameter),
            client.query_typed(spaces, &parameter),
            client.query_typed(rights, &parameter),
        ),
    )
    .await?;
    let mut server = Server {
        slots: facts::<SlotRow>(&about.1)?
            .into_iter()
            .map(|it| it.0)
            .collect(),
        ..Server::default()
    };
    if let Some(row) = facts::<SettingsRow>(&about.0)?.into_iter().next() {
        server.settings = row.0;
    }
    server.roles = facts::<RoleRow>(&roles)?
        .into_iter()
        .map(|row| (row.name, row.role))
        .collect();
    for row in facts::<SpaceRow>(&spaces)? {
        let role = server.roles.entry(row.role).or_default();
        if row.creates {
            role.creates_in.insert(row.schema.clone());
        }
        role.schemas.insert(row.schema);
    }
    for row in facts::<RightsRow>(&rights)? {
        let role = server.roles.entry(row.role).or_default();
        if row.owns {
            role.owns.insert(row.table.clone());
        }
        role.rights.insert(row.table, row.rights);
    }
    Ok(server)
}

struct SettingsRow(Settings);

impl Fact for SettingsRow {
    const SQL: &'static str = "
        SELECT current_setting('server_version'),
               current_setting('server_version_num')::int4 / 10000,
               current_database()::text, current_user::text, current_setting('wal_level'),
               nullif(pg_size_bytes(s.setting || s.unit), -1024 * 1024),
               current_setting('max_replication_slots')::int4,
               current_setting('max_wal_senders')::int4, current_setting('fsync')::bool,
               current_setting('synchronous_commit'), pg_is_in_recovery(),
               (extract(epoch FROM clock_timestamp()) * 1000)::int8
        FROM pg_settings s
        WHERE s.name = 'max_slot_wal_keep_size'";

    fn read(cells: &mut Cells<'_>) -> Result<Self, Error> {
        let version = cells.next()?;
        let count = |number: i32| number.unsigned_abs();
        Ok(Self(Settings {
            version,
            major: count(cells.next()?),
            database: cells.next()?,
            user: cells.next()?,
            wal_level: cells.next()?,
            max_slot_wal_keep_size: bytes(cells)?,
            max_replication_slots: count(cells.next()?),
            max_wal_senders: count(cells.next()?),
            fsync: cells.next()?,
            synchronous_commit: cells.next()?,
            in_recovery: cells.next()?,
            clock: cells.next()?,
        }))
    }
}

/// A size; a difference can be below 0 for a moment, since the position moves on meanwhile.
fn bytes(cells: &mut Cells<'_>) -> Result<Option<u64>, Error> {
    let size: Option<i64> = cells.next()?;
    Ok(size.map(|it| u64::try_from(it).unwrap_or_default()))
}

struct SlotRow(Slot);

impl Fact for SlotRow {
    const SQL: &'static str = "
        SELECT s.slot_name::text, s.plugin::text, s.database::text, s.active, s.wal_status,
               pg_wal_lsn_diff(w.at, s.restart_lsn)::int8,
               pg_wal_lsn_diff(w.at, s.confirmed_flush_lsn)::int8, s.safe_wal_size
        FROM pg_replication_slots s,
             (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                          ELSE pg_current_wal_lsn() END) w (at)
        ORDER BY s.slot_name";

    fn read(cells: &mut Cells<'_>) -> Result<Self, Error> {
        Ok(Self(Slot {
            name: cells.next()?,
            plugin: cells.next()?,
            database: cells.next()?,
            active: cells.next()?,
            wal_status: cells.next()?,
            kept: bytes(cells)?,
            lag: bytes(cells)?,
            left: cells.next()?,
        }))
    }
}

struct RoleRow {
    name: String,
    role: Role,
}

impl Fact for RoleRow {
    const SQL: &'static str = "
        SELECT r.rolname::text, r.rolcanlogin,
               r.rolreplication OR coalesce((SELECT pg_has_role(r.oid, a.oid, 'MEMBER')
                                             FROM pg_roles a WHERE a.rolname = 'rds_replication'),
                                            false),
               r.rolbypassrls, r.rolsuper
        FROM pg_roles r
        WHERE r.rolname = ANY ($1)";

    fn read(cells: &mut Cells<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: cells.next()?,
            role: Role {
                login: cells.next()?,
                replication: cells.next()?,
                bypass_rls: cells.next()?,
                superuser: cells.next()?,
                ..Role::default()
            },
        })
    }
}

struct SpaceRow {
    role: String,
    schema: String,
    creates: bool,
}

impl Fact for SpaceRow {
    const SQL: &'static str = "
        SELECT r.rolname::text, n.nspname::text, has_schema_privilege(r.oid, n.oid, 'CREATE')
        FROM pg_roles r, pg_namespace n
        WHERE r.rolname = ANY ($1) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND has_schema_privilege(r.oid, n.oid, 'USAGE')";

    fn read(cells: &mut Cells<'_>) -> Result<Self, Error> {
        Ok(Self {
            role: cells.next()?,
            schema: cells.next()?,
            creates: cells.next()?,
        })
    }
}

struct RightsRow {
    role: String,
    table: TableName,
    owns: bool,
    rights: Rights,
}

impl Fact for RightsRow {
    const SQL: &'static str = "
        SELECT r.rolname::text, n.nspname::text, c.relname::text,
               pg_has_role(r.oid, c.relowner, 'USAGE'),
               has_table_privilege(r.oid, c.oid, 'SELECT'),
               has_table_privilege(r.oid, c.oid, 'INSERT'),
               has_table_privilege(r.oid, c.oid, 'UPDATE'),
               has_table_privilege(r.oid, c.oid, 'DELETE')
        FROM pg_roles r, pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rolname = ANY ($1) AND c.relkind IN ('r', 'p')
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    fn read(cells: &mut Cells<'_>) -> Result<Self, Error> {
        let role = cells.next()?;
        let (schema, name): (&str, &str) = (cells.next()?, cells.next()?);
        Ok(Self {
            role,
            table: TableName::new(Some(schema), name),
            owns: cells.next()?,
            rights: Rights {
                select: cells.next()?,
                insert: cells.next()?,
                update: cells.next()?,
                delete: cells.next()?,
            },
        })
    }
}
