//! What Better Auth keeps, in its own formats: cookies, passwords, keys, tables.
//!
//! Teams move between Better Auth and this server with their users, sessions and keys, so every
//! byte here is as Better Auth 1.7 writes and reads it.

pub(crate) mod cookie;
pub(crate) mod password;
pub(super) mod seal;
pub(super) mod session;
pub(crate) mod tables;

use aws_lc_rs::rand;

/// Letters of ids and session tokens.
const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A new id or session token: 32 letters and digits, from 190 bits of chance.
///
/// # Errors
///
/// The machine gives no random bytes.
pub(crate) fn random_id() -> Result<String, NoRandom> {
    let mut id = String::with_capacity(32);
    while id.len() < 32 {
        let mut bytes = [0; 48];
        rand::fill(&mut bytes).map_err(|_| NoRandom)?;
        // Bytes over a multiple of 62 would make some letters likelier than others.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let letters = fair.map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        id.extend(letters.take(32 - id.len()));
    }
    Ok(id)
}

/// The machine gives no random bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoRandom;

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let both = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    both.map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|it| u8::try_from(it.to_digit(16)?).ok())
        .collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    rest.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_32_letters_and_differ() {
        let ids: std::collections::BTreeSet<_> =
            (0..100).map(|_| random_id().expect("an id")).collect();
        assert_eq!(ids.len(), 100);
        let letters = |id: &String| id.len() == 32 && id.bytes().all(|it| LETTERS.contains(&it));
        assert!(ids.iter().all(letters));
    }

    #[test]
    fn hex_goes_there_and_back() {
        assert_eq!(hex(&[0, 0xab, 0xff]), "00abff");
        assert_eq!(unhex("00abff"), Some(vec![0, 0xab, 0xff]));
        assert_eq!(unhex("0"), None);
        assert_eq!(unhex("0g"), None);
    }
}
