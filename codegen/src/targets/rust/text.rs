//! Names, strings and docs as Rust source.

use std::borrow::Cow;

use syncline_schema::names;
pub(super) use syncline_schema::rust_text::{doc, inline, push_inside, push_string};

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
