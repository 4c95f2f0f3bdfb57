//! Target `rust`: the server's mappers in Rust.

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "rust",
    title: "the server's mappers in Rust",
    templates: templates![],
    emit,
};

fn emit(_schema: &Schema, _out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    Ok(())
}
