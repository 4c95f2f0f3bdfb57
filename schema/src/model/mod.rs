//! The intermediate representation. Everything that is ever compared is first read into a
//! [`Schema`]: the TOML source, Rust structs, SQL files, Drizzle files, a live catalog.
//!
//! Every front end hands over a *resolved* schema: defaults applied, injected columns in place,
//! names of indexes and checks settled. A target never asks "and what if it was not said?".

mod column;
mod former;
mod index;
mod settings;
mod stream;
mod table;
mod types;

pub use column::{Column, DefaultValue, Former, Literal, OnDelete, Reference, Role, Unit};
pub use index::{Check, Index, IndexColumn, IndexPart, Nulls};
pub use settings::{
    Algorithm, Auth, AuthPlaces, CheckSettings, Defaults, Extensions, IdType, Migrations,
    RustSettings, Settings, SyncFormat, SyncSettings,
};
pub use stream::{Query, Stream};
pub use table::{Access, Conflict, Delete, Key, Residence, Table, TrackPrevious};
pub use types::{ColumnType, EnumType, Scalar};

use crate::place::Place;

/// Tables, streams and the settings that belong to them, in declared order.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Schema {
    /// What is said once for the whole app.
    pub settings: Settings,
    /// In the order of the source.
    pub tables: Vec<Table>,
    /// The streams that the user wrote; the derived ones follow from the tables.
    pub streams: Vec<Stream>,
    /// Tables that are gone, whose uploads are still accepted and dropped.
    pub removed_tables: Vec<Removed>,
}

impl Schema {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The tables that PowerSync carries.
    pub fn synced(&self) -> impl Iterator<Item = &Table> {
        self.tables
            .iter()
            .filter(|table| table.residence == Residence::Synced)
    }

    /// The tables that PostgreSQL holds: synced and server ones.
    pub fn on_server(&self) -> impl Iterator<Item = &Table> {
        self.tables
            .iter()
            .filter(|table| table.residence != Residence::Local)
    }

    /// The tables that the device holds: synced and local ones.
    pub fn on_device(&self) -> impl Iterator<Item = &Table> {
        self.tables
            .iter()
            .filter(|table| table.residence != Residence::Server)
    }
}

/// A table or column that the source no longer has, and the day it went.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Removed {
    /// The name that old devices may still upload.
    pub name: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Where the source says so.
    #[serde(skip)]
    pub place: Place,
}
