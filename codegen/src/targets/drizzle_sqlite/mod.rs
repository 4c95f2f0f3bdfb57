//! Target `drizzle_sqlite`: the device's tables as Drizzle, with the TypeScript package.

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "drizzle_sqlite",
    title: "the device's tables as Drizzle, with the TypeScript package",
    templates: templates![],
    emit,
};

fn emit(_schema: &Schema, _out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    Ok(())
}
