//! The integration tests, in one binary: linking is most of what a test binary costs.

mod check;
mod cli;
mod format;
mod postgres;
mod rust;
mod service;
mod sync;
