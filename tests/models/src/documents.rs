//! Documents, their folders and their versions.

use syncline_macros::SyncTable;
use syncline_runtime::Timestamp;

/// A folder of documents.
#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct Projects {
    pub id: String,
    pub owner_id: Option<String>,
    pub name: String,
    #[sync(default = false)]
    pub is_default: bool,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(indexes = [{ columns = ["project_id"] }, { columns = ["updated_at"], desc = true }])]
pub struct Documents {
    pub id: String,
    pub owner_id: Option<String>,
    pub title: Option<String>,
    pub content: String,
    #[sync(references = "projects")]
    pub project_id: Option<String>,
    #[sync(default = "device")]
    pub device_id: String,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

// Columns that are left out are in the table all the same, and not in the struct.
#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct DocumentVersions {
    pub id: String,
    #[sync(references = "documents")]
    pub document_id: String,
    pub version: i32,
    pub content: String,
    #[sync(default = "device")]
    pub device_id: String,
}
