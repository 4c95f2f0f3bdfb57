//! `CREATE TABLE`.

use syncline_schema::model::Table;

use super::constraint::{self, ForeignKey};
use super::{column, name};

/// `CREATE TABLE` with its columns, primary key and checks, and the foreign keys that are given:
/// those whose tables exist by then.
pub fn create_table(table: &Table, foreign_keys: &[ForeignKey<'_>]) -> String {
    let mut out = String::with_capacity(64 + 40 * table.columns.len());
    out.push_str("CREATE TABLE ");
    name::push_table(&mut out, table);
    out.push_str(" (\n  ");
    for (at, it) in table.columns.iter().enumerate() {
        if at > 0 {
            out.push_str(",\n  ");
        }
        column::push(&mut out, it);
    }
    let key = table.key_columns();
    if !key.is_empty() {
        out.push_str(",\n  CONSTRAINT ");
        name::push(&mut out, &constraint::primary_key_name(table));
        out.push_str(" PRIMARY KEY (");
        name::push_list(&mut out, key);
        out.push(')');
    }
    for key in foreign_keys {
        out.push_str(",\n  ");
        constraint::push_foreign_key(&mut out, key);
    }
    for check in table.all_checks() {
        out.push_str(",\n  ");
        constraint::push_check(&mut out, &check);
    }
    out.push_str("\n);");
    out
}
