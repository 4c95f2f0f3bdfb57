//! Target `sync_streams`: the sync config, as Sync Streams.

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "sync_streams",
    title: "the sync config, as Sync Streams",
    templates: templates![],
    emit,
};

fn emit(_schema: &Schema, _out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    Ok(())
}
