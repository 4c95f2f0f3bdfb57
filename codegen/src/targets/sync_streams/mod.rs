//! Target `sync_streams`: the sync config as Sync Streams (edition 3).
//!
//! In: the tables and the streams of the schema. Out: `sync-config.yaml`. The PowerSync Service
//! compares its text, so nothing of a doc, a version or a hash gets in.

mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "sync_streams",
    title: "the sync config, as Sync Streams",
    templates: templates!["sync_streams/sync-config.yaml.j2"],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let view = view::lower(schema);
    out.render(
        "powersync/sync-config.yaml",
        "sync_streams/sync-config.yaml.j2",
        &view,
    )
}
