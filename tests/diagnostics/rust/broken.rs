#[derive(SyncTable)]
pub struct Folders {
    pub name: String,
