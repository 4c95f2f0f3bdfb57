//! Runs one command: its output goes through as it comes, and is read on the way.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::summary::Summary;
use crate::Result;

/// Runs it to its end. A command that fails without a failed test (it did not build) counts as one failure.
pub(crate) fn run(name: &str, command: &mut Command, summary: &mut Summary) -> Result<()> {
    let failed_before = summary.failed();
    // Only stdout is read: cargo's own talk keeps its terminal.
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run {}: {error}", command.get_program().display()))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            // If nobody reads our output any more, the tests still run to their end.
            let _ = std::io::stdout().lock().write_all(&line);
            summary.read(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child
        .wait()
        .map_err(|error| format!("lost `{name}`: {error}"))?;
    if !status.success() && summary.failed() == failed_before {
        summary.fail(format!("{name} ({status})"));
    }
    Ok(())
}
