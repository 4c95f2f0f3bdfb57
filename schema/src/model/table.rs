//! A table and the rules for its rows.

use super::{Check, Column, Index, Removed, Role};
use crate::names;
use crate::place::Place;

/// One table, on the device, in PostgreSQL, or on both.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    /// The name in PostgreSQL and on the device.
    pub name: String,
    /// What it means, for readers of the generated code.
    pub doc: Option<String>,
    /// PostgreSQL's schema, where it is not `public`.
    pub schema: Option<String>,
    /// Where its rows live.
    pub residence: Residence,
    /// Which users see and write its rows.
    pub access: Access,
    /// PostgreSQL's primary key.
    pub key: Key,
    /// The primary key's name where PostgreSQL would not have chosen it; readers find such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
    /// What a device's delete does.
    pub delete: Delete,
    /// Do deleted rows stay on the device?
    pub sync_deleted_rows: bool,
    /// Devices insert rows and never see them again.
    pub insert_only: bool,
    /// Uploads carry the values before the change.
    pub track_previous: Option<TrackPrevious>,
    /// Uploads carry the app's own metadata.
    pub track_metadata: bool,
    /// An update that changes nothing is not uploaded.
    pub ignore_empty_updates: bool,
    /// What happens to an upload made on stale data.
    pub conflict: Conflict,
    /// Row-security policies as a second line.
    pub rls: bool,
    /// `id` first, owner second, then as declared, injected timestamps last.
    pub columns: Vec<Column>,
    /// Indexes and unique rules.
    pub indexes: Vec<Index>,
    /// Conditions on rows.
    pub checks: Vec<Check>,
    /// Columns that are gone, whose uploads are still accepted and dropped.
    pub removed_columns: Vec<Removed>,
    /// The name before this one.
    pub renamed_from: Option<String>,
    /// Where the source declares it.
    #[serde(skip)]
    pub place: Place,
}

impl Table {
    /// A table with no columns and nothing said of it.
    pub fn new(name: impl Into<String>, residence: Residence) -> Self {
        Self {
            name: name.into(),
            doc: None,
            schema: None,
            residence,
            access: Access::default(),
            key: Key::default(),
            key_name: None,
            delete: Delete::default(),
            sync_deleted_rows: false,
            insert_only: false,
            track_previous: None,
            track_metadata: false,
            ignore_empty_updates: true,
            conflict: Conflict::default(),
            rls: false,
            columns: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            removed_columns: Vec::new(),
            renamed_from: None,
            place: Place::NOWHERE,
        }
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column with this role.
    pub fn with_role(&self, role: Role) -> Option<&Column> {
        self.columns.iter().find(|column| column.role == role)
    }

    /// The column that says whose row it is.
    pub fn owner(&self) -> Option<&Column> {
        self.with_role(Role::Owner)
    }

    /// The column that marks deleted rows, on tables with soft delete.
    pub fn deleted_at(&self) -> Option<&Column> {
        self.with_role(Role::DeletedAt)
    }

    /// The columns that devices of this schema have.
    pub fn device_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.on_device())
    }

    /// The columns that leave PostgreSQL: those of devices, and those that only old devices read.
    pub fn sent_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !column.server_only)
    }

    /// The columns that the source declares, or that are injected: what uploads are told apart by
    /// and rows are read into. A renamed column is among them once.
    pub fn declared_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns
            .iter()
            .filter(|column| !column.is_former_name())
    }

    /// The columns of PostgreSQL's primary key, in order; empty where it has none.
    pub fn key_columns(&self) -> Vec<&str> {
        match &self.key {
            Key::Id => vec!["id"],
            Key::Owner => self
                .owner()
                .map(|owner| owner.name.as_str())
                .into_iter()
                .chain(["id"])
                .collect(),
            Key::Columns(columns) => columns.iter().map(String::as_str).collect(),
        }
    }

    /// Every check that PostgreSQL holds for the table: one for each column with words, a length
    /// or a condition of its own, then those of the table.
    pub fn all_checks(&self) -> Vec<Check> {
        let of_columns = self.columns.iter().filter_map(|column| {
            Some(Check {
                name: names::check(&self.name, &column.name),
                expression: column.condition()?,
                place: column.place,
            })
        });
        of_columns.chain(self.checks.iter().cloned()).collect()
    }

    /// The streams leave deleted rows out.
    pub fn hides_deleted_rows(&self) -> bool {
        self.delete == Delete::Soft && !self.sync_deleted_rows
    }

    /// May a device write it? Without an owner there is no predicate to keep tenants apart.
    pub fn writable(&self) -> bool {
        self.residence == Residence::Synced && self.access == Access::Owner
    }
}

/// Where the rows of a table live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Residence {
    /// On both sides; PowerSync carries them.
    #[default]
    Synced,
    /// On the device only.
    Local,
    /// In PostgreSQL only.
    Server,
}

/// Which users see and write the rows of a synced table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Each row has one owner, who reads and writes it.
    #[default]
    Owner,
    /// Every user reads every row; the server writes them.
    Public,
    /// Only the streams under `[streams]` send it; the server writes it.
    Streams,
}

/// PostgreSQL's primary key.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// `(id)`.
    #[default]
    Id,
    /// `(owner, id)`.
    Owner,
    /// These columns; none at all where empty. Server tables only.
    Columns(Vec<String>),
}

/// What a device's delete does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delete {
    /// It sets `deleted_at`.
    #[default]
    Soft,
    /// It removes the row.
    Hard,
}

/// What happens to an upload made on stale data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// The last write wins, column by column.
    #[default]
    LastWrite,
    /// It is rejected as `conflict`.
    RejectStale,
}

/// Which columns' previous values an upload carries.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackPrevious {
    /// All of them.
    All,
    /// These.
    Columns(Vec<String>),
}
