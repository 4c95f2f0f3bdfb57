//! Bytes to text: what is refused before any parser sees it.

use std::path::Path;
use std::sync::Arc;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, FileId, Sources};

/// A subject's text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id, for places.
    pub file: FileId,
    /// Where it stands, as it is shown, with `/`.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
}

/// The largest subject, in bytes: some 10,000 tables.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Adds a subject's text to `sources`.
///
/// # Errors
/// C001, where the bytes are no text or too many.
pub fn add(sources: &mut Sources, path: &Path, bytes: &[u8]) -> Result<Source, Diagnostic> {
    let shown = path.display().to_string().replace('\\', "/");
    let refuse = |why: String, help: &str| {
        Err(Diagnostic::new(Code::C001, format!("cannot read {shown}: {why}")).help(help))
    };
    if bytes.len() > MAX_BYTES {
        return refuse(
            format!("it has {} MiB", bytes.len().div_ceil(1 << 20)),
            &format!("a subject may have {} MiB", MAX_BYTES >> 20),
        );
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return refuse(
            format!("it holds a NUL byte at byte {at}"),
            "is this a binary file? A subject is text, in UTF-8",
        );
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            let file = sources.add(path, text.clone());
            Ok(Source {
                file,
                path: shown,
                text,
            })
        }
        Err(error) => refuse(
            format!("it is not UTF-8 from byte {} on", error.valid_up_to()),
            "save the file as UTF-8",
        ),
    }
}
