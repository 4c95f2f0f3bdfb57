//! Enums whose variants are the words of a column.

use crate::typed_array::Mismatch;
use crate::value::Value;

/// An enum as the type of a column's field. `#[derive(SyncEnum)]` implements it, together with
/// [`Field`](crate::Field).
pub trait SyncEnum: Sized {
    /// The words, in order.
    const WORDS: &'static [&'static str];

    /// The variant of this word; none where it is no word of the enum.
    fn from_word(word: &str) -> Option<Self>;

    /// The word of this variant.
    fn word(&self) -> &'static str;

    /// The variant of a text value.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where it is no text, or no word of the enum.
    fn from_text(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Text(word) => Self::from_word(&word).ok_or(Mismatch),
            _ => Err(Mismatch),
        }
    }

    /// The word as a text value.
    fn to_text(&self) -> Value {
        Value::Text(self.word().to_owned())
    }
}

/// Is it one of the words? For use in constants: the derive has the compiler look whether a
/// default is one.
pub const fn is_word(words: &[&str], word: &str) -> bool {
    let mut at = 0;
    while at < words.len() {
        if same(words[at].as_bytes(), word.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// `==`, which constants do not have.
const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found() {
        assert!(is_word(&["a", "b c"], "b c"));
        assert!(!is_word(&["a", "b c"], "b"));
        assert!(!is_word(&[], ""));
    }
}
