//! The one printer of SQL for PostgreSQL: one object in, one statement out, ending in `;`.
//!
//! Targets and migrations put statements in order; what a statement looks like is decided here.
//! Names are quoted where they need it, constraints are always named, and nothing is guessed:
//! the same object gives the same text wherever it is printed.

mod access;
mod column;
mod comment;
mod constraint;
mod index;
mod name;
mod object;
mod publication;
pub mod roles;
mod step;
mod table;
mod write;

pub use access::{
    Privileges, create_owner_policy, enable_row_security, grant_on_schema, grant_on_tables,
    owner_condition, owner_policy,
};
pub use column::column;
pub use comment::{comment_on_column, comment_on_table};
pub use constraint::{
    ForeignKey, Tables, add_check, add_foreign_key, by_name, foreign_keys, primary_key_name,
};
pub use index::create_index;
pub use name::{list, qualified};
pub use object::{create_enum, create_schema};
pub use publication::{PUBLICATION, set_publication_tables};
pub use step::step;
pub use syncline_schema::literal::{self, default_of, literal};
pub use table::create_table;
pub use write::{Statement, current, delete, patch, put, rejection};
