//! Without an SQL reader: nothing is judged here. The command line has one, and judges the same
//! source again.

/// Lets everything pass.
pub(crate) fn check_expression(_: &str) -> Result<(), &'static str> {
    Ok(())
}
