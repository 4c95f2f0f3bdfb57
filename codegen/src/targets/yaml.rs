//! Texts as YAML: what a template places between the lines it knows.

use std::borrow::Cow;

/// Words that some YAML reader takes for something other than text.
const WORDS: &[&str] = &[
    "false", "n", "no", "null", "off", "on", "true", "y", "yes", "~",
];

/// A text as a scalar on one line: as it is where every reader takes it for that text, else in
/// double quotes. For block context: a value or a key on a line of its own.
pub(crate) fn scalar(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(quoted(text))
    }
}

/// A text in double quotes. JSON's strings are YAML's, but for characters that YAML 1.1 takes for
/// line breaks or does not print.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in serde_json::Value::from(text).to_string().chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

fn is_plain(text: &str) -> bool {
    // Starting with a letter rules out numbers, dates, and every character that means something.
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    let printable = |c: char| matches!(c, ' '..='~') || c.is_alphanumeric();
    starts
        && text.chars().all(printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn plain_where_it_is_safe() {
        for text in [
            "SELECT * FROM t WHERE (a = 'b')",
            "http://localhost:3011",
            "x",
            "größe",
        ] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn quoted_where_it_would_be_something_else() {
        for (text, expected) in [
            ("", r#""""#),
            ("yes", r#""yes""#),
            ("Null", r#""Null""#),
            ("1.25", r#""1.25""#),
            ("*", r#""*""#),
            ("a: b", r#""a: b""#),
            ("a #b", r#""a #b""#),
            ("a:", r#""a:""#),
            ("a ", r#""a ""#),
            ("a\n\"b\"\\", r#""a\n\"b\"\\""#),
            ("a\u{2028}\u{85}", r#""a\u2028\u0085""#),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }
}
