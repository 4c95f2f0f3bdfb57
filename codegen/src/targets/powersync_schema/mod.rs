//! Target `powersync_schema`: the PowerSync schema of the device.
//!
//! In: the tables that the device holds. Out: `app-schema.ts`, which gives the tables of
//! `sqlite.ts` their PowerSync options.

mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "powersync_schema",
    title: "the app's PowerSync schema",
    templates: templates!["powersync_schema/app-schema.ts.j2"],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let view = view::View::lower(schema);
    out.render(
        "ts/app-schema.ts",
        "powersync_schema/app-schema.ts.j2",
        &view,
    )
}
