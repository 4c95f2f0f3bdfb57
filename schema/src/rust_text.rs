//! Strings and docs as Rust source.

/// Appends a string literal. Line breaks stay, so that statements can be read.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    push_inside(out, text);
    out.push('"');
}

/// Appends what stands between the quotes of a string literal.
pub fn push_inside(out: &mut String, text: &str) {
    // Whole stretches of what may stay: statements are long, and there are many of them.
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| !stays(c)) {
        let (plain, behind) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = behind.chars();
        out.extend(chars.next().into_iter().flat_map(char::escape_debug));
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Can it stand in a string literal and mean itself?
fn stays(c: char) -> bool {
    match c {
        '"' | '\\' => false,
        '\n' | ' '..='~' => true,
        c => c.is_alphanumeric(),
    }
}

/// A text as the lines of a doc comment, slashes included, without what Rust takes for something
/// else. None for a text of nothing but white space.
pub fn doc(text: &str) -> Vec<String> {
    let lines = text.trim().lines().map(|line| {
        let line = line.trim_end();
        if line.is_empty() {
            return "///".to_owned();
        }
        let mut out = String::with_capacity(line.len() + 4);
        out.push_str("/// ");
        out.extend(line.chars().map(printable));
        out
    });
    lines.collect()
}

/// A name in the middle of a doc comment.
pub fn inline(name: &str) -> String {
    name.chars().map(printable).collect()
}

/// Control characters may not stand in comments, and those that turn the direction of writing
/// would show one thing and mean another.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        ' '..='~' => c,
        c if c.escape_debug().len() == 1 => c,
        _ => '\u{fffd}',
    }
}
