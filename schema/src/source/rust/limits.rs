//! What is refused before syn sees it: it recurses, and a stack overflow cannot be caught.

use proc_macro2::{TokenStream, TokenTree};

/// How deep brackets may nest in a file. Code nests some twenty deep.
const MAX_BRACKETS: usize = 200;

/// How deep `<` may nest in a struct.
const MAX_ANGLES: usize = 64;

/// How many tokens of a struct may follow each other without a comma: `&&&&T` nests, too.
const MAX_RUN: usize = 1_000;

/// Counts brackets outside strings and comments. Gives the byte where they nest too deep.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'/' if bytes[at..].starts_with(b"//") => {
                at += bytes[at..]
                    .iter()
                    .position(|&byte| byte == b'\n')
                    .unwrap_or(bytes.len() - at);
            }
            b'/' if bytes[at..].starts_with(b"/*") => at += comment(&bytes[at..]),
            b'r' if !is_word(bytes, at) => at += raw_string(&bytes[at..]),
            b'"' => at += string(&bytes[at..]),
            b'\'' => at += character(&bytes[at..]),
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_BRACKETS {
                    return Some(at);
                }
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => at += 1,
        }
    }
    None
}

/// Does the byte go on with a word? The letters before a raw string (`br"…"`) do not count.
fn is_word(bytes: &[u8], at: usize) -> bool {
    let letter = |at: usize| bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
    match at {
        0 => false,
        1 => letter(0) && !matches!(bytes[0], b'b' | b'c'),
        _ => letter(at - 1) && (letter(at - 2) || !matches!(bytes[at - 1], b'b' | b'c')),
    }
}

/// The length of a block comment; they nest.
fn comment(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1);
    while at < bytes.len() && depth > 0 {
        if bytes[at..].starts_with(b"/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if bytes[at..].starts_with(b"*/") {
            (at, depth) = (at + 2, depth - 1);
        } else {
            at += 1;
        }
    }
    at
}

/// The length of a raw string that begins with this `r`, or of the letter where it is none.
fn raw_string(bytes: &[u8]) -> usize {
    let hashes = bytes[1..].iter().take_while(|&&byte| byte == b'#').count();
    if bytes.get(1 + hashes) != Some(&b'"') {
        return 1;
    }
    let start = hashes + 2;
    let mut at = start;
    while at < bytes.len() {
        let closes = bytes[at] == b'"'
            && bytes[at + 1..].len() >= hashes
            && bytes[at + 1..at + 1 + hashes]
                .iter()
                .all(|&byte| byte == b'#');
        if closes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    bytes.len()
}

fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The length of a character, or of the sign of a lifetime.
fn character(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'\\') => {
            let end = bytes.iter().skip(3).position(|&byte| byte == b'\'');
            end.map_or(1, |end| end + 4)
        }
        Some(first) => {
            let length = match first {
                0..=0x7f => 1,
                0x80..=0xdf => 2,
                0xe0..=0xef => 3,
                _ => 4,
            };
            if bytes.get(1 + length) == Some(&b'\'') {
                length + 2
            } else {
                1
            }
        }
        None => 1,
    }
}

/// Is an item simple enough for syn?
pub(super) fn is_flat(tokens: TokenStream) -> bool {
    let (mut angles, mut run) = (0_usize, 0_usize);
    for token in tokens {
        run += 1;
        match &token {
            TokenTree::Group(group) if !is_flat(group.stream()) => return false,
            TokenTree::Punct(sign) => match sign.as_char() {
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                ',' | ';' | '#' => run = 0,
                _ => {}
            },
            _ => {}
        }
        if angles > MAX_ANGLES || run > MAX_RUN {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_brackets_count() {
        let deep = "(".repeat(300);
        for fine in [
            format!("const A: &str = \"{deep}\";"),
            format!("const A: &str = r#\"{deep}\"#; // {deep}"),
            format!(
                "/* /* {deep} */ {deep} */ fn a<'a>(b: &'a str) {{ '(' ; '\\'' ; '\\u{{28}}' }}"
            ),
            format!("const A: &[u8] = br\"{deep}\"; let r = 1; bar(\"{deep}\")"),
            "(){}".repeat(300),
        ] {
            assert_eq!(too_deep(&fine), None, "{fine}");
        }
        assert_eq!(too_deep(&format!("fn a() {{ {deep} }}")), Some(9 + 199));
        assert!(too_deep(&format!("'a {deep}")).is_some());
        assert!(too_deep(&format!("r {deep}")).is_some());
    }

    #[test]
    fn what_nests_without_brackets_counts() {
        let flat = |text: &str| is_flat(text.parse().expect("tokens"));
        assert!(flat("struct A { a: Option<Vec<u8>>, b: String }"));
        assert!(!flat(&format!(
            "struct A {{ a: {}u8{} }}",
            "V<".repeat(80),
            ">".repeat(80)
        )));
        assert!(!flat(&format!("struct A {{ a: {}u8 }}", "&".repeat(2_000))));
    }
}
