//! SQL expressions, compared by meaning: what a person wrote against what PostgreSQL makes of it.
//!
//! PostgreSQL keeps an expression as a tree and prints it anew: `status IN ('a', 'b')` comes back
//! as `((status = ANY (ARRAY['a'::text, 'b'::text])))`. So both spellings are read into one small
//! tree, in which what PostgreSQL adds by itself is left out: parentheses, casts of constants to
//! the type beside them, casts to text. What cannot be read is compared by its tokens.

mod node;
mod parse;
mod value;

pub use value::instant;

use crate::read::sql::token::{self, Kind};

/// The longest expression that is read, in bytes. Longer ones are compared by their tokens.
const MAX_BYTES: usize = 64 * 1024;

/// One text for all spellings of an expression, wherever it is sure that they mean the same. It
/// is for comparing; PostgreSQL may not read it.
pub fn canonical(sql: &str) -> String {
    if is_plain(sql) {
        return sql.to_owned();
    }
    let tokens = token::tokens(sql);
    if sql.len() <= MAX_BYTES
        && let Some(node) = parse::expression(sql, &tokens)
    {
        return node.to_string();
    }
    let words: Vec<_> = tokens
        .iter()
        .map(|it| match it.kind {
            Kind::Word => it.of(sql).to_lowercase(),
            _ => it.of(sql).to_owned(),
        })
        .collect();
    words.join(" ")
}

/// Do two expressions mean the same, whoever spelled them? False where it is not sure.
pub fn same(a: &str, b: &str) -> bool {
    a == b || canonical(a) == canonical(b)
}

/// A column or a number by itself, as most are where expressions are listed.
fn is_plain(sql: &str) -> bool {
    !sql.is_empty()
        && sql
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !matches!(sql, "current_timestamp" | "null")
}
