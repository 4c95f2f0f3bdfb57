//! The one place that writes to stdout and stderr.

use std::io::{IsTerminal, Write};

use syncline_codegen::render;
use syncline_schema::{Diagnostics, Sources};

use crate::args::Color;

/// Where talk and output go.
#[derive(Debug)]
pub(crate) struct Ui {
    colour: bool,
    quiet: bool,
    terminal: bool,
}

impl Ui {
    pub(crate) fn new(color: Color, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let colour = match color {
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty()),
            Color::Always => true,
            Color::Never => false,
        };
        Self {
            colour,
            quiet,
            terminal,
        }
    }

    /// Machine output. A reader that has gone away is no failure of ours.
    pub(crate) fn out(&self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(text.as_bytes());
        let _ = stdout.flush();
    }

    /// Talk, a line.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            self.write(&format!("{line}\n"));
        }
    }

    /// Progress, a line: only where somebody watches.
    pub(crate) fn progress(&self, line: &str) {
        if self.terminal {
            self.say(line);
        }
    }

    /// A line that the next one replaces: only where somebody watches.
    #[cfg(feature = "live")]
    pub(crate) fn passing(&self, line: &str) {
        if self.terminal && !self.quiet {
            self.write(&format!("\r\x1b[K{line}"));
        }
    }

    /// Does somebody watch?
    #[cfg(feature = "live")]
    pub(crate) fn is_watched(&self) -> bool {
        self.terminal
    }

    /// Why the tool could not do its work.
    pub(crate) fn fail(&self, line: &str) {
        self.write(&format!("syncline: {line}\n"));
    }

    /// Findings, drawn. `--quiet` leaves the notes out.
    pub(crate) fn findings(&self, found: &Diagnostics, sources: &Sources) {
        if self.quiet {
            let mut loud = found.clone();
            loud.retain(|it| it.severity != syncline_schema::Severity::Note);
            self.write(&render::human(&loud, sources, self.colour));
        } else {
            self.write(&render::human(found, sources, self.colour));
        }
    }

    /// [`Self::findings`], table by table.
    pub(crate) fn findings_by_table(&self, found: &Diagnostics, sources: &Sources) {
        let mut found = found.clone();
        found.retain(|it| !self.quiet || it.severity != syncline_schema::Severity::Note);
        self.write(&render::by_table(&found, sources, self.colour));
    }

    fn write(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// `1 migration`, `2 migrations`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
