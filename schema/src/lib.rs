//! What a Syncline schema is: the model, its front ends, validation and diagnostics.
//!
//! In: source text. Out: `(Schema, Diagnostics)`. No I/O: files come through [`source::Files`].

// Whole schemas begin with a syncline.toml; the derive, which reads none, needs a part of this.
#![cfg_attr(not(feature = "toml"), allow(dead_code))]

pub mod codes;
pub mod convert;
pub mod descriptor;
pub mod diagnostic;
pub mod known;
pub mod literal;
pub mod model;
pub mod names;
pub mod place;
pub mod rust_text;
pub mod source;
#[cfg(feature = "streams")]
pub mod sql;
#[cfg(not(feature = "streams"))]
#[path = "sql_unread.rs"]
mod sql;
#[cfg(feature = "streams")]
pub mod stream_query;
#[cfg(feature = "toml")]
pub mod suppress;
pub mod types;
mod validate;
pub mod version;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use model::Schema;
pub use place::{FileId, Place, Sources};
#[cfg(feature = "toml")]
pub use source::load;
pub use source::{Files, Loaded};
#[cfg(feature = "streams")]
pub use validate::lint_stream;
