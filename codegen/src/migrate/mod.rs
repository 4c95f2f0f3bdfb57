//! PostgreSQL migrations: the folder that holds them, and the plan that fills it.

pub mod contract;
pub mod deployment;
pub mod folder;
pub mod forgotten;
pub mod kept;
pub mod lint;
pub mod plan;
pub mod summary;
