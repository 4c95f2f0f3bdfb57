//! The items of a file, told apart by their first words. Bodies are single tokens here, so what
//! is not ours costs nothing.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Lit;

/// Something that the reader has to look at.
pub(super) enum Found {
    /// A struct with `#[derive(SyncTable)]`.
    Table(TokenStream),
    /// An enum with `#[derive(SyncEnum)]`.
    Words(TokenStream),
    /// `mod name;`.
    Module(Module),
}

/// A module in a file of its own.
pub(super) struct Module {
    pub(super) name: Ident,
    /// The modules of the same file around it.
    inside: Vec<String>,
    /// `#[path = "…"]`.
    path: Option<String>,
    /// It has a `cfg`, and may be left out.
    pub(super) conditional: bool,
}

impl Module {
    /// Where its file may be, if `file` declares it.
    pub(super) fn files(&self, file: &Path) -> Vec<PathBuf> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let stem = file.file_stem().unwrap_or_default();
        let own = ["mod", "lib", "main"].iter().any(|it| stem == *it);
        let mut below = if own {
            folder.to_owned()
        } else {
            folder.join(stem)
        };
        below.extend(&self.inside);
        if let Some(path) = &self.path {
            let base = if self.inside.is_empty() {
                folder
            } else {
                &below
            };
            return vec![base.join(path)];
        }
        let name = self.name.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        vec![
            below.join(format!("{name}.rs")),
            below.join(name).join("mod.rs"),
        ]
    }
}

/// The items of a file, in order.
pub(super) fn items(tokens: TokenStream) -> Vec<Found> {
    let mut found = Vec::new();
    walk(tokens, &mut Vec::new(), &mut found);
    found
}

/// An item ends with `;` or with the first braces. What that cuts in pieces (`use a::{b};`) is
/// none of ours.
fn walk(tokens: TokenStream, inside: &mut Vec<String>, found: &mut Vec<Found>) {
    let mut item: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let ends = match &token {
            TokenTree::Punct(sign) => sign.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        item.push(token);
        if is_inner_attribute(&item) {
            item.clear();
        }
        if ends {
            take(std::mem::take(&mut item), inside, found);
        }
    }
}

/// `#![…]`, and with it `//! …`: it is about what is around the item, not the item's own.
fn is_inner_attribute(item: &[TokenTree]) -> bool {
    let is =
        |token: &TokenTree, sign| matches!(token, TokenTree::Punct(it) if it.as_char() == sign);
    matches!(item, [hash, bang, TokenTree::Group(_)] if is(hash, '#') && is(bang, '!'))
}

fn take(item: Vec<TokenTree>, inside: &mut Vec<String>, found: &mut Vec<Found>) {
    let head = Head::read(&item);
    let (Some(keyword), Some(name)) = (head.keyword, head.name) else {
        return;
    };
    if keyword == "mod" {
        match item.last() {
            Some(TokenTree::Group(body)) => {
                inside.push(name.to_string());
                walk(body.stream(), inside, found);
                inside.pop();
            }
            _ => found.push(Found::Module(Module {
                name: name.clone(),
                inside: inside.clone(),
                path: head.path,
                conditional: head.conditional,
            })),
        }
        return;
    }
    // A derive in the wrong place is said to be so by the reader.
    if head.derives.iter().any(|it| it == "SyncTable") {
        found.push(Found::Table(item.into_iter().collect()));
    } else if head.derives.iter().any(|it| it == "SyncEnum") {
        found.push(Found::Words(item.into_iter().collect()));
    }
}

/// What stands before the body of an item.
#[derive(Default)]
struct Head<'a> {
    derives: Vec<String>,
    path: Option<String>,
    conditional: bool,
    /// `mod`, `struct`, `enum` or `union`.
    keyword: Option<&'a Ident>,
    name: Option<&'a Ident>,
}

impl<'a> Head<'a> {
    fn read(item: &'a [TokenTree]) -> Self {
        let mut head = Self::default();
        let mut tokens = item.iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    let _ = tokens.next_if(
                        |next| matches!(next, TokenTree::Punct(sign) if sign.as_char() == '!'),
                    );
                    if let Some(TokenTree::Group(attribute)) = tokens.next() {
                        head.attribute(attribute.stream());
                    }
                }
                TokenTree::Ident(word) if word == "pub" => {
                    let _ = tokens.next_if(|next| matches!(next, TokenTree::Group(_)));
                }
                TokenTree::Ident(word)
                    if ["mod", "struct", "enum", "union"]
                        .iter()
                        .any(|it| word == it) =>
                {
                    head.keyword = Some(word);
                    head.name = match tokens.next() {
                        Some(TokenTree::Ident(name)) => Some(name),
                        _ => None,
                    };
                    return head;
                }
                _ => return head,
            }
        }
        head
    }

    fn attribute(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter();
        let Some(TokenTree::Ident(word)) = tokens.next() else {
            return;
        };
        match (word.to_string().as_str(), tokens.next()) {
            ("derive", Some(TokenTree::Group(list))) => self.derives(list.stream()),
            ("cfg" | "cfg_attr", _) => self.conditional = true,
            ("path", Some(_)) => {
                if let Some(TokenTree::Literal(literal)) = tokens.next()
                    && let Lit::Str(text) = Lit::new(literal)
                {
                    self.path = Some(text.value());
                }
            }
            _ => {}
        }
    }

    /// The last parts of the paths in the list.
    fn derives(&mut self, list: TokenStream) {
        let mut last = None;
        for token in list {
            match token {
                TokenTree::Ident(word) => last = Some(word.to_string()),
                TokenTree::Punct(sign) if sign.as_char() == ',' => self.derives.extend(last.take()),
                _ => {}
            }
        }
        self.derives.extend(last);
    }
}
