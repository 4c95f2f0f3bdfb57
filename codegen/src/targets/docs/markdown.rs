//! Texts as Markdown (GitHub's).

/// A text in a line of prose or in a cell of a table: on one line, and no HTML.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        push_escaped(&mut out, word);
    }
    out
}

/// A text of several lines as the lines of a quotation, which nothing in it can leave.
pub(super) fn lines(text: &str) -> Vec<String> {
    let trimmed = text.trim().lines();
    trimmed
        .map(|line| {
            let mut out = String::with_capacity(line.len());
            push_escaped(&mut out, line.trim_end());
            out
        })
        .collect()
}

/// A name or a piece of SQL as code, on one line.
pub(super) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_code(&mut out, text);
    out
}

/// Appends a name or a piece of SQL as code, on one line.
pub(super) fn push_code(out: &mut String, text: &str) {
    if !text.contains(|c: char| c == '`' || c == '|' || c.is_control()) {
        out.push('`');
        out.push_str(text);
        out.push('`');
        return;
    }
    // Longer than any run of backticks inside.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    out.push_str(&fence);
    out.push_str(pad);
    for c in text.chars() {
        match c {
            // In a table, a pipe ends the cell even inside code.
            '|' => out.push_str("\\|"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push_str(pad);
    out.push_str(&fence);
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '|' => out.push_str("\\|"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_where_they_are_put() {
        assert_eq!(text("a | <b>\n## c"), "a \\| &lt;b> ## c");
        assert_eq!(lines(" a\n\n<!-- b  \n"), ["a", "", "&lt;!-- b"]);
        assert_eq!(code("x"), "`x`");
        assert_eq!(code("a``b|`"), "``` a``b\\|` ```");
    }
}
