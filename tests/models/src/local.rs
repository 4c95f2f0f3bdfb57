//! What stays on the device.

use syncline_macros::SyncTable;

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(sync = "local")]
pub struct Preferences {
    pub id: String,
    pub key: String,
    pub value: Option<serde_json::Value>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(sync = "local")]
pub struct LocalMetadata {
    pub id: String,
    pub key: String,
    pub value: Option<String>,
}
