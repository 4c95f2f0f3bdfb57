//! Migrations: planned, linted, their folder, and run on a real PostgreSQL.

mod changed;
mod drifted;
mod folder;
mod killed;
mod lint;
mod locked;
mod new;
mod plain;
mod planned;
mod project;
mod refused;
mod runs;
mod versions;
