//! `#[derive(SyncTable)]` and `#[derive(SyncEnum)]`: the tables of an app as Rust structs.
//!
//! ```
//! use syncline_macros::{SyncEnum, SyncTable};
//! use syncline_runtime::{SyncTable as _, Table};
//!
//! /// A bill.
//! #[derive(SyncTable)]
//! #[sync(indexes = [{ columns = ["total"], desc = true }], delete = "hard")]
//! struct Invoices {
//!     id: String,
//!     #[sync(type = "decimal(14,4)")]
//!     total: syncline_runtime::Decimal,
//!     #[sync(default = "draft")]
//!     state: State,
//!     #[sync(max_length = 200)]
//!     note: Option<String>,
//! }
//!
//! #[derive(SyncEnum)]
//! enum State {
//!     Draft,
//!     Sent,
//!     Paid,
//! }
//!
//! let schema: &[&Table] = &[Invoices::TABLE];
//! assert_eq!(schema[0].name, "invoices");
//! assert_eq!(schema[0].columns[2].name, "total");
//! ```
//!
//! `syncline generate` reads the same structs from the files that `[source] rust` names. Both go
//! through one front end, in the schema crate; what stands here only prints the impls.
//!
//! The options are those of `[tables.NAME]` and of a column in syncline.toml, under the same
//! names. Beside them, a struct takes `name = "…"` (else the struct's name in snake_case) and
//! `crate = "…"` (the path of the runtime crate, where it is not `::syncline_runtime`); a field and
//! a variant take `name = "…"`. Columns that a struct leaves out (`id`, the owner, timestamps) are
//! in the table all the same, and not in the struct.

mod errors;
mod runtime;
mod table;
mod words;

use proc_macro::TokenStream;

/// Implements `SyncTable` and `Row` of the runtime crate for a struct. Its rows are then read and
/// written on every side: `from_postgres` and `to_postgres`, `from_device` and `to_device`,
/// `from_upload`.
#[proc_macro_derive(SyncTable, attributes(sync))]
pub fn sync_table(input: TokenStream) -> TokenStream {
    match syn::parse(input) {
        Ok(item) => table::derive(&item).into(),
        Err(error) => error.to_compile_error().into(),
    }
}

/// Implements `SyncEnum` and `Field` of the runtime crate for an enum whose variants are the
/// words of a column.
#[proc_macro_derive(SyncEnum, attributes(sync))]
pub fn sync_enum(input: TokenStream) -> TokenStream {
    match syn::parse(input) {
        Ok(item) => words::derive(&item).into(),
        Err(error) => error.to_compile_error().into(),
    }
}
