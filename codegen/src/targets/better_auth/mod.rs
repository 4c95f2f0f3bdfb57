//! Target `better_auth`: the options of Better Auth's `jwt` plugin that match `[auth]`.
//!
//! In: the auth settings. Out: `auth.ts`.

mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "better_auth",
    title: "Better Auth's options",
    templates: templates!["better_auth/auth.ts.j2"],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let view = view::lower(&schema.settings.auth, out);
    out.render("ts/auth.ts", "better_auth/auth.ts.j2", &view)
}
