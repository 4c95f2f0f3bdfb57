//! Findings on their way out, with the table that each is about.

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::suppress::Finding;
use syncline_schema::{Diagnostic, Place};

/// All findings of a run.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) list: Vec<Finding>,
}

impl Findings {
    /// Adds what is about no table in particular.
    pub(super) fn plain(&mut self, diagnostic: Diagnostic) {
        self.list.push(Finding {
            table: None,
            diagnostic: explained(diagnostic),
        });
    }

    /// Adds what is about a table.
    pub(super) fn about(&mut self, table: &str, diagnostic: Diagnostic) {
        self.list.push(Finding {
            table: Some(table.to_owned()),
            diagnostic: explained(diagnostic),
        });
    }
}

/// Why it matters that something could not be read, and what to do: readers need not say it again.
fn explained(mut diagnostic: Diagnostic) -> Diagnostic {
    let (why, help) = match diagnostic.code {
        Code::C001 => ("nothing of this file is compared", None),
        Code::C005 => (
            "nobody looks at what is in it: drift there is not found",
            Some("write it in place, or as a constant of a file that is read"),
        ),
        Code::C004 if diagnostic.severity != Severity::Note && diagnostic.help.is_empty() => {
            return diagnostic.help("write the type that the schema has, or change the source");
        }
        _ => return diagnostic,
    };
    if diagnostic.notes.is_empty() {
        diagnostic = diagnostic.note(why);
    }
    match help {
        Some(help) if diagnostic.help.is_empty() => diagnostic.help(help),
        _ => diagnostic,
    }
}

/// Two types that are not quite the same: how bad it is, and why.
#[derive(Debug)]
pub(super) struct Misfit {
    severity: Severity,
    why: String,
}

impl Misfit {
    /// Values are lost, changed or refused.
    pub(super) fn clash(why: impl Into<String>) -> Option<Self> {
        Some(Self {
            severity: Severity::Error,
            why: why.into(),
        })
    }

    /// Values at the edge are lost or changed.
    pub(super) fn risk(why: impl Into<String>) -> Option<Self> {
        Some(Self {
            severity: Severity::Warning,
            why: why.into(),
        })
    }

    /// Nothing is lost; the types are just not the same.
    pub(super) fn note(why: impl Into<String>) -> Option<Self> {
        Some(Self {
            severity: Severity::Note,
            why: why.into(),
        })
    }

    /// As a diagnostic: the subject's place first, then the schema's.
    pub(super) fn diagnostic(
        self,
        name: &str,
        found: (Place, &str),
        declared: (Place, String),
    ) -> Diagnostic {
        let (place, written) = found;
        let message = match self.severity {
            // Notes are shown on one line.
            Severity::Note => {
                format!(
                    "the type of `{name}` here is not quite the schema's: {}",
                    self.why
                )
            }
            _ => format!("the type of `{name}` here does not meet the schema's"),
        };
        let mut diagnostic = Diagnostic::new(Code::C004, message)
            .at(place, format!("`{written}`"))
            .at(declared.0, declared.1);
        if self.severity != Severity::Note {
            diagnostic = diagnostic.note(self.why);
        }
        diagnostic.severity = self.severity;
        diagnostic
    }
}
