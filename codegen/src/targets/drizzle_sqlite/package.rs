//! The files around the tables: they hold no more of the schema than its name and how its
//! TypeScript is imported.

use syncline_schema::Schema;
use syncline_schema::model::Extensions;

use crate::targets::{BANNER, typescript};

/// What the package's files print.
#[derive(Debug, serde::Serialize)]
pub(super) struct Package<'a> {
    banner: &'static str,
    project: &'a str,
    /// What import specifiers end in.
    extension: &'static str,
    /// The compiler's `module`.
    module: &'static str,
    /// The compiler's `moduleResolution`.
    module_resolution: &'static str,
    exports: Vec<Export>,
}

/// One line of `exports`.
#[derive(Debug, serde::Serialize)]
struct Export {
    path: String,
    /// JSON: where the path leads.
    to: String,
}

impl<'a> Package<'a> {
    pub(super) fn lower(schema: &'a Schema) -> Self {
        // Bundlers and Metro compile what they import; Node runs what `tsc` left beside it.
        let compiled = schema.settings.extensions == Extensions::Js;
        let files = [
            "index.ts",
            "sqlite.ts",
            "pg.ts",
            "app-schema.ts",
            "defaults.ts",
            "auth.ts",
            "client/*.ts",
            "client/react.tsx",
        ];
        let exports = files.map(|file| {
            let name = file.split_once('.').map_or(file, |(name, _)| name);
            Export {
                path: if name == "index" {
                    ".".to_owned()
                } else {
                    format!("./{name}")
                },
                to: if compiled {
                    format!("{{ \"types\": \"./{file}\", \"default\": \"./{name}.js\" }}")
                } else {
                    format!("\"./{file}\"")
                },
            }
        });
        Self {
            banner: BANNER,
            project: &schema.settings.project,
            extension: typescript::extension(schema),
            module: if compiled { "NodeNext" } else { "ESNext" },
            module_resolution: if compiled { "NodeNext" } else { "bundler" },
            exports: exports.into(),
        }
    }
}
