//! Target `drizzle_pg`: PostgreSQL's tables as Drizzle.
//!
//! In: the tables that PostgreSQL holds. Out: `pg.ts`, which describes the database that
//! `schema.sql` and the migrations make. What Drizzle cannot say of it stands in comments and
//! notes: deferrable foreign keys, included columns, `NULLS NOT DISTINCT`.

mod column;
mod constraint;
mod declared;
mod index;
mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates, typescript};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "drizzle_pg",
    title: "the server's tables as Drizzle",
    templates: templates!["drizzle_pg/pg.ts.j2"],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let side = typescript::Side::new(schema.on_server(), true);
    let view = view::lower(&side, out);
    out.render("ts/pg.ts", "drizzle_pg/pg.ts.j2", &view)
}
