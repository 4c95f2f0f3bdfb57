//! The front ends: source text in, `(Schema, Diagnostics)` out. They never fail: what cannot be
//! read is reported and left out, and the rest is read on.
//!
//! TOML and `#[sync(…)]` become one tree of declared values; everything behind it is shared.

pub mod editor;
pub mod grammar;

mod column;
mod constraints;
mod default;
mod node;
mod removed;
mod rules;
mod table;
mod tree;
mod type_name;

#[cfg(feature = "toml")]
pub mod edit;
#[cfg(feature = "toml")]
pub mod format;
#[cfg(feature = "toml")]
mod limits;
#[cfg(feature = "toml")]
mod load;
#[cfg(feature = "toml")]
pub mod print;
#[cfg(feature = "toml")]
mod rejections;
#[cfg(feature = "rust")]
pub mod rust;
#[cfg(feature = "toml")]
mod settings;
#[cfg(feature = "toml")]
mod stream;
#[cfg(feature = "toml")]
mod toml_text;

#[cfg(feature = "toml")]
pub use load::{load, load_str};
pub use type_name::{TYPE_NAMES, TypeError, parse_type};

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::model::Schema;
use crate::place::Sources;

/// Where source files come from: a folder for the command line, memory for tests.
pub trait Files: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;

    /// The files that match a glob, sorted.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String>;
}

/// A schema as it was read, with everything that there is to say of it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The schema, complete only where `diagnostics` has no error.
    pub schema: Schema,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// The files, for drawing places.
    pub sources: Sources,
}
