//! Target `postgres`: PostgreSQL's tables, roles, publication and settings.
//!
//! Four files: `schema.sql` is what the migrations add up to; `setup.sql` and `teardown.sql` make
//! and remove what the PowerSync Service and the app's server need beside the tables;
//! `server-settings.sql` is for those who run the server themselves.

mod setup;
mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "postgres",
    title: "PostgreSQL's tables, roles, publication and settings",
    templates: templates![
        "postgres/schema.sql.j2",
        "postgres/setup.sql.j2",
        "postgres/server-settings.sql.j2",
        "postgres/teardown.sql.j2",
    ],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let ddl = view::lower(schema);
    out.render("postgres/schema.sql", "postgres/schema.sql.j2", &ddl)?;
    let setup = setup::lower(schema);
    for name in ["setup", "server-settings", "teardown"] {
        out.render(
            format!("postgres/{name}.sql"),
            &format!("postgres/{name}.sql.j2"),
            &setup,
        )?;
    }
    Ok(())
}
