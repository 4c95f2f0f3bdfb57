//! Target `service`: the PowerSync Service's configuration, and a stack to run it in.
//!
//! In: the settings. Out: `service.yaml`, which takes every secret and address from the
//! environment; `compose.yaml` with PostgreSQL, its set-up, the app's server and the service;
//! `.env.example` with the values of `syncline.toml`; the server's `Dockerfile`.

mod view;

use syncline_schema::Schema;

use super::{Emission, Target, templates};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "service",
    title: "the PowerSync Service's configuration and a compose file",
    templates: templates![
        "service/service.yaml.j2",
        "service/compose.yaml.j2",
        "service/env.example.j2",
        "service/Dockerfile.j2",
        "service/Dockerfile.dockerignore.j2",
    ],
    emit,
};

fn emit(schema: &Schema, out: &mut Emission<'_>) -> Result<(), minijinja::Error> {
    let view = view::lower(schema);
    for (path, template) in [
        ("powersync/service.yaml", "service/service.yaml.j2"),
        ("powersync/compose.yaml", "service/compose.yaml.j2"),
        ("powersync/.env.example", "service/env.example.j2"),
        ("rust/Dockerfile", "service/Dockerfile.j2"),
        (
            "rust/Dockerfile.dockerignore",
            "service/Dockerfile.dockerignore.j2",
        ),
    ] {
        out.render(path, template, &view)?;
    }
    Ok(())
}
