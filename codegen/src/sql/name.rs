//! Names in SQL.

use syncline_schema::model::Table;
use syncline_schema::names;

/// Appends a name, quoted where it needs it.
pub(super) fn push(out: &mut String, name: &str) {
    if names::is_plain_sql(name) {
        out.push_str(name);
    } else {
        out.push('"');
        for c in name.chars() {
            if c == '"' {
                out.push('"');
            }
            out.push(c);
        }
        out.push('"');
    }
}

/// Appends a text as a literal.
pub(super) fn push_text(out: &mut String, text: &str) {
    out.push('\'');
    for c in text.chars() {
        if c == '\'' {
            out.push('\'');
        }
        out.push(c);
    }
    out.push('\'');
}

/// Appends a table's name with its schema, where that is not `public`.
pub(super) fn push_table(out: &mut String, table: &Table) {
    if let Some(schema) = &table.schema {
        push(out, schema);
        out.push('.');
    }
    push(out, &table.name);
}

/// Appends names, separated by commas.
pub(super) fn push_list<'a>(out: &mut String, names: impl IntoIterator<Item = &'a str>) {
    for (at, name) in names.into_iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push(out, name);
    }
}

/// A table's name as statements write it: with its schema, where that is not `public`.
pub fn qualified(table: &Table) -> String {
    let mut out = String::with_capacity(table.name.len() + 8);
    push_table(&mut out, table);
    out
}

/// Names, quoted where they need it and separated by commas.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    push_list(&mut out, names);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_need_it() {
        assert_eq!(
            list(["plain", "order", "createdBy", "a\"b", "größe", "1st"]),
            "plain, \"order\", \"createdBy\", \"a\"\"b\", \"größe\", \"1st\""
        );
    }
}
