//! `CREATE INDEX`.

use syncline_schema::model::{Index, IndexPart, Nulls};

use super::name;
use crate::diff::TableName;

/// An index or a unique rule; `concurrently` outside transactions only.
pub fn create_index(table: &TableName, index: &Index, concurrently: bool) -> String {
    let mut out = String::from("CREATE ");
    if index.unique {
        out.push_str("UNIQUE ");
    }
    out.push_str("INDEX ");
    if concurrently {
        out.push_str("CONCURRENTLY IF NOT EXISTS ");
    }
    name::push(&mut out, &index.name);
    out.push_str(" ON ");
    out.push_str(&table.to_string());
    if let Some(method) = &index.method {
        out.push_str(" USING ");
        name::push(&mut out, method);
    }
    out.push_str(" (");
    for (at, column) in index.columns.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        match &column.part {
            IndexPart::Column(column) => name::push(&mut out, column),
            IndexPart::Expression(sql) => {
                out.push('(');
                out.push_str(sql);
                out.push(')');
            }
        }
        if let Some(opclass) = &column.opclass {
            out.push(' ');
            name::push(&mut out, opclass);
        }
        if column.desc {
            out.push_str(" DESC");
        }
        match column.nulls {
            Some(Nulls::First) => out.push_str(" NULLS FIRST"),
            Some(Nulls::Last) => out.push_str(" NULLS LAST"),
            None => {}
        }
    }
    out.push(')');
    if !index.include.is_empty() {
        out.push_str(" INCLUDE (");
        name::push_list(&mut out, index.include.iter().map(String::as_str));
        out.push(')');
    }
    if index.nulls_not_distinct {
        out.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        out.push_str(" WHERE ");
        out.push_str(predicate);
    }
    out.push(';');
    out
}
