//! `cargo xtask bench`: what building, generating, checking and uploading cost.

pub(crate) mod build;
pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod derive;
pub(crate) mod generate;
pub(crate) mod measure;
mod peers;
pub(crate) mod plan;
mod report;
mod schemas;
pub(crate) mod upload;
