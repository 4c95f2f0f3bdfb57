//! Read without being compiled: what is no model is skipped.

use serde::Serialize;
use syncline_macros::{SyncEnum, SyncTable};

macro_rules! anything { () => { fn f<T: Clone>() {} } }

/// What people write.
#[derive(Debug, Clone, SyncTable)]
#[sync(indexes = [["title"]], unique = [["slug"]])]
pub struct Notes {
    pub id: String,
    pub title: Option<String>,
    pub body: String,
    #[sync(type = "varchar(60)", immutable)]
    pub slug: String,
    #[sync(default = "low")]
    pub mood: Mood,
    pub r#type: i64,
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, Copy, SyncEnum)]
pub enum Mood {
    Low,
    High,
}

#[derive(SyncTable)]
#[sync(sync = "both", unique = [{ columns = ["slug"], global = true }])] // syncline-ignore S014: slugs of pages are public
pub struct Pages {
    pub slug: String,
}

#[derive(Serialize)]
struct NotOurs<'a>(&'a str);
