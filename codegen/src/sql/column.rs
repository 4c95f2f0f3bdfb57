//! A column as `CREATE TABLE` and `ADD COLUMN` declare it.

use syncline_schema::model::Column;
use syncline_schema::types;

use super::{literal, name};

/// `name type [NOT NULL] [DEFAULT value]`.
pub fn column(column: &Column) -> String {
    let mut out = String::new();
    push(&mut out, column);
    out
}

pub(super) fn push(out: &mut String, column: &Column) {
    let column = &*column.in_postgres();
    name::push(out, &column.name);
    out.push(' ');
    out.push_str(&types::postgres(&column.ty));
    if !column.nullable {
        out.push_str(" NOT NULL");
    }
    if let Some(default) = literal::default_of(column) {
        out.push_str(" DEFAULT ");
        out.push_str(&default);
    }
}
