//! The reader of app schemas: calls of `new DrizzleAppSchema(…)` and `new Schema(…)`. In: TypeScript.
//! Out: the tables of the device, with their options.

use serde_json::Value as Json;
use syncline_schema::{Diagnostics, Place};

/// What the calls say.
#[derive(Debug, Default)]
pub struct AppSchema {
    /// The tables, in order.
    pub tables: Vec<AppTable>,
    /// The call.
    pub anchor: Place,
    /// A table could not be followed.
    pub gaps: bool,
    /// C001 and C005.
    pub diagnostics: Diagnostics,
}

/// One table of an app schema.
#[derive(Clone, Debug)]
pub struct AppTable {
    /// Its name on the device.
    pub name: String,
    /// Is it a Drizzle table, whose queries use its own name?
    pub drizzle: bool,
    /// Its options; none where they could not be followed.
    pub options: Option<Vec<(String, Json)>>,
    /// Where it stands in the call.
    pub place: Place,
}

#[cfg(feature = "read-ts")]
pub use self::with::read;
#[cfg(not(feature = "read-ts"))]
pub use self::without::read;

#[cfg(not(feature = "read-ts"))]
mod without {
    use super::AppSchema;
    use crate::read::text::Source;
    use crate::read::{Library, no_typescript};

    /// Says that this build cannot read TypeScript.
    pub fn read(file: &Source, _: Library<'_>) -> AppSchema {
        let mut found = AppSchema::default();
        found.diagnostics.push(no_typescript(&[file]));
        found
    }
}

#[cfg(feature = "read-ts")]
mod with {
    use syncline_schema::codes::Code;
    use syncline_schema::{Diagnostic, Place};

    use super::{AppSchema, AppTable};
    use crate::read::Library;
    use crate::read::drizzle::column::first_line;
    use crate::read::drizzle::default::json;
    use crate::read::drizzle::table;
    use crate::read::text::Source;
    use crate::read::typescript::module::{Binding, Export};
    use crate::read::typescript::resolve::{Program, Scope, Value};
    use crate::read::typescript::syntax::{Entry, Expr, Kind};
    use crate::read::typescript::{follow, walk};

    /// Reads a file, with what it imports.
    pub fn read(file: &Source, library: Library<'_>) -> AppSchema {
        let given = std::slice::from_ref(file);
        follow::read(given, Some(library), true, |program| calls(file, program)).unwrap_or_else(
            |problems| {
                let mut found = AppSchema::default();
                found.diagnostics.extend(problems);
                found
            },
        )
    }

    fn calls(file: &Source, program: &Program) -> AppSchema {
        let mut reader = Reader {
            program,
            found: AppSchema::default(),
        };
        let mut any = false;
        walk::expressions(program, |module, expr| {
            let Kind::New(callee, args) = &expr.kind else {
                return true;
            };
            let drizzle = match program.imported(callee, module) {
                Some(("@powersync/drizzle-driver", "DrizzleAppSchema")) => true,
                Some((source, "Schema")) if source.starts_with("@powersync/") => false,
                _ => return true,
            };
            any = true;
            reader.found.anchor = reader
                .found
                .anchor
                .or(first_line(program, module, &expr.span));
            match args.first() {
                Some(tables) => reader.tables(tables, &Program::top(module), drizzle, 0),
                None => reader.gap(module, expr, "it is given no tables"),
            }
            false
        });
        if !any {
            let message = format!("{} makes no app schema", file.path);
            reader.found.diagnostics.push(
                Diagnostic::new(Code::C001, message)
                    .at(Place::new(file.file, 0..0), "")
                    .help("one is read from `new DrizzleAppSchema(…)`, or from `new Schema(…)` of a PowerSync SDK"),
            );
        }
        reader.found
    }

    struct Reader<'m> {
        program: &'m Program,
        found: AppSchema,
    }

    const MAX_SPREADS: usize = 20;

    impl<'m> Reader<'m> {
        fn tables(&mut self, expr: &'m Expr, scope: &Scope<'m>, drizzle: bool, depth: usize) {
            if depth > MAX_SPREADS {
                return self.gap(scope.module, expr, "spreads nest too deep");
            }
            match self.program.value(expr, scope) {
                Value::Module(at) => self.exports(at, drizzle),
                Value::Expr(it, inner) => match &it.kind {
                    Kind::Object(entries) => {
                        for entry in entries {
                            match entry {
                                Entry::Field { key, value } => {
                                    self.one(key, value, &inner, drizzle);
                                }
                                Entry::Spread(value) => {
                                    self.tables(value, &inner, drizzle, depth + 1);
                                }
                                Entry::Other(value) => {
                                    self.gap(inner.module, value, "its name is computed");
                                }
                            }
                        }
                    }
                    Kind::Array(items) => {
                        for item in items {
                            self.one("", item, &inner, drizzle);
                        }
                    }
                    _ => self.gap(scope.module, expr, "it is no object that is written out"),
                },
                Value::Unknown(why) => self.gap(scope.module, expr, &why),
                _ => self.gap(scope.module, expr, "it is no object"),
            }
        }

        /// All tables that a file exports, itself and by `export *`: `import * as schema`.
        fn exports(&mut self, at: usize, drizzle: bool) {
            self.declared(at, drizzle);
            for other in self.program.behind_stars(at) {
                self.declared(other, drizzle);
            }
        }

        /// The exported tables that stand in a file.
        fn declared(&mut self, at: usize, drizzle: bool) {
            let Some(module) = self.program.modules.get(at) else {
                return;
            };
            for name in &module.declared {
                let exported = module.exports.values();
                let mut exported =
                    exported.filter(|it| matches!(it, Export::Local(local) if local == name));
                if exported.next().is_none() {
                    continue;
                }
                if let Some(Binding::Constant(value)) = module.names.get(name)
                    && table::known(self.program, value, &Program::top(at)).is_some()
                {
                    self.one(name, value, &Program::top(at), drizzle);
                }
            }
        }

        fn one(&mut self, key: &str, value: &'m Expr, scope: &Scope<'m>, drizzle: bool) {
            let place = first_line(self.program, scope.module, &value.span);
            if let Some(shape) = table::known(self.program, value, scope) {
                return self.push(shape.name, true, Some(Vec::new()), place);
            }
            let (it, inner) = match self.program.value(value, scope) {
                Value::Expr(it, inner) => (it, inner),
                Value::Unknown(why) => return self.gap(scope.module, value, &why),
                _ => return self.gap(scope.module, value, "it is no table"),
            };
            match &it.kind {
                // Drizzle's own driver passes over what is no table.
                Kind::Call(callee, _)
                    if drizzle
                        && matches!(
                            self.program.imported(callee, inner.module),
                            Some(("drizzle-orm", "relations" | "defineRelations"))
                        ) => {}
                Kind::Object(entries) if drizzle => {
                    let field = |name: &str| {
                        entries.iter().rev().find_map(|entry| match entry {
                            Entry::Field { key, value } if key == name => Some(value),
                            _ => None,
                        })
                    };
                    let definition = field("tableDefinition");
                    let Some(shape) = definition
                        .and_then(|definition| table::known(self.program, definition, &inner))
                    else {
                        return self.gap(scope.module, value, "its table could not be found");
                    };
                    let options = field("options");
                    let options = options.map_or(Some(Vec::new()), |it| self.options(it, &inner));
                    self.push(shape.name, true, options, place);
                }
                Kind::New(callee, args) => {
                    let is_table = matches!(
                        self.program.imported(callee, inner.module),
                        Some((source, "Table" | "TableV2")) if source.starts_with("@powersync/")
                    );
                    if !is_table || key.is_empty() {
                        return self.gap(
                            scope.module,
                            value,
                            "it is no `new Table(…)` under a name",
                        );
                    }
                    let options = args.get(1);
                    let options = options.map_or(Some(Vec::new()), |it| self.options(it, &inner));
                    self.push(key.to_owned(), false, options, place);
                }
                _ => self.gap(scope.module, value, "it is no table that is written out"),
            }
        }

        fn options(
            &self,
            options: &'m Expr,
            scope: &Scope<'m>,
        ) -> Option<Vec<(String, serde_json::Value)>> {
            match json(self.program, options, scope, 0)? {
                serde_json::Value::Object(object) => Some(object.into_iter().collect()),
                _ => None,
            }
        }

        fn push(
            &mut self,
            name: String,
            drizzle: bool,
            options: Option<Vec<(String, serde_json::Value)>>,
            place: Place,
        ) {
            if options.is_none() {
                let message = format!("the options of `{name}` could not be followed");
                let finding = Diagnostic::new(Code::C005, message).at(place, "not compared");
                self.found.diagnostics.push(finding);
            }
            self.found.tables.push(AppTable {
                name,
                drizzle,
                options,
                place,
            });
        }

        fn gap(&mut self, module: usize, expr: &Expr, why: &str) {
            self.found.gaps = true;
            let place = first_line(self.program, module, &expr.span);
            self.found.diagnostics.push(
                Diagnostic::new(
                    Code::C005,
                    format!("a table of the app schema could not be followed: {why}"),
                )
                .at(place, "not compared")
                .help("write it in place, or as a constant of this file or of one that it imports"),
            );
        }
    }
}
