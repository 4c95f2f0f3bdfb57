//! The queries, one file a noun, each with what a row of it says. Set-based: their number does
//! not grow with the database.

mod access;
mod attached;
mod columns;
mod constraints;
mod indexes;
mod relations;
mod types;

pub(super) use access::{GrantRow, MemberRow, PolicyRow, PublicationRow};
pub(super) use attached::{AttachedRow, LooseRow};
pub(super) use columns::ColumnRow;
pub(super) use constraints::ConstraintRow;
pub(super) use indexes::IndexRow;
pub(super) use relations::RelationRow;
pub(super) use types::TypeRow;
