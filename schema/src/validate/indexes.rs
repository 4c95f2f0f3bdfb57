//! Indexes and unique rules.

use super::Scope;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Access, Index, Table};

/// Every column of an index exists, once.
pub(super) fn known_columns(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    for index in &table.indexes {
        let names = index.columns.iter().filter_map(|part| part.name());
        let mut seen: Vec<&str> = Vec::new();
        for name in names.chain(index.include.iter().map(String::as_str)) {
            if table.column(name).is_none() {
                let known = table.columns.iter().map(|it| it.name.as_str());
                out.push(
                    Diagnostic::new(
                        Code::S013,
                        format!("table `{}` has no column `{name}`", table.name),
                    )
                    .at(index.place, "unknown column")
                    .help_opt(did_you_mean(name, known)),
                );
            } else if seen.contains(&name) {
                out.push(
                    Diagnostic::new(
                        Code::S015,
                        format!("index `{}` names `{name}` twice", index.name),
                    )
                    .at(index.place, ""),
                );
            }
            seen.push(name);
        }
    }
}

/// A rule across owners tells one tenant what another has.
pub(super) fn global(_: &Scope<'_>, table: &Table, out: &mut Diagnostics) {
    let owner = table.owner().filter(|_| table.access == Access::Owner);
    let Some(owner) = owner.map(|owner| owner.name.as_str()) else {
        return;
    };
    let across = |index: &&Index| {
        let names_owner = index.columns.iter().any(|part| part.name() == Some(owner));
        index.global && !names_owner
    };
    for index in table.indexes.iter().filter(across) {
        out.push(
            Diagnostic::new(
                Code::S014,
                format!("unique rule `{}` holds across owners", index.name),
            )
            .at(index.place, "global")
            .note("a user can find out which values other users have, and block them")
            .help("leave `global` out, or say why it is sound: # syncline-ignore S014: reason"),
        );
    }
}
