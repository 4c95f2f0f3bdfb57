//! Writes as SQL text. Holes of templates stand as [`HOLE`].

use std::collections::BTreeSet;

use super::{Part, Rows, WriteKind};

/// What stands for a hole: no name that anybody would give.
pub(super) const HOLE: &str = "__hole__";

/// What a statement says.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) kind: WriteKind,
    pub(super) table: String,
    pub(super) set: Vec<Part>,
    pub(super) rows: Rows,
    /// `DO UPDATE SET … WHERE …`
    pub(super) conflict: Option<(Vec<Part>, Rows)>,
}

/// Reads a text: none where it is no write, an error where its table or columns are holes.
pub(super) fn read(text: &str) -> Option<Result<Statement, String>> {
    let words = words(text);
    let lower: Vec<String> = words.iter().map(|it| it.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let (kind, at) = match lower.as_slice() {
        ["insert", "into", ..] => (WriteKind::Insert, 2),
        ["delete", "from", ..] => (WriteKind::Delete, 2),
        ["update", table, rest @ ..] if rest.contains(&"set") && *table != "set" => {
            (WriteKind::Update, 1)
        }
        _ => return None,
    };
    Some(statement(kind, at, &words, &lower))
}

fn statement(
    kind: WriteKind,
    mut at: usize,
    words: &[String],
    lower: &[&str],
) -> Result<Statement, String> {
    if lower.get(at) == Some(&"only") {
        at += 1;
    }
    let mut table = name(words.get(at).ok_or("it names no table")?);
    while lower.get(at + 1) == Some(&".") {
        at += 2;
        table = name(words.get(at).ok_or("it names no table")?);
    }
    if table.contains(HOLE) {
        return Err("the name of its table is computed".to_owned());
    }
    at += 1;
    let find = |word: &str, from: usize| {
        lower
            .iter()
            .skip(from)
            .position(|it| *it == word)
            .map(|n| n + from)
    };
    let end = lower.len();
    let mut found = Statement {
        kind,
        table,
        set: Vec::new(),
        rows: Rows::All,
        conflict: None,
    };
    let assigned = |from: usize, to: usize| assignments(&words[from..to]);
    let condition = |from: usize, to: usize| names(&words[from..to]);
    match kind {
        WriteKind::Insert => {
            if lower.get(at) == Some(&"(") {
                let close = find(")", at).unwrap_or(end);
                found.set = list(&words[at + 1..close]);
            } else {
                found.set.push(Part::Unknown);
            }
            if let Some(conflict) = find("conflict", at)
                && let Some(update) = find("update", conflict)
            {
                let set = find("set", update).map_or(end, |it| it + 1);
                let returning = find("returning", set.min(end)).unwrap_or(end);
                let filter = find("where", set.min(end)).unwrap_or(returning);
                let rows = if filter < returning {
                    condition(filter + 1, returning)
                } else {
                    Rows::All
                };
                found.conflict = Some((assigned(set.min(filter), filter), rows));
            }
        }
        WriteKind::Update => {
            let set = find("set", at).map_or(end, |it| it + 1);
            let returning = find("returning", set).unwrap_or(end);
            let filter = find("where", set).unwrap_or(returning);
            found.set = assigned(set.min(filter), filter);
            if filter < returning {
                found.rows = condition(filter + 1, returning);
            }
        }
        WriteKind::Delete => {
            let returning = find("returning", at).unwrap_or(end);
            if let Some(filter) = find("where", at) {
                found.rows = condition((filter + 1).min(returning), returning);
            }
        }
    }
    Ok(found)
}

/// The columns of a list in parentheses.
fn list(words: &[String]) -> Vec<Part> {
    let names = words.iter().filter(|it| *it != ",");
    names
        .map(|it| match name(it) {
            it if it.contains(HOLE) => Part::Unknown,
            it => Part::Column(it),
        })
        .collect()
}

/// The columns before each `=` of `a = 1, b = f(2)`.
fn assignments(words: &[String]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut begins = true;
    for word in words {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                begins = true;
                continue;
            }
            _ => {}
        }
        if begins {
            parts.push(match name(word) {
                it if it.contains(HOLE) => Part::Unknown,
                it => Part::Column(it),
            });
        }
        begins = false;
    }
    parts
}

/// The names in a condition; unknown where a hole may be more than a value.
fn names(words: &[String]) -> Rows {
    let mut found = BTreeSet::new();
    let mut before = "and";
    for word in words {
        let text = name(word);
        if text.contains(HOLE) {
            // A hole after an operator or in a list is a value; elsewhere it may be a condition.
            if matches!(
                before.to_lowercase().as_str(),
                "and" | "or" | "not" | "where"
            ) {
                return Rows::Unknown;
            }
        } else if text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            found.insert(text);
        }
        before = word;
    }
    Rows::Columns(found)
}

/// A name as PostgreSQL takes it.
fn name(word: &str) -> String {
    match word.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inside) => inside.to_owned(),
        None => word.to_lowercase(),
    }
}

/// Words, quoted names and single signs; texts in quotes are left out.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                for inner in chars.by_ref() {
                    if inner == '\'' {
                        break;
                    }
                }
            }
            '"' => {
                let inside: String = chars.by_ref().take_while(|it| *it != '"').collect();
                out.push(format!("\"{inside}\""));
            }
            c if c.is_alphanumeric() || c == '_' || c == '$' => {
                let mut word = c.to_string();
                while let Some(&next) = chars.peek()
                    && (next.is_alphanumeric() || next == '_' || next == '$')
                {
                    word.push(next);
                    chars.next();
                }
                out.push(word);
            }
            c if c.is_whitespace() => {}
            other => out.push(other.to_string()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(rows: &Rows) -> String {
        match rows {
            Rows::Columns(names) => names.iter().cloned().collect::<Vec<_>>().join(" "),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn writes_are_taken_apart() {
        let it = read("UPDATE notes SET title = $1, n = f(a, b) WHERE id = $2 AND owner_id = $3")
            .expect("a write")
            .expect("a table");
        assert_eq!((it.table.as_str(), it.set.len()), ("notes", 2));
        assert_eq!(columns(&it.rows), "and id owner_id");
        let it = read(
            "insert into public.\"Notes\" (id, body) values ($1, 'where') on conflict (id) do update set body = excluded.body",
        )
        .expect("a write")
        .expect("a table");
        assert_eq!((it.table.as_str(), it.set.len()), ("Notes", 2));
        assert_eq!(it.conflict.expect("an upsert").1, Rows::All);
        assert!(read("select 1").is_none());
        assert!(
            read(&format!("delete from {HOLE} where id = 1"))
                .expect("a write")
                .is_err()
        );
        let it = read(&format!("delete from notes where {HOLE}"));
        assert_eq!(it.expect("a write").expect("a table").rows, Rows::Unknown);
    }
}
