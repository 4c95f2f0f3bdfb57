//! `CREATE TABLE` and PowerSync's `CREATE VIEW`, as SQLite keeps them.

use std::ops::Range;

/// A word, a quoted name, a text, or one other character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Without quotes.
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Name,
    Text,
    Sign,
}

impl Token {
    fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    fn sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// The tokens of a statement, comments left out.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let quote = match c {
            '"' | '`' | '\'' => Some(c),
            '[' => Some(']'),
            _ => None,
        };
        let (length, token) = if c.is_whitespace() {
            (c.len_utf8(), None)
        } else if rest.starts_with("--") {
            (rest.find('\n').unwrap_or(rest.len()), None)
        } else if rest.starts_with("/*") {
            (rest.find("*/").map_or(rest.len(), |it| it + 2), None)
        } else if let Some(close) = quote {
            let (length, text) = quoted(rest, close);
            let kind = if c == '\'' { Kind::Text } else { Kind::Name };
            (length, Some((text, kind)))
        } else if c.is_alphanumeric() || c == '_' {
            let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
            (length, Some((rest[..length].to_owned(), Kind::Word)))
        } else {
            (c.len_utf8(), Some((c.to_string(), Kind::Sign)))
        };
        if let Some((text, kind)) = token {
            let range = at..at + length;
            out.push(Token { text, kind, range });
        }
        at += length;
    }
    out
}

/// A quoted thing: its length with quotes, and what it means.
fn quoted(rest: &str, close: char) -> (usize, String) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != close {
            text.push(c);
        } else if close != ']' && chars.peek().is_some_and(|(_, next)| *next == close) {
            text.push(c);
            chars.next();
        } else {
            return (at + c.len_utf8(), text);
        }
    }
    (rest.len(), text)
}

/// A column as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) name: String,
    /// The declared type; empty where there is none.
    pub(super) ty: String,
    pub(super) range: Range<usize>,
}

/// The parts of the first parentheses at or behind `from`, split at commas, and what follows.
fn list(tokens: &[Token], from: usize) -> (Vec<&[Token]>, usize) {
    let Some(open) = tokens[from..].iter().position(|it| it.sign("(")) else {
        return (Vec::new(), tokens.len());
    };
    let start = from + open + 1;
    let (mut depth, mut begin, mut parts) = (0_usize, start, Vec::new());
    for (at, token) in tokens.iter().enumerate().skip(start) {
        if token.sign("(") {
            depth += 1;
        } else if token.sign(")") && depth == 0 {
            parts.push(&tokens[begin..at]);
            return (parts, at + 1);
        } else if token.sign(")") {
            depth -= 1;
        } else if token.sign(",") && depth == 0 {
            parts.push(&tokens[begin..at]);
            begin = at + 1;
        }
    }
    (parts, tokens.len())
}

const CONSTRAINTS: &[&str] = &[
    "constraint",
    "primary",
    "unique",
    "check",
    "foreign",
    "not",
    "null",
    "default",
    "collate",
    "references",
    "generated",
    "as",
];

/// The columns of `CREATE TABLE name (…)`.
pub(super) fn table(tokens: &[Token]) -> Vec<Declared> {
    let (parts, _) = list(tokens, 0);
    let constraint = |it: &Token| CONSTRAINTS.iter().any(|word| it.is(word));
    parts
        .into_iter()
        .filter_map(|part| {
            let (name, rest) = part.split_first()?;
            if constraint(name) && name.kind == Kind::Word {
                return None;
            }
            let ty: Vec<_> = rest
                .iter()
                .take_while(|it| !constraint(it))
                .map(|it| it.text.as_str())
                .collect();
            Some(Declared {
                name: name.text.clone(),
                ty: ty.join(" "),
                range: name.range.clone(),
            })
        })
        .collect()
}

/// PowerSync's view over a table of JSON: the columns, and the table behind it. None for another view.
pub(super) fn view(tokens: &[Token]) -> Option<(Vec<Declared>, String)> {
    let (names, end) = list(tokens, 0);
    let select = end + tokens[end..].iter().position(|it| it.is("select"))? + 1;
    let from = tokens.iter().rposition(|it| it.is("from"))?;
    let behind = tokens.get(from + 1)?.text.clone();
    let mut depth = 0_usize;
    let mut items: Vec<Range<usize>> = Vec::from([Range {
        start: select,
        end: select,
    }]);
    for (at, token) in tokens.iter().enumerate().take(from).skip(select) {
        if token.sign("(") {
            depth += 1;
        } else if token.sign(")") {
            depth = depth.saturating_sub(1);
        }
        if token.sign(",") && depth == 0 {
            items.push(at + 1..at + 1);
        } else if let Some(last) = items.last_mut() {
            last.end = at + 1;
        }
    }
    if items.len() != names.len() || !behind.starts_with("ps_data_") {
        return None;
    }
    let columns = names.iter().zip(items).filter_map(|(name, item)| {
        let name = name.first()?;
        // CAST(json_extract(data, '$.title') as TEXT)
        let item = tokens.get(item)?;
        let ty = match item.iter().rposition(|it| it.is("as")) {
            Some(at) => item.get(at + 1)?.text.clone(),
            None if item.first().is_some_and(|it| it.is("id")) => "TEXT".to_owned(),
            None => String::new(),
        };
        Some(Declared {
            name: name.text.clone(),
            ty,
            range: name.range.clone(),
        })
    });
    Some((columns.collect(), behind))
}
