//! The text of a query that the user wrote.

use sqlparser::tokenizer::Token;
use syncline_schema::sql;

/// The query on one line: every run of blanks outside strings and quoted names becomes one space.
///
/// The service compares the text of its config, so that breaking a line anew in the source must
/// not change it. A text that is no SQL stays as it is.
pub fn one_line(query: &str) -> String {
    let Ok(tokens) = sql::tokens(query) else {
        return query.trim().to_owned();
    };
    let mut out = String::with_capacity(query.len());
    let mut starts = tokens.iter().map(|token| {
        let at = token.span.start;
        (at.line, at.column)
    });
    let mut blanks = tokens
        .iter()
        .map(|token| matches!(token.token, Token::Whitespace(_)));
    let mut next = starts.next();
    let mut in_blank = false;
    let (mut line, mut column) = (1, 1);
    for c in query.chars() {
        // Both count characters from 1.
        while next == Some((line, column)) {
            in_blank = blanks.next().unwrap_or(false);
            if in_blank && !out.ends_with(' ') {
                out.push(' ');
            }
            next = starts.next();
        }
        if !in_blank {
            out.push(c);
        }
        if c == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn blanks_become_one_space_and_texts_stay() {
        let query = "\n  SELECT *\n\tFROM \"a  b\"\r\n  WHERE x = 'it''s  \n two' AND ü = 1\n";
        let expected = "SELECT * FROM \"a  b\" WHERE x = 'it''s  \n two' AND ü = 1";
        assert_eq!(one_line(query), expected);
        assert_eq!(one_line(expected), expected);
    }

    #[test]
    fn text_that_is_no_query_stays() {
        assert_eq!(one_line(" SELECT 'open "), "SELECT 'open");
        assert_eq!(one_line("SELECT 1 -- one\n"), "SELECT 1 -- one");
    }
}
