//! Columns in expressions, found by their tokens.

use std::ops::Range;

use syncline_schema::names;

use crate::read::sql::token::{self, Kind, Token};

/// Does the expression name this column?
pub(super) fn mentions(sql: &str, column: &str) -> bool {
    // Most expressions do not even hold the letters.
    if !sql.to_lowercase().contains(&column.to_lowercase()) {
        return false;
    }
    !places(sql, column).is_empty()
}

/// The expression with the column's new name.
pub(super) fn renamed(sql: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut end = 0;
    for place in places(sql, from) {
        out.push_str(&sql[end..place.start]);
        out.push_str(&names::quote_sql(to));
        end = place.end;
    }
    out.push_str(&sql[end..]);
    out
}

fn places(sql: &str, column: &str) -> Vec<Range<usize>> {
    let tokens = token::tokens(sql);
    let named = |at: usize| is_column(sql, &tokens, at, column);
    (0..tokens.len())
        .filter(|at| named(*at))
        .map(|at| tokens[at].start..tokens[at].end)
        .collect()
}

/// Is the token at `at` this column's name, and not that of a function, type or field?
fn is_column(sql: &str, tokens: &[Token], at: usize, column: &str) -> bool {
    let text = |at: usize| tokens.get(at).map_or("", |it| it.of(sql));
    let written = text(at);
    let same = match tokens[at].kind {
        Kind::Word => written.to_lowercase() == column && names::is_plain_sql(column),
        Kind::Quoted => written.get(1..written.len() - 1) == Some(&column.replace('"', "\"\"")),
        _ => false,
    };
    same && !matches!(text(at + 1), "(" | ".")
        && !(at > 0 && text(at - 1) == "::")
        // `(document).title` is a field of a row; `documents.title` a column with its table.
        && !(at > 1 && text(at - 1) == "." && text(at - 2) == ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_what_is_spelled_like_them() {
        let sql = "lower(name) <> 'name' AND \"name\" ~ x::name AND name(1) > 0 AND NAME IS NULL";
        assert_eq!(
            renamed(sql, "name", "order"),
            "lower(\"order\") <> 'name' AND \"order\" ~ x::name AND name(1) > 0 AND \"order\" IS NULL"
        );
        assert!(mentions("t.title = ''", "title"));
        assert!(!mentions("(t).title = ''", "title"));
        assert!(!mentions("titles = ''", "title"));
        assert!(mentions("\"Größe\" > 1", "Größe"));
    }
}
