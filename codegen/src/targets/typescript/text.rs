//! Strings, comments and SQL in TypeScript source. Whatever the user wrote stays inside them.

use std::fmt::Write;

use syncline_schema::types::typescript_string;

/// A string in double quotes.
pub(in crate::targets) fn string(text: &str) -> String {
    // Nearly every string is a name: not worth a JSON writer.
    if text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_- ".contains(&b))
    {
        return format!("\"{text}\"");
    }
    typescript_string(text)
}

/// An SQL text as Drizzle's `sql` takes it.
pub(in crate::targets) fn sql(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${")
        .replace('\r', "\\r");
    format!("sql`{text}`")
}

/// A documentation comment with its line break, or nothing where `text` is blank.
pub(in crate::targets) fn doc_comment(text: &str, indent: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    // TypeScript obeys directives even here, and complains of those that it does not need.
    let text = text.replace("*/", "*\\/").replace("@ts-", "@ ts-");
    let mut lines = text.split(is_line_break).map(str::trim_end);
    let mut out = String::with_capacity(text.len() + 16);
    match (lines.next(), lines.next()) {
        (Some(first), None) => {
            let _ = writeln!(out, "{indent}/** {first} */");
        }
        (first, second) => {
            let _ = writeln!(out, "{indent}/**");
            for line in first.into_iter().chain(second).chain(lines) {
                let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
            }
            let _ = writeln!(out, "{indent} */");
        }
    }
    out
}

/// A comment on one line, with its line break.
pub(in crate::targets) fn line_comment(text: &str, indent: &str) -> String {
    let mut out = format!("{indent}// ");
    out.extend(text.chars().map(|c| if is_line_break(c) { ' ' } else { c }));
    out.push('\n');
    out
}

/// Does it end a line in ECMAScript?
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_hold_what_they_are_given() {
        assert_eq!(doc_comment(" \n", ""), "");
        assert_eq!(doc_comment("A */ b", "  "), "  /** A *\\/ b */\n");
        assert_eq!(
            doc_comment("One.\n\nTwo. ", ""),
            "/**\n * One.\n *\n * Two.\n */\n"
        );
        assert_eq!(line_comment("a\nb\u{2028}c", ""), "// a b c\n");
    }

    #[test]
    fn sql_holds_what_it_is_given() {
        assert_eq!(sql(r"x ~ '\d' || '`${y}'"), r"sql`x ~ '\\d' || '\`\${y}'`");
    }
}
