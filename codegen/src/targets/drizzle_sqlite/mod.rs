//! Target `drizzle_sqlite`: the device's tables as Drizzle, with the TypeScript package.
//!
//! In: the tables that the device holds. Out: `sqlite.ts`, `defaults.ts` (what fills new rows),
//! `index.ts`, and the package's `package.json`, `tsconfig.json` and `drizzle.config.ts`.

mod column;
mod index;
mod package;
mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates, typescript};
use package::Package;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "drizzle_sqlite",
    title: "the device's tables as Drizzle, with the TypeScript package",
    templates: templates![
        "drizzle_sqlite/sqlite.ts.j2",
        "drizzle_sqlite/defaults.ts.j2",
        "drizzle_sqlite/index.ts.j2",
        "drizzle_sqlite/package.json.j2",
        "drizzle_sqlite/tsconfig.json.j2",
        "drizzle_sqlite/drizzle.config.ts.j2",
    ],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let side = typescript::Side::new(schema.on_device(), false);
    let view = view::lower(schema, &side, out);
    out.render("ts/sqlite.ts", "drizzle_sqlite/sqlite.ts.j2", &view)?;
    let package = Package::lower(schema);
    out.render("ts/defaults.ts", "drizzle_sqlite/defaults.ts.j2", &package)?;
    out.render("ts/index.ts", "drizzle_sqlite/index.ts.j2", &package)?;
    out.render(
        "ts/package.json",
        "drizzle_sqlite/package.json.j2",
        &package,
    )?;
    out.render(
        "ts/tsconfig.json",
        "drizzle_sqlite/tsconfig.json.j2",
        &package,
    )?;
    out.render(
        "ts/drizzle.config.ts",
        "drizzle_sqlite/drizzle.config.ts.j2",
        &package,
    )
}
