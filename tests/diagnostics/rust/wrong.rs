//! A dozen ways to say it wrongly.

#[derive(SyncTable)]
#[sync(delet = "hard", access = "ownr")]
pub struct Notes {
    pub id: i64,
    #[sync(default = "five")]
    pub count: i32,
    pub price: f128,
    pub owner: &'static str,
    #[sync(type = "varchar(9")]
    pub code: String,
    #[sync(references = "folders" enforce)]
    pub folder_id: String,
    #[sync(default: 5)]
    pub rank: i32,
    #[sync(unique, unique)]
    pub slug: String,
    pub mood: Mood,
    pub list: Vec<Option<String>>,
}

#[derive(SyncTable)]
pub struct Pair(String, String);

#[derive(SyncTable)]
pub struct Generic<T> {
    pub value: T,
}

#[derive(SyncEnum)]
pub enum Mood {
    Low(u8),
    High,
}

#[derive(SyncTable)]
pub struct Tags {
    pub name: String,
}

mod nowhere;
