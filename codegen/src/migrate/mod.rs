//! PostgreSQL migrations: the folder that holds them, and the plan that fills it.

pub mod folder;
pub mod lint;
pub mod plan;
