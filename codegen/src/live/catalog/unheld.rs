//! What is there and has no place in the model: reported by name, never dropped in silence.

use syncline_schema::{Code, Diagnostic};

use crate::diff::step::TableName;

/// An object or a property that the model does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unheld {
    /// The table that it belongs to, if it belongs to one.
    pub table: Option<TableName>,
    /// What it is, with its name: ``column `people.id` ``, ``view `app.totals` ``.
    pub object: String,
    /// What of it is not held; empty where nothing of it is.
    pub what: String,
}

impl Unheld {
    /// As a finding. Something of a table that is compared otherwise weighs more than an object
    /// that stands beside.
    pub(super) fn diagnostic(&self) -> Diagnostic {
        if self.what.is_empty() {
            return Diagnostic::new(
                Code::C006,
                format!("{} has no place in a schema source", self.object),
            )
            .note("it is not compared, not planned and not imported");
        }
        Diagnostic::new(Code::C005, format!("{} {}", self.object, self.what))
            .note("a schema source cannot say so: it is not compared, not planned and not imported")
    }
}
