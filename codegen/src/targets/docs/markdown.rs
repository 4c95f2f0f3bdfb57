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
    let one_line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // Longer than any run of backticks inside.
    let longest = one_line
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if one_line.starts_with('`') || one_line.ends_with('`') {
        " "
    } else {
        ""
    };
    // In a table, a pipe ends the cell even inside code.
    format!("{fence}{pad}{}{pad}{fence}", one_line.replace('|', "\\|"))
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
