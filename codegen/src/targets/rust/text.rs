//! Names, strings and docs as Rust source.

use std::borrow::Cow;

use syncline_schema::names;

/// rustfmt's width of a line.
pub(super) const WIDTH: usize = 100;

/// The name of a field. At most 63 bytes, so that the lines that hold it have a known width.
pub(super) fn field(name: &str) -> String {
    names::rust_ident(&names::fit(&names::snake(&ascii(name))))
}

/// The name of a table's module, and of its file.
pub(super) fn module(name: &str) -> String {
    match field(name).as_str() {
        // Rust would look for both in one file.
        "r#mod" => "mod_".to_owned(),
        ident => ident.to_owned(),
    }
}

/// The name of a table's row struct.
pub(super) fn row(name: &str) -> String {
    format!("{}Row", names::pascal(&ascii(name)))
}

/// Letters beyond ASCII by their numbers: Rust does not take all of them in names, and none in
/// the names of files.
fn ascii(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() * 2);
    for c in name.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(&format!("_u{:x}_", u32::from(c)));
        }
    }
    Cow::Owned(out.trim_matches('_').to_owned())
}

/// Appends a string literal. Line breaks stay, so that statements can be read.
pub(super) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    push_inside(out, text);
    out.push('"');
}

/// Appends what stands between the quotes of a string literal.
pub(super) fn push_inside(out: &mut String, text: &str) {
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
pub(super) fn doc(text: &str) -> Vec<String> {
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
pub(super) fn inline(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names() {
        assert_eq!(field("createdBy"), "created_by");
        assert_eq!(field("type"), "r#type");
        assert_eq!(field("self"), "self_");
        assert_eq!(field("größe"), "gr_uf6_udf_e");
        assert_eq!(module("mod"), "mod_");
        assert_eq!(row("group_hierarchy"), "GroupHierarchyRow");
        assert_eq!(row("type"), "TypeRow");
        assert!(field(&"ö".repeat(31)).len() <= 63);
    }

    #[test]
    fn strings_read_back() {
        let mut out = String::new();
        push_string(&mut out, "a \"b\" \\ ö\r\n\u{202e}{}");
        assert_eq!(out, "\"a \\\"b\\\" \\\\ ö\\r\n\\u{202e}{}\"");
    }

    #[test]
    fn docs_hold_no_control_characters() {
        let lines = doc("\n one\t \r\n\n\u{202e}two \\ \"it's\"\n\n");
        assert_eq!(lines, ["/// one", "///", "/// \u{fffd}two \\ \"it's\""]);
        assert!(doc(" \n").is_empty());
    }
}
