//! The tables of the notes app.

mod documents;
mod groups;
mod local;

pub use documents::{DocumentVersions, Documents, Projects};
pub use groups::{DocumentGroups, GroupHierarchy, Groups};
pub use local::{LocalMetadata, Preferences};

use syncline_runtime::{SyncTable, Table};

/// The schema in code: a list of types.
pub const TABLES: &[&Table] = &[
    Projects::TABLE,
    Documents::TABLE,
    DocumentVersions::TABLE,
    Groups::TABLE,
    GroupHierarchy::TABLE,
    DocumentGroups::TABLE,
    Preferences::TABLE,
    LocalMetadata::TABLE,
];
