//! Target `docs`: the schema as a page to read, `schema.md`.
//!
//! In: the schema. Out: a Mermaid diagram of what points at what, then each table with the types
//! of its columns on both sides and the rules for its rows.

mod diagram;
mod markdown;
mod table;
mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "docs",
    title: "the schema as a page to read",
    templates: templates!["docs/schema.md.j2"],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    out.render("docs/schema.md", "docs/schema.md.j2", &view::lower(schema))
}
