//! What a Syncline schema is: the model, the TOML front end, validation and diagnostics.
//!
//! In: source text. Out: `(Schema, Diagnostics)`. No I/O: files come through [`source::Files`].

pub mod codes;
pub mod diagnostic;
pub mod model;
pub mod names;
pub mod place;
pub mod source;
pub mod sql;
pub mod stream_query;
pub mod suppress;
pub mod types;
mod validate;
pub mod version;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use model::Schema;
pub use place::{FileId, Place, Sources};
pub use source::{Files, Loaded, load};
