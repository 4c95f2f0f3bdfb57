//! Expressions as PostgreSQL prints them, in the spelling of the model.

use syncline_schema::model::{ColumnType, DefaultValue};

/// A condition or another expression.
pub(super) fn condition(printed: &str) -> String {
    printed.to_owned()
}

/// A column's default.
pub(super) fn default(printed: &str, _ty: &ColumnType) -> DefaultValue {
    DefaultValue::Raw(printed.to_owned())
}
