//! What the files of the client print.

use syncline_schema::Schema;
use syncline_schema::model::Extensions;

use crate::targets::{BANNER, typescript};

/// The files that every app has alike, but for these few words.
#[derive(Debug, serde::Serialize)]
pub(super) struct Around {
    banner: &'static str,
    /// What import specifiers end in.
    extension: &'static str,
    /// The compiler's `module`.
    module: &'static str,
    /// The compiler's `moduleResolution`.
    module_resolution: &'static str,
    /// What the server tells this app's schema by.
    schema_version: String,
}

impl Around {
    pub(super) fn lower(schema: &Schema) -> Self {
        let compiled = schema.settings.extensions == Extensions::Js;
        Self {
            banner: BANNER,
            extension: typescript::extension(schema),
            module: if compiled { "NodeNext" } else { "ESNext" },
            module_resolution: if compiled { "NodeNext" } else { "bundler" },
            schema_version: syncline_schema::version::version(schema),
        }
    }
}
