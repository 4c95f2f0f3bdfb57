//! Edits of structs in a Rust file: attributes are extended, cut or added by the spans of their
//! tokens, and everything else keeps its bytes.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::Edit;
use crate::model::{Schema, Table};
use crate::place::Place;
use crate::rust_text;

/// A range of the text, and what takes its place.
type Splice = (Range<usize>, String);

/// Gives the text with the edits made.
///
/// # Errors
/// What stands in the way.
pub(super) fn apply(schema: &Schema, text: &str, edits: &[&Edit]) -> Result<String, String> {
    let tokens: TokenStream = text.parse().map_err(|_| "it is not Rust".to_owned())?;
    let mut splices = Vec::new();
    for table in &schema.tables {
        let own: Vec<_> = edits
            .iter()
            .copied()
            .filter(|it| it.declared() == Some(&table.name))
            .collect();
        if own.is_empty() {
            continue;
        }
        let found = Struct::find(tokens.clone(), table)
            .and_then(|item| item.splices(text, table, &own))
            .ok_or_else(|| format!("the struct of `{}` is not where it was", table.name))?;
        splices.extend(found);
    }
    splices.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in splices {
        let kept = text.get(done..range.start);
        out.push_str(kept.ok_or("two edits meet")?);
        out.push_str(&new);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Ok(out)
}

/// A struct of the file.
struct Struct {
    /// The attributes before it.
    attributes: Vec<Attribute>,
    /// Where `pub` or `struct` stands.
    start: usize,
    /// The tokens between its braces.
    fields: Vec<TokenTree>,
}

/// `#[…]`, or a doc comment.
struct Attribute {
    range: Range<usize>,
    /// The inside of `sync(…)`, where it is one.
    said: Option<Group>,
}

impl Struct {
    /// The struct that declares a table.
    fn find(tokens: TokenStream, table: &Table) -> Option<Self> {
        let at = table.place.range()?.start;
        let mut streams = vec![tokens];
        while let Some(stream) = streams.pop() {
            let tokens: Vec<_> = stream.into_iter().collect();
            let named = tokens.windows(2).position(|pair| {
                is_word(&pair[0], "struct") && pair[1].span().byte_range().start == at
            });
            if let Some(keyword) = named {
                let (attributes, start) = before(&tokens, keyword);
                let body = tokens[keyword..].iter().find_map(|it| match it {
                    TokenTree::Group(it) if it.delimiter() == Delimiter::Brace => Some(it),
                    _ => None,
                })?;
                return Some(Self {
                    attributes,
                    start,
                    fields: body.stream().into_iter().collect(),
                });
            }
            streams.extend(tokens.into_iter().filter_map(|it| match it {
                TokenTree::Group(it) => Some(it.stream()),
                _ => None,
            }));
        }
        None
    }

    fn splices(&self, text: &str, table: &Table, edits: &[&Edit]) -> Option<Vec<Splice>> {
        let mut out = Vec::new();
        let mut removed = Vec::new();
        let mut renamed = false;
        for edit in edits {
            match edit {
                Edit::RemovedColumn { column, date, .. } => {
                    removed.push(format!("{} = \"{date}\"", key_text(column)));
                }
                Edit::EndTableRename { .. } => renamed = true,
                Edit::EndColumnRename { column, .. } => {
                    let field = self.field(table.column(column)?.place)?;
                    out.push(unsay(text, &field.attributes, "renamed_from")?);
                }
                Edit::EndReplacement {
                    column, replaced, ..
                } => {
                    let field = self.field(table.column(column)?.place)?;
                    out.push(unsay(text, &field.attributes, "replaces")?);
                    let gone = table.column(replaced).and_then(|it| self.field(it.place));
                    out.extend(gone.map(|it| (whole_lines(text, it.range), String::new())));
                }
                Edit::RemovedTable { .. } => return None,
            }
        }
        let removed = removed.join(", ");
        if renamed {
            let (range, _) = unsay(text, &self.attributes, "renamed_from")?;
            let whole = self
                .attributes
                .iter()
                .find(|it| range.contains(&it.range.start));
            if let Some(only) = whole.filter(|_| !removed.is_empty()) {
                out.push((
                    only.range.clone(),
                    format!("#[sync({})]", list_of(&removed)),
                ));
                return Some(out);
            }
            out.push((range, String::new()));
        }
        if !removed.is_empty() {
            out.push(self.list(text, &removed));
        }
        Some(out)
    }

    /// Where names are added to `removed_columns`.
    fn list(&self, text: &str, names: &str) -> Splice {
        let said = || self.attributes.iter().filter_map(|it| it.said.as_ref());
        let list = said()
            .find_map(|it| key(it, "removed_columns"))
            .and_then(|it| it.value);
        if let Some(list) = list {
            return add(text, &list, names);
        }
        let whole = list_of(names);
        match said().next() {
            Some(said) => add(text, said, &whole),
            None => {
                let line = text[..self.start].rfind('\n').map_or(0, |it| it + 1);
                let indent = &text[line..self.start];
                let indent = if indent.trim().is_empty() { indent } else { "" };
                (
                    self.start..self.start,
                    format!("#[sync({whole})]\n{indent}"),
                )
            }
        }
    }

    /// The field whose name stands at `place`.
    fn field(&self, place: Place) -> Option<Field> {
        let at = place.range()?.start;
        let name = self
            .fields
            .iter()
            .position(|it| it.span().byte_range().start == at)?;
        let (attributes, start) = before(&self.fields, name);
        let start = attributes.first().map_or(start, |it| it.range.start);
        let mut depth = 0_i32;
        let mut end = self.fields[name].span().byte_range().end;
        let mut arrow = false;
        for token in &self.fields[name..] {
            end = token.span().byte_range().end;
            let TokenTree::Punct(mark) = token else {
                arrow = false;
                continue;
            };
            match mark.as_char() {
                '<' => depth += 1,
                '>' if !arrow => depth -= 1,
                ',' if depth == 0 => break,
                _ => {}
            }
            arrow = mark.as_char() == '-';
        }
        Some(Field {
            attributes,
            range: start..end,
        })
    }
}

/// A field of a struct.
struct Field {
    attributes: Vec<Attribute>,
    /// From the first attribute to the comma.
    range: Range<usize>,
}

fn list_of(names: &str) -> String {
    format!("removed_columns = {{ {names} }}")
}

/// The attributes before the token at `at`, and where its visibility, or it, begins.
fn before(tokens: &[TokenTree], at: usize) -> (Vec<Attribute>, usize) {
    let mut at = at;
    let is_parens = |it: &TokenTree| matches!(it, TokenTree::Group(it) if it.delimiter() == Delimiter::Parenthesis);
    if at >= 2 && is_parens(&tokens[at - 1]) && is_word(&tokens[at - 2], "pub") {
        at -= 2;
    } else if at >= 1 && is_word(&tokens[at - 1], "pub") {
        at -= 1;
    }
    let start = tokens[at].span().byte_range().start;
    let mut attributes = Vec::new();
    while at >= 2
        && let TokenTree::Group(group) = &tokens[at - 1]
        && matches!(&tokens[at - 2], TokenTree::Punct(it) if it.as_char() == '#')
    {
        let range = tokens[at - 2].span().byte_range().start..group.span_close().byte_range().end;
        let inside: Vec<_> = group.stream().into_iter().collect();
        let said = match inside.as_slice() {
            [name, TokenTree::Group(said)] if is_word(name, "sync") => Some(said.clone()),
            _ => None,
        };
        attributes.push(Attribute { range, said });
        at -= 2;
    }
    attributes.reverse();
    (attributes, start)
}

/// A key inside of `sync(…)`.
struct Key {
    /// The key and its value.
    range: Range<usize>,
    /// The value, where it stands in brackets of any kind.
    value: Option<Group>,
    /// The part before it ends here, where there is one, and the next one begins there.
    neighbours: (Option<usize>, Option<usize>),
}

fn key(said: &Group, name: &str) -> Option<Key> {
    let tokens: Vec<_> = said.stream().into_iter().collect();
    let is_comma = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == ',');
    let mut end_before = None;
    let mut parts = tokens.split(is_comma).peekable();
    while let Some(part) = parts.next() {
        let (Some(first), Some(last)) = (part.first(), part.last()) else {
            continue;
        };
        let range = first.span().byte_range().start..last.span().byte_range().end;
        if is_word(first, name) {
            let next = parts.peek().and_then(|it| it.first());
            return Some(Key {
                value: match last {
                    TokenTree::Group(it) => Some(it.clone()),
                    _ => None,
                },
                neighbours: (end_before, next.map(|it| it.span().byte_range().start)),
                range,
            });
        }
        end_before = Some(range.end);
    }
    None
}

/// Adds a part to what stands in brackets.
fn add(text: &str, group: &Group, part: &str) -> Splice {
    let close = group.span_close().byte_range().start;
    let open = group.span_open().byte_range().end;
    let inside = &text[open..close];
    let end = open + inside.trim_end().len();
    let separated = inside.trim_end().ends_with(',') || inside.trim().is_empty();
    let space = |wanted: bool| if wanted { " " } else { "" };
    if inside.trim().is_empty() {
        let braces = group.delimiter() == Delimiter::Brace;
        return (open..close, format!("{0}{part}{0}", space(braces)));
    }
    let before = if separated { " " } else { ", " };
    (end..end, format!("{before}{part}"))
}

/// Takes a key out of the attribute that says it; an attribute that says nothing else goes.
fn unsay(text: &str, attributes: &[Attribute], name: &str) -> Option<Splice> {
    let (attribute, key) = attributes
        .iter()
        .find_map(|it| Some((it, key(it.said.as_ref()?, name)?)))?;
    let range = match key.neighbours {
        (_, Some(next)) => key.range.start..next,
        (Some(end), None) => end..key.range.end,
        (None, None) => whole_lines(text, attribute.range.clone()),
    };
    Some((range, String::new()))
}

/// The range with the rest of its lines, where nothing but a comment stands there; else with the
/// white space behind it.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let line = text[..range.start].rfind('\n').map_or(0, |it| it + 1);
    let rest = text[range.end..]
        .find('\n')
        .map_or(text.len(), |it| range.end + it + 1);
    let behind = text[range.end..rest].trim();
    let alone = text[line..range.start].trim().is_empty();
    if alone && (behind.is_empty() || behind.starts_with("//")) {
        return line..rest;
    }
    let next = &text[range.end..];
    range.start..range.end + (next.len() - next.trim_start().len())
}

/// A name as a key: as it is, or in quotes.
fn key_text(name: &str) -> String {
    let plain = name
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && !name.starts_with(|it: char| it.is_ascii_digit());
    if plain && !name.is_empty() {
        return name.to_owned();
    }
    let mut out = String::new();
    rust_text::push_string(&mut out, name);
    out
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(it) if *it == word)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::{Edit, edit};
    use crate::source::{Files, load};

    const MAIN: &str = "[project]\nname = \"app\"\n[source]\nrust = [\"models.rs\"]\n";

    struct Both<'a>(&'a str);

    impl Files for Both<'_> {
        fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
            let text = if path.ends_with("models.rs") {
                self.0
            } else {
                MAIN
            };
            Ok(text.as_bytes().to_vec())
        }
        fn glob(&self, _: &str) -> Result<Vec<PathBuf>, String> {
            Ok(vec![PathBuf::from("models.rs")])
        }
    }

    fn edited(text: &str, edits: &[Edit]) -> String {
        let root = Path::new("syncline.toml");
        let loaded = load(&Both(text), root);
        assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
        let mut files = edit(&loaded, root, edits).expect("editable");
        assert_eq!(files.len(), 1);
        files.remove(0).after
    }

    fn removed(table: &str, column: &str) -> Edit {
        Edit::RemovedColumn {
            table: table.to_owned(),
            column: column.to_owned(),
            date: "2026-11-22".to_owned(),
        }
    }

    #[test]
    fn removed_columns_are_listed_on_the_struct() {
        let before = r#"//! Models.  // kept

mod inner {
    /// Notes.
    #[derive(Clone, SyncTable)]
    pub(crate) struct Notes {
        pub title: String,
    }
}

#[derive(SyncTable)]
#[sync(delete = "hard",)] // why
pub struct Tags { pub name: String }

#[derive(SyncTable)]
#[sync(removed_columns = { shape = "2026-01-01" }, delete = "hard")]
struct Links { url: String }
"#;
        let edits = [
            removed("notes", "body"),
            removed("tags", "odd name"),
            removed("tags", "kind"),
            removed("links", "label"),
        ];
        let after = edited(before, &edits);
        let expected = before
            .replace(
                "    pub(crate) struct",
                "    #[sync(removed_columns = { body = \"2026-11-22\" })]\n    pub(crate) struct",
            )
            .replace(
                "\"hard\",)",
                "\"hard\", removed_columns = { \"odd name\" = \"2026-11-22\", kind = \"2026-11-22\" })",
            )
            .replace(
                "\"2026-01-01\" }",
                "\"2026-01-01\", label = \"2026-11-22\" }",
            );
        assert_eq!(after, expected, "\n{after}");
        assert!(
            !load(&Both(&after), Path::new("syncline.toml"))
                .diagnostics
                .has_errors()
        );
    }

    #[test]
    fn an_attribute_that_loses_its_only_key_gets_the_list() {
        let before = "#[derive(SyncTable)]\n#[sync(renamed_from = \"memos\")]\nstruct Notes {\n    title: String,\n}\n";
        let end = Edit::EndTableRename {
            table: "notes".to_owned(),
        };
        let after = edited(before, &[removed("notes", "body"), end]);
        let expected = before.replace(
            "renamed_from = \"memos\"",
            "removed_columns = { body = \"2026-11-22\" }",
        );
        assert_eq!(after, expected);
    }

    #[test]
    fn what_ends_is_taken_out_with_its_attribute() {
        let before = r#"#[derive(SyncTable)]
#[sync(renamed_from = "memos", delete = "hard")]
pub struct Notes {
    /// Shown.
    #[sync(renamed_from = "name")]
    pub title: String,
    #[sync(max_length = 9, renamed_from = "text")]
    pub body: String, // long
    /// Old.
    #[sync(doc = "a, b")]
    pub length: Option<i32>, // gone soon
    #[sync(replaces = "length")] pub size: Option<i64>,
}
"#;
        let rename = |it: &str| Edit::EndColumnRename {
            table: "notes".to_owned(),
            column: it.to_owned(),
        };
        let edits = [
            Edit::EndTableRename {
                table: "notes".to_owned(),
            },
            rename("title"),
            rename("body"),
            Edit::EndReplacement {
                table: "notes".to_owned(),
                column: "size".to_owned(),
                replaced: "length".to_owned(),
            },
            removed("notes", "length"),
        ];
        let after = edited(before, &edits);
        let expected = r#"#[derive(SyncTable)]
#[sync(delete = "hard", removed_columns = { length = "2026-11-22" })]
pub struct Notes {
    /// Shown.
    pub title: String,
    #[sync(max_length = 9)]
    pub body: String, // long
    pub size: Option<i64>,
}
"#;
        assert_eq!(after, expected, "\n{after}");
    }
}
