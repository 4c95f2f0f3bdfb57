// Made by Syncline from syncline.toml. Do not edit.

//! What maps uploads of notes to PostgreSQL: a descriptor, statements and a row struct for
//! each synced table, and [`APP`] with all of them.
// Docs are the words of the schema's author, and so are the names of tables.
#![allow(
    clippy::doc_lazy_continuation,
    clippy::doc_nested_refdefs,
    clippy::doc_overindented_list_items,
    clippy::module_inception,
    clippy::needless_doctest_main
)]

pub mod tables;

use syncline_runtime::Mapper;
use syncline_server::App;

/// What the server is made of.
pub static APP: App = App {
    name: "notes",
    schema_version: SCHEMA_VERSION,
    tables: TABLES,
    removed_tables: REMOVED_TABLES,
    local_tables: LOCAL_TABLES,
    role: "notes_app",
    rejection: None,
    row_security: false,
};

/// The version of the schema: what the apps that were built with it send along.
pub const SCHEMA_VERSION: &str = "a3ba750ccfc48ea7";

/// Every synced table, in the order of the schema.
#[rustfmt::skip]
pub static TABLES: &[&Mapper] = &[
    &tables::projects::MAPPER,
    &tables::documents::MAPPER,
    &tables::document_versions::MAPPER,
    &tables::groups::MAPPER,
    &tables::group_hierarchy::MAPPER,
    &tables::document_groups::MAPPER,
];

/// Tables that are gone: uploads of them are accepted and dropped.
#[rustfmt::skip]
pub static REMOVED_TABLES: &[&str] = &[
];

/// Tables that are on the device only: they are never uploaded.
#[rustfmt::skip]
pub static LOCAL_TABLES: &[&str] = &[
    "preferences",
    "local_metadata",
];
