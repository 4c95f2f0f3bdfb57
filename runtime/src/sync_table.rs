//! The trait that ties a Rust type to its table.

use crate::table::Table;

/// A row type with a table behind it. Generated code and `#[derive(SyncTable)]` implement it.
///
/// There is no registration: a schema in code is a list of types.
///
/// ```
/// use syncline_runtime::{Column, Role, Scalar, SyncTable, Table};
///
/// struct Project {
///     id: String,
/// }
///
/// impl SyncTable for Project {
///     const TABLE: &'static Table =
///         &Table::new("projects", &[Column::new("id", "id", Scalar::Text).role(Role::Id)]);
/// }
///
/// let schema: &[&Table] = &[Project::TABLE];
/// assert_eq!(schema[0].name, "projects");
/// # let _ = Project { id: String::new() }.id;
/// ```
pub trait SyncTable: Sized {
    /// The table whose rows the type holds.
    const TABLE: &'static Table;
}
