//! Expressions as PostgreSQL prints them, in the words of the model: those of the SQL reader, so
//! that a migration and the database that it made say the same.

use syncline_schema::model::{ColumnType, DefaultValue};

use crate::read::sql;

/// A condition or another expression. How it is spelled is the comparer's to see through.
pub(super) fn condition(printed: &str) -> String {
    printed.to_owned()
}

/// A column's default; none where it is NULL.
pub(super) fn default(printed: &str, ty: &ColumnType) -> Option<DefaultValue> {
    sql::default(printed, ty)
}
