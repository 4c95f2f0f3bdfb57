//! What is refused before parsing: files that are no text, too large, or nested too deep.

use std::path::Path;

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::place::{FileId, Place};

/// The largest source file, in bytes: some 50,000 tables.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// How deep brackets may nest; the language itself needs four.
const MAX_DEPTH: usize = 32;

/// The text of a file, or why it has none.
pub(super) fn text_of(bytes: Vec<u8>, path: &Path) -> Result<String, Diagnostic> {
    let shown = path.display();
    if bytes.len() > MAX_BYTES {
        let size = bytes.len() / (1024 * 1024);
        return Err(
            Diagnostic::new(Code::S019, format!("{shown} has {size} MiB")).help(format!(
                "a source file may have {} MiB; split it with `include`",
                MAX_BYTES >> 20
            )),
        );
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(
            Diagnostic::new(Code::S018, format!("{shown} holds a NUL byte at byte {at}"))
                .help("is this a binary file? A source file is TOML, in UTF-8"),
        );
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Diagnostic::new(
            Code::S018,
            format!("{shown} is not UTF-8 from byte {at} on"),
        )
        .help("save the file as UTF-8")
    })
}

/// Counts brackets outside strings and comments, so that no parser ever recurses past the limit.
pub(super) fn check(text: &str, file: FileId) -> Result<(), Diagnostic> {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => at += line_rest(&bytes[at..]),
            b'"' | b'\'' => at += string_len(&bytes[at..], byte),
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Diagnostic::new(Code::S019, "the source is nested too deep")
                        .at(Place::new(file, at..at + 1), format!("level {depth}"))
                        .help(format!(
                            "brackets may nest {MAX_DEPTH} deep; the language needs four"
                        )));
                }
                at += 1;
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => at += 1,
        }
    }
    Ok(())
}

fn line_rest(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(bytes.len())
}

/// The length of the string that begins here, quotes included; of a broken one, up to its line's end.
fn string_len(bytes: &[u8], quote: u8) -> usize {
    let triple = [quote; 3];
    if bytes.starts_with(&triple) {
        let mut at = 3;
        while at < bytes.len() && !bytes[at..].starts_with(&triple) {
            at += if bytes[at] == b'\\' && quote == b'"' {
                2
            } else {
                1
            };
        }
        return (at + 3).min(bytes.len());
    }
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            b'\n' => return at,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
