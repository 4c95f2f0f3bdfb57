//! What a column that takes the place of another holds in the rows that are there already.

use syncline_schema::convert::convert;
use syncline_schema::model::{Column, Table};

use super::write;

/// The value of `column` from the column that it was, or that it replaces, in the same row; none
/// where it takes no other's place. It never fails: what cannot be converted is NULL, or the
/// default of a column that takes no NULL.
pub fn fill(table: &Table, column: &Column) -> Option<String> {
    let former = table.former_of(column)?;
    let name = syncline_schema::names::quote_sql(&former.name);
    if former.is_former_name() {
        return Some(name);
    }
    let converted = convert(former, column, &name)?;
    Some(match write::default(column).filter(|_| !column.nullable) {
        Some(default) => format!("coalesce({converted}, {default})"),
        None => converted,
    })
}
