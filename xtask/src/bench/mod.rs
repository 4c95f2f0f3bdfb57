//! `cargo xtask bench`: what building and generating cost.

pub(crate) mod build;
pub(crate) mod catalog;
pub(crate) mod derive;
pub(crate) mod generate;
pub(crate) mod measure;
mod peers;
mod report;
mod schemas;
