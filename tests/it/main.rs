//! The integration tests, in one binary: linking is most of what a test binary costs.

mod check;
mod ci;
mod cli;
mod client_ts;
mod convert;
mod devices;
mod diagnostics;
mod diff;
mod docs;
#[cfg(feature = "live")]
mod doctor;
mod drizzle;
mod format;
mod import;
mod language;
#[cfg(feature = "live")]
mod live;
mod migrate;
mod models;
mod operations;
mod postgres;
mod powersync_service;
mod published;
mod readme;
mod report;
mod rust;
mod rust_source;
mod server;
mod service;
mod soak;
mod sql_reader;
mod sync;
mod typescript;
