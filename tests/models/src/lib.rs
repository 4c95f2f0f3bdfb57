//! The tables of the notes app.

mod documents;
mod groups;
mod local;

pub use documents::{DocumentVersions, Documents, Projects};
pub use groups::{DocumentGroups, GroupHierarchy, Groups};
pub use local::{LocalMetadata, Preferences};
