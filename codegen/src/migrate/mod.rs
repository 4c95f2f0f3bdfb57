//! Migrations: the folder that holds them.

pub mod folder;
