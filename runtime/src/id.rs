//! What a row id may be.

use crate::invalid::{Invalid, Problem};

/// The longest id, in bytes of UTF-8.
pub const MAX_ID_BYTES: usize = 128;

/// Checks a row id: 1 to [`MAX_ID_BYTES`] bytes, no NUL.
///
/// # Errors
///
/// [`Invalid`] for the column `id` where it is empty, longer, or holds a NUL.
///
/// ```
/// use syncline_runtime::check_id;
///
/// assert!(check_id("7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c").is_ok());
/// assert!(check_id("").is_err());
/// ```
pub fn check_id(id: &str) -> Result<(), Invalid> {
    problem_with(id).map_or(Ok(()), |problem| Err(Invalid::new("id", problem)))
}

/// What is wrong with an id, if anything.
pub(crate) fn problem_with(id: &str) -> Option<Problem> {
    if id.is_empty() || id.len() > MAX_ID_BYTES {
        Some(Problem::IdLength)
    } else if id.contains('\0') {
        Some(Problem::Nul)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_in_bytes() {
        assert!(check_id("a").is_ok());
        assert!(check_id(&"a".repeat(128)).is_ok());
        assert!(check_id(&"ä".repeat(64)).is_ok());
        assert!(check_id(&"a".repeat(129)).is_err());
        assert!(check_id(&"ä".repeat(65)).is_err());
        assert!(check_id("").is_err());
        assert!(check_id("a\0b").is_err());
    }
}
