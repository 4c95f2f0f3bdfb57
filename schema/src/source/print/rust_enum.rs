//! Enums for the words of columns.

use std::collections::BTreeSet;

use super::rust::{is_ident, push_string};
use crate::names;

/// An enum whose variants are these words; none where a word makes no name of its own.
pub(super) fn of(name: &str, words: &[String]) -> Option<String> {
    let mut taken = BTreeSet::new();
    let mut out = String::from("#[derive(Debug, Clone, Copy, PartialEq, Eq, SyncEnum)]\n");
    out.push_str(&format!("pub enum {name} {{\n"));
    for word in words {
        let variant = names::pascal(word);
        if !is_ident(&variant) || !taken.insert(variant.clone()) {
            return None;
        }
        if names::snake(&variant) != *word {
            out.push_str("    #[sync(name = ");
            push_string(&mut out, word);
            out.push_str(")]\n");
        }
        out.push_str(&format!("    {variant},\n"));
    }
    out.push_str("}\n");
    Some(out)
}
