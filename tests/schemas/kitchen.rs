//! The tables of the app.

use syncline_macros::{SyncEnum, SyncTable};
use syncline_runtime::{Date, Decimal, Json, LocalTimestamp, Time, Timestamp, Uuid};

/// One column of each type.
#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct EveryType {
    pub id: String,
    pub owner_id: Option<String>,
    pub a_text: String,
    #[sync(type = "varchar(40)")]
    pub a_varchar: String,
    pub a_boolean: bool,
    pub a_smallint: i16,
    pub a_integer: i32,
    pub a_bigint: i64,
    pub a_real: f32,
    pub a_double: f64,
    #[sync(type = "decimal(12,2)")]
    pub a_decimal: Decimal,
    #[sync(unit = "ms")]
    pub a_timestamp: Timestamp,
    pub a_local_timestamp: LocalTimestamp,
    pub a_date: Date,
    pub a_time: Time,
    pub a_uuid: Uuid,
    pub a_json: Json,
    pub a_bytes: Vec<u8>,
    pub an_enum: EveryTypeAnEnum,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, SyncEnum)]
pub enum EveryTypeAnEnum {
    Red,
    #[sync(name = "it's")]
    ItS,
    #[sync(name = "sky blue")]
    SkyBlue,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct EveryNullable {
    pub id: String,
    pub owner_id: Option<String>,
    pub a_text: Option<String>,
    #[sync(type = "varchar(40)")]
    pub a_varchar: Option<String>,
    pub a_boolean: Option<bool>,
    pub a_smallint: Option<i16>,
    pub a_integer: Option<i32>,
    pub a_bigint: Option<i64>,
    pub a_real: Option<f32>,
    pub a_double: Option<f64>,
    #[sync(type = "decimal(12,2)")]
    pub a_decimal: Option<Decimal>,
    pub a_timestamp: Option<Timestamp>,
    pub a_local_timestamp: Option<LocalTimestamp>,
    pub a_date: Option<Date>,
    pub a_time: Option<Time>,
    pub a_uuid: Option<Uuid>,
    pub a_json: Option<Json>,
    pub a_bytes: Option<Vec<u8>>,
    pub an_enum: Option<EveryNullableAnEnum>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, SyncEnum)]
pub enum EveryNullableAnEnum {
    Red,
    Blue,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(delete = "hard")]
pub struct EveryArray {
    pub id: String,
    pub owner_id: Option<String>,
    pub texts: Vec<String>,
    #[sync(type = "varchar(8)[]")]
    pub varchars: Option<Vec<String>>,
    pub booleans: Vec<bool>,
    pub smallints: Vec<i16>,
    pub integers: Option<Vec<i32>>,
    pub bigints: Vec<i64>,
    pub reals: Vec<f32>,
    pub doubles: Vec<f64>,
    #[sync(type = "decimal(12,2)[]")]
    pub decimals: Vec<Decimal>,
    pub timestamps: Vec<Timestamp>,
    pub local_timestamps: Vec<LocalTimestamp>,
    pub dates: Vec<Date>,
    pub times: Vec<Time>,
    pub uuids: Vec<Uuid>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(timestamps = false)]
pub struct EveryDefault {
    pub id: String,
    pub owner_id: Option<String>,
    #[sync(default = "it's \"fine\"")]
    pub a_text: String,
    #[sync(default = "")]
    pub a_nullable: Option<String>,
    #[sync(default = true)]
    pub a_boolean: bool,
    #[sync(default = -1)]
    pub a_integer: i32,
    #[sync(default = 9007199254740993)]
    pub a_bigint: i64,
    #[sync(default = 0.5)]
    pub a_double: f64,
    #[sync(type = "decimal(12,2)", default = "1.50")]
    pub a_decimal: Decimal,
    #[sync(default = "now")]
    pub a_timestamp: Timestamp,
    #[sync(default = "2026-01-01")]
    pub a_date: Date,
    #[sync(default = "uuid")]
    pub a_uuid: Uuid,
    #[sync(default = "device")]
    pub a_device: String,
    #[sync(default = "{\"a\":[1,null]}")]
    pub a_json: Json,
    #[sync(default = "low")]
    pub an_enum: EveryDefaultAnEnum,
    #[sync(default = [])]
    pub an_array: Vec<String>,
    #[sync(default = { raw = "md5('syncline')" })]
    pub a_raw: String,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, SyncEnum)]
pub enum EveryDefaultAnEnum {
    Low,
    High,
}

/// A tree: references to itself, twice.
#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(
    indexes = [["parent_id"], { columns = [{ column = "owner_id", desc }, { column = "created_at", desc }], name = "folders_recent_idx" }, { columns = ["name"], where = "deleted_at IS NULL" }, { columns = [{ expression = "lower(name)" }], name = "folders_lower_name_idx" }],
    unique = [["name"], { columns = ["slug"], global }],
    checks = { folders_not_its_own_parent_check = "parent_id IS NULL OR parent_id <> id" },
)]
pub struct Folders {
    pub id: String,
    pub owner_id: Option<String>,
    #[sync(max_length = 200)]
    pub name: String,
    #[sync(max_length = 60, check = "slug ~ '^[a-z0-9-]+$'")]
    pub slug: String,
    #[sync(references = "folders", enforce, on_delete = "cascade")]
    pub parent_id: Option<String>,
    #[sync(references = "folders", enforce, on_delete = "set_null")]
    pub shortcut_of_id: Option<String>,
    #[sync(default = 0, check = "position >= 0")]
    pub position: i32,
    #[sync(default = 0, read_only)]
    pub revision: i64,
    #[sync(immutable)]
    pub kind: String,
    #[sync(server_only)]
    pub secret: Option<String>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// Bytes and a column that stays in PostgreSQL.
#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct Attachments {
    pub id: String,
    pub owner_id: Option<String>,
    #[sync(references = "folders", enforce, on_delete = "restrict")]
    pub folder_id: String,
    pub content: Vec<u8>,
    pub thumbnail: Option<Vec<u8>>,
    #[sync(server_only)]
    pub scan_result: Option<Json>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// Public: everyone reads them, the server writes them.
#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(access = "public", indexes = [["published_at"]])]
pub struct Articles {
    pub id: String,
    pub title: String,
    pub published_at: Option<Timestamp>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(sync = "local")]
pub struct Drafts {
    pub id: String,
    pub body: String,
    pub big: Option<i64>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(insert_only, delete = "hard")]
pub struct Clicks {
    pub id: String,
    pub owner_id: Option<String>,
    pub target: String,
    #[sync(default = "now")]
    pub at: Timestamp,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(track_previous = ["total", "state"], track_metadata, ignore_empty_updates = false)]
pub struct Invoices {
    pub id: String,
    pub owner_id: Option<String>,
    #[sync(type = "decimal(14,4)")]
    pub total: Decimal,
    #[sync(default = "draft")]
    pub state: InvoicesState,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, SyncEnum)]
pub enum InvoicesState {
    Draft,
    Sent,
    Paid,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(conflict = "reject_stale")]
pub struct Accounts {
    pub id: String,
    pub owner_id: Option<String>,
    pub balance: i64,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(key = "owner", unique = [["account_id", "number"]])]
pub struct Entries {
    pub id: String,
    pub owner_id: Option<String>,
    #[sync(references = "accounts")]
    pub account_id: String,
    #[sync(references = "entries", enforce, on_delete = "set_null")]
    pub reverses_id: Option<String>,
    pub number: i32,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(owner = "account_uuid")]
pub struct Teams {
    pub id: Uuid,
    pub account_uuid: Option<Uuid>,
    pub name: String,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// Names that are keywords somewhere.
#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(indexes = [["group", "select"]])]
pub struct Order {
    pub id: String,
    pub owner_id: Option<String>,
    pub group: String,
    pub select: Option<i32>,
    pub user: Option<String>,
    pub default: Option<bool>,
    pub class: Option<String>,
    pub r#type: Option<String>,
    pub constructor: Option<String>,
    #[sync(name = "createdBy")]
    pub created_by: Option<String>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
pub struct Class {
    pub id: String,
    pub owner_id: Option<String>,
    #[sync(references = "order")]
    pub order_id: Option<String>,
    #[sync(references = "class")]
    pub import: Option<String>,
    #[sync(default = "now")]
    pub created_at: Timestamp,
    #[sync(default = "now")]
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(sync = "server", schema = "audit", key = ["tenant", "sequence"], timestamps = false)]
pub struct AuditEntries {
    pub tenant: String,
    pub sequence: i64,
    #[sync(default = "now")]
    pub at: Timestamp,
    pub payload: Json,
    #[sync(type = "raw(\"tsvector\")")]
    pub search: Option<String>,
}
