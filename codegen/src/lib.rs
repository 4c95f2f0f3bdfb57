//! Schema in, files out. [`generate`] runs the targets; [`output`] writes or checks what they made.
//!
//! Nothing here prints or exits: that is for the command line.

pub mod check;
pub mod diff;
pub mod disk;
#[cfg(feature = "live")]
pub mod doctor;
pub mod files;
pub mod import;
#[cfg(feature = "live")]
pub mod live;
pub mod migrate;
pub mod output;
pub mod read;
pub mod render;
pub mod sql;
pub mod targets;
mod templates;

use std::time::{Duration, Instant};

use syncline_schema::{Diagnostic, Diagnostics, Schema};

use crate::files::FileSet;
use crate::targets::Target;

/// What the targets made of a schema.
#[derive(Debug, Default)]
pub struct Generated {
    /// Every file, by path below the output folder.
    pub files: FileSet,
    /// What one side cannot have, target by target.
    pub notes: Diagnostics,
    /// How long each target took.
    pub timings: Vec<(&'static str, Duration)>,
}

/// Runs `targets` over a sound schema. A pure function of the schema, but for the timings.
///
/// # Errors
/// A template that does not fit its view: a defect of Syncline, never of the schema.
pub fn generate(schema: &Schema, targets: &[&Target]) -> Result<Generated, minijinja::Error> {
    let templates = templates::Templates::new(targets)?;
    let mut generated = Generated::default();
    for target in targets {
        let start = Instant::now();
        let mut emission = targets::Emission::new(target.name, &templates, &mut generated);
        (target.emit)(schema, &mut emission)?;
        generated.timings.push((target.name, start.elapsed()));
    }
    Ok(generated)
}

/// What a schema asks for that the chosen outputs cannot hold, and that must not be left out in
/// silence: errors, to be reported before anything is written.
pub fn refusals(schema: &Schema) -> Vec<Diagnostic> {
    targets::sync_rules::inexpressible(schema)
}
