//! Target `sync_rules`: the sync config as sync rules, the older form.
//!
//! In: the tables and the streams of the schema. Out: `sync_rules.yaml`, which sends the same rows
//! as `sync-config.yaml`. A stream that sync rules cannot express is left out with a note; where
//! the service loads this file it is an error instead, by [`inexpressible`].

mod condition;
mod expression;
mod lookup;
mod printed;
mod translate;
mod view;

use syncline_schema::codes::Code;
use syncline_schema::model::SyncFormat;
use syncline_schema::{Diagnostic, Schema};

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "sync_rules",
    title: "the sync config, as sync rules",
    templates: templates!["sync_rules/sync_rules.yaml.j2"],
    emit,
};

/// What keeps the service from loading sync rules that send everything: an L015 for each stream
/// that they cannot express, where `format = "rules"` says that it loads them. For the command
/// line to ask before anything is written.
pub fn inexpressible(schema: &Schema) -> Vec<Diagnostic> {
    if schema.settings.sync.format != SyncFormat::Rules {
        return Vec::new();
    }
    let left_out = view::lower(schema).left_out.into_iter();
    left_out
        .map(|it| {
            Diagnostic::new(
                Code::L015,
                format!(
                    "sync rules cannot express {}: {}",
                    it.what, it.refusal.reason
                ),
            )
            .at(it.refusal.place, "")
            .help("set format = \"streams\" under [sync], or say it in a simpler way")
        })
        .collect()
}

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let lowered = view::lower(schema);
    for it in lowered.left_out {
        let message = format!(
            "sync_rules.yaml leaves out {}: {}",
            it.what, it.refusal.reason
        );
        out.note(it.refusal.place, message);
    }
    out.render(
        "powersync/sync_rules.yaml",
        "sync_rules/sync_rules.yaml.j2",
        &lowered.view,
    )
}
