//! The integration tests, in one binary: linking is most of what a test binary costs.

mod format;
mod sync;
