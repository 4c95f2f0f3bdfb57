//! Lines for what is gone: `removed_columns`, `[removed_tables]`.

use super::default;
use super::node::Fields;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Removed;

/// Names that are gone, with the day.
pub(super) fn read(fields: Fields<'_>, out: &mut Diagnostics) -> Vec<Removed> {
    let mut list = Vec::new();
    for (name, place, node) in fields.entries() {
        let Some(date) = node.text() else { continue };
        if !default::date(date) {
            out.push(
                Diagnostic::new(Code::S017, format!("\"{date}\" is not a day"))
                    .at(node.place, "takes YYYY-MM-DD"),
            );
        }
        list.push(Removed {
            name: name.to_owned(),
            date: date.to_owned(),
            place,
        });
    }
    list
}
