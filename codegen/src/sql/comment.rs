//! `COMMENT ON`: the docs of the source, where people who look at the database find them.

use syncline_schema::model::{Column, Table};

use super::name;

/// The table's doc, if it has one.
pub fn comment_on_table(table: &Table) -> Option<String> {
    let doc = table.doc.as_deref()?;
    let mut out = String::from("COMMENT ON TABLE ");
    name::push_table(&mut out, table);
    Some(is(out, doc))
}

/// The column's doc, if it has one.
pub fn comment_on_column(table: &Table, column: &Column) -> Option<String> {
    let doc = column.doc.as_deref()?;
    let mut out = String::from("COMMENT ON COLUMN ");
    name::push_table(&mut out, table);
    out.push('.');
    name::push(&mut out, &column.name);
    Some(is(out, doc))
}

fn is(mut out: String, doc: &str) -> String {
    out.push_str(" IS ");
    name::push_text(&mut out, doc);
    out.push(';');
    out
}
