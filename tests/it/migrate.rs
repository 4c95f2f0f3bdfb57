//! Migrations: their folder, and running them on a real PostgreSQL.

mod folder;
mod lint;
