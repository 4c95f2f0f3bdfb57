//! Target `drizzle_pg`: the server's tables as Drizzle.

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "drizzle_pg",
    title: "the server's tables as Drizzle",
    templates: templates![],
    emit,
};

fn emit(_schema: &Schema, _out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    Ok(())
}
