//! Target `postgres`: PostgreSQL's tables, roles, publication and settings.

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "postgres",
    title: "PostgreSQL's tables, roles, publication and settings",
    templates: templates![],
    emit,
};

fn emit(_schema: &Schema, _out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    Ok(())
}
