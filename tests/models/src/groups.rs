//! Groups of documents, and groups of groups.

use syncline_macros::SyncTable;

#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct Groups {
    pub name: String,
    #[sync(type = "varchar(16)?")]
    pub color: Option<String>,
    #[sync(default = 0)]
    pub sort_order: i32,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(unique = [["parent_group_id", "child_group_id"]])]
pub struct GroupHierarchy {
    #[sync(references = "groups")]
    pub parent_group_id: String,
    #[sync(references = "groups")]
    pub child_group_id: String,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(unique = [["document_id", "group_id"]])]
pub struct DocumentGroups {
    #[sync(references = "documents")]
    pub document_id: String,
    #[sync(references = "groups")]
    pub group_id: String,
}
