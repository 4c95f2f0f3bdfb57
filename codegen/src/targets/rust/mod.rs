//! Target `rust`: the app's server.
//!
//! A crate of constant tables: for each synced table its descriptor, its statements and a row
//! struct, and a program that serves them. All code that runs is in the crates `runtime` and
//! `server`.

mod column;
mod text;
mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "rust",
    title: "the server's mappers in Rust",
    templates: templates![
        "rust/Cargo.toml.j2",
        "rust/lib.rs.j2",
        "rust/main.rs.j2",
        "rust/tables.rs.j2",
        "rust/table.rs.j2",
    ],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let package = view::lower(schema);
    out.render("rust/Cargo.toml", "rust/Cargo.toml.j2", &package)?;
    out.render("rust/src/lib.rs", "rust/lib.rs.j2", &package)?;
    out.render("rust/src/main.rs", "rust/main.rs.j2", &package)?;
    out.render("rust/src/tables/mod.rs", "rust/tables.rs.j2", &package)?;
    for table in schema.synced() {
        let module = view::lower_table(table);
        let path = format!("rust/src/tables/{}.rs", module.file);
        out.render(path, "rust/table.rs.j2", &module)?;
    }
    Ok(())
}
