//! Column descriptors and the one value table.
//!
//! In come descriptors ([`Table`], [`Column`]), printed by the compiler or by
//! `#[derive(SyncTable)]` as constants, and the values of an upload as JSON text. Out go typed
//! [`Value`]s that PostgreSQL takes as they are ([`decode`], [`TypedArray`]), and what the device
//! sees of them ([`encode`]). Whole rows pass through [`from_postgres`], [`from_device`] and
//! [`from_upload`], and back.
//!
//! The declared type of a column decides how a value is read, never the value's size or shape.
//! Nothing here opens a connection, knows a clock or can panic on input, and no 64-bit number
//! passes through a float.
//!
//! ```
//! use syncline_runtime::{Column, Role, Scalar, Table, Value, decode, encode};
//!
//! const PROJECTS: Table = Table::new("projects", &[
//!     Column::new("id", "id", Scalar::Text).role(Role::Id),
//!     Column::new("owner_id", "ownerId", Scalar::Text).role(Role::Owner),
//!     Column::new("is_default", "isDefault", Scalar::Boolean).default_sql("false"),
//! ]);
//!
//! let column = PROJECTS.column("isDefault").expect("declared above");
//! assert_eq!(decode(column, "\"true\"")?, Value::Boolean(true));
//! assert_eq!(encode(&Value::Boolean(true)).to_json(), "1");
//!
//! let refused = decode(column, "\"maybe\"").unwrap_err();
//! assert_eq!(refused.code(), "invalid_value");
//! assert_eq!(refused.to_string(), "is_default: expected 0, 1, true or false");
//! # Ok::<(), syncline_runtime::Invalid>(())
//! ```

mod civil;
mod column;
mod decode;
mod device;
mod encode;
mod foreign;
mod id;
mod invalid;
mod pg_text;
mod postgres;
mod row;
mod scalars;
mod statement;
mod sync_enum;
mod sync_table;
mod table;
mod typed_array;
mod value;

pub use column::{Column, Role, Scalar, Storage, Unit};
pub use decode::{MAX_JSON_DEPTH, decode, pg_value};
pub use device::{Unreadable, from_device, from_upload, to_device};
pub use encode::{DeviceValue, encode};
pub use id::{MAX_ID_BYTES, check_id};
pub use invalid::Invalid;
pub use pg_text::pg_text;
pub use postgres::{from_postgres, to_postgres};
pub use row::{Field, Row, pass_column, take_field};
pub use scalars::{Date, Decimal, Json, LocalTimestamp, Time, Timestamp, Uuid};
pub use statement::{Mapper, Mask, Statement, Statements};
pub use sync_enum::{SyncEnum, is_word};
pub use sync_table::SyncTable;
pub use table::{Access, Conflict, Delete, Key, Named, Removed, Residence, Table, TrackPrevious};
pub use typed_array::{Mismatch, TypedArray};
pub use value::{PG_EPOCH_DAYS, PG_EPOCH_MICROS, Value};
