//! What a name or a call stands for, across the files of a group. Follows constants, imports
//! between the files, object literals, and functions that return one expression; all else is
//! [`Value::Unknown`] with the reason.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::module::{Binding, Export, Module, is_drizzle};
use super::syntax::{Entry, Expr, Function, Kind, Param};

/// The files of a group.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) modules: Vec<Module>,
    by_path: HashMap<String, usize>,
    depth: Cell<usize>,
    steps: Cell<usize>,
}

/// How long a chain of names may be before it is taken for a circle.
const MAX_DEPTH: usize = 200;

/// How many steps a run may take: constants that spread each other twice grow without bound.
const MAX_STEPS: usize = 2_000_000;

/// Where an expression's names are looked up.
#[derive(Clone, Debug)]
pub(super) struct Scope<'m> {
    pub(super) module: usize,
    params: Option<Rc<Params<'m>>>,
}

/// The parameters of a function that is being followed.
#[derive(Debug)]
struct Params<'m> {
    names: Vec<(&'m str, Value<'m>)>,
    outer: Option<Rc<Params<'m>>>,
}

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(super) enum Value<'m> {
    /// An expression that is not a name of something else.
    Expr(&'m Expr, Scope<'m>),
    /// A text made on the way.
    Text(String),
    /// What Drizzle exports under this name.
    Drizzle(String),
    /// An object with all of Drizzle's column builders in it.
    Builders,
    /// All that another of the files exports.
    Module(usize),
    /// It cannot be known, and why.
    Unknown(String),
}

impl Program {
    pub(super) fn new(modules: Vec<Module>) -> Self {
        let by_path = modules
            .iter()
            .enumerate()
            .map(|(at, module)| (normal(&module.path), at))
            .collect();
        Self {
            modules,
            by_path,
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// The scope of a file's top level.
    pub(super) fn top(module: usize) -> Scope<'static> {
        Scope {
            module,
            params: None,
        }
    }

    /// The file that a specifier means, where it is among those given.
    pub(super) fn import(&self, from: usize, source: &str) -> Option<usize> {
        let importer = &self.modules.get(from)?.path;
        let folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = normal(&format!("{folder}/{source}"));
        let stem = path
            .strip_suffix(".js")
            .or_else(|| path.strip_suffix(".mjs"))
            .unwrap_or(&path);
        let stem = stem.strip_suffix(".ts").unwrap_or(stem);
        [
            "",
            ".ts",
            ".mts",
            ".js",
            ".mjs",
            ".tsx",
            "/index.ts",
            "/index.js",
        ]
        .iter()
        .find_map(|end| self.by_path.get(&format!("{stem}{end}")).copied())
    }

    /// Follows an expression to what it comes to.
    pub(super) fn value<'m>(&'m self, expr: &'m Expr, scope: &Scope<'m>) -> Value<'m> {
        self.steps.set(self.steps.get() + 1);
        if self.depth.get() >= MAX_DEPTH {
            return Value::Unknown("its values go round in a circle".to_owned());
        }
        if self.steps.get() >= MAX_STEPS {
            return Value::Unknown("the files are too entangled".to_owned());
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.step(expr, scope);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn step<'m>(&'m self, expr: &'m Expr, scope: &Scope<'m>) -> Value<'m> {
        let itself = || Value::Expr(expr, scope.clone());
        match &expr.kind {
            Kind::Name(name) => self.name(name, scope),
            Kind::Member(object, property) => match self.value(object, scope) {
                Value::Builders => Value::Drizzle(property.clone()),
                Value::Module(at) => self.exported(at, property).unwrap_or_else(|| {
                    Value::Unknown(format!("`{property}` is not exported there"))
                }),
                Value::Expr(object, inner) => match &object.kind {
                    Kind::Object(entries) => {
                        let found = self.field(entries, property, &inner);
                        found
                            .unwrap_or_else(|| Value::Unknown(format!("`{property}` is not found")))
                    }
                    _ => itself(),
                },
                Value::Unknown(why) => Value::Unknown(why),
                _ => itself(),
            },
            Kind::Call(callee, args) => {
                // A method chain is taken apart by who reads it.
                if matches!(&callee.kind, Kind::Member(object, _) if matches!(object.kind, Kind::Call(..)))
                {
                    return itself();
                }
                match self.value(callee, scope) {
                    Value::Expr(function, inner) => match &function.kind {
                        Kind::Function(function) => self.apply(function, &inner, args, scope),
                        _ => itself(),
                    },
                    Value::Unknown(why) => Value::Unknown(why),
                    _ => itself(),
                }
            }
            _ => itself(),
        }
    }

    /// What a function returns for these arguments.
    pub(super) fn apply<'m>(
        &'m self,
        function: &'m Function,
        inner: &Scope<'m>,
        args: &'m [Expr],
        scope: &Scope<'m>,
    ) -> Value<'m> {
        let values = args.iter().map(|arg| self.value(arg, scope)).collect();
        match bind(function, inner, values) {
            Some((result, scope)) => self.value(result, &scope),
            None => Value::Unknown("a function does more than return one expression".to_owned()),
        }
    }

    /// The text that an expression comes to.
    pub(super) fn text<'m>(&'m self, expr: &'m Expr, scope: &Scope<'m>) -> Result<String, String> {
        match self.value(expr, scope) {
            Value::Text(text) => Ok(text),
            Value::Unknown(why) => Err(why),
            Value::Expr(Expr { kind, .. }, scope) => match kind {
                Kind::Text(text) => Ok(text.clone()),
                Kind::Template(texts, holes) => {
                    let mut out = String::new();
                    for (at, text) in texts.iter().enumerate() {
                        out.push_str(text);
                        if let Some(hole) = holes.get(at) {
                            out.push_str(&self.text(hole, &scope)?);
                        }
                    }
                    Ok(out)
                }
                _ => Err("it is no text".to_owned()),
            },
            Value::Drizzle(_) | Value::Builders | Value::Module(_) => {
                Err("it is no text".to_owned())
            }
        }
    }

    fn name<'m>(&'m self, name: &'m str, scope: &Scope<'m>) -> Value<'m> {
        let mut params = scope.params.as_ref();
        while let Some(inner) = params {
            if let Some((_, value)) = inner.names.iter().find(|(known, _)| *known == name) {
                return value.clone();
            }
            params = inner.outer.as_ref();
        }
        self.top_level(name, scope.module)
    }

    fn top_level(&self, name: &str, module: usize) -> Value<'_> {
        match self.modules.get(module).and_then(|it| it.names.get(name)) {
            Some(Binding::Constant(value)) => self.value(value, &Self::top(module)),
            Some(Binding::Namespace { source }) if is_drizzle(source) => Value::Builders,
            Some(Binding::Namespace { source }) => match self.import(module, source) {
                Some(at) => Value::Module(at),
                None => Value::Unknown(format!("`{name}` is all of \"{source}\"")),
            },
            Some(Binding::Import {
                source,
                name: export,
            }) => self.export(module, source, export),
            None => Value::Unknown(format!("`{name}` is not declared at the top of this file")),
        }
    }

    /// What another file exports under a name.
    fn export(&self, importer: usize, source: &str, name: &str) -> Value<'_> {
        if is_drizzle(source) {
            return Value::Drizzle(name.to_owned());
        }
        if !source.starts_with('.') {
            return Value::Unknown(format!("`{name}` comes from the package \"{source}\""));
        }
        let Some(at) = self.import(importer, source) else {
            return Value::Unknown(format!(
                "`{name}` comes from \"{source}\", which is not among the files given"
            ));
        };
        self.exported(at, name)
            .unwrap_or_else(|| Value::Unknown(format!("\"{source}\" exports no `{name}`")))
    }

    fn exported(&self, module: usize, name: &str) -> Option<Value<'_>> {
        let found = self.modules.get(module)?;
        match found.exports.get(name) {
            Some(Export::Local(local)) => Some(self.top_level(local, module)),
            Some(Export::From { source, name }) => {
                self.depth.set(self.depth.get() + 1);
                let value =
                    (self.depth.get() < MAX_DEPTH).then(|| self.export(module, source, name));
                self.depth.set(self.depth.get() - 1);
                value
            }
            None => {
                self.depth.set(self.depth.get() + 1);
                let value = (self.depth.get() < MAX_DEPTH)
                    .then(|| {
                        found.stars.iter().find_map(|(source, _)| {
                            let at = self.import(module, source)?;
                            self.exported(at, name)
                        })
                    })
                    .flatten();
                self.depth.set(self.depth.get() - 1);
                value
            }
        }
    }

    /// The last entry of this key, looked for in spread objects too.
    pub(super) fn field<'m>(
        &'m self,
        entries: &'m [Entry],
        key: &str,
        scope: &Scope<'m>,
    ) -> Option<Value<'m>> {
        entries.iter().rev().find_map(|entry| match entry {
            Entry::Field {
                key: found, value, ..
            } if found == key => Some(self.value(value, scope)),
            Entry::Spread(spread) => match self.value(spread, scope) {
                Value::Expr(object, inner) => match &object.kind {
                    Kind::Object(entries) => self.field(entries, key, &inner),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    }
}

/// The expression that a function returns, and the scope with its parameters.
pub(super) fn bind<'m>(
    function: &'m Function,
    inner: &Scope<'m>,
    mut values: Vec<Value<'m>>,
) -> Option<(&'m Expr, Scope<'m>)> {
    let result = function.result.as_deref()?;
    let mut names = Vec::new();
    values.reverse();
    for param in &function.params {
        let missing = || Value::Unknown("an argument is not given".to_owned());
        let value = values.pop().unwrap_or_else(missing);
        match param {
            Param::Name(name) => names.push((name.as_str(), value)),
            Param::Fields(fields) => names.extend(fields.iter().map(|(property, local)| {
                let value = match &value {
                    Value::Builders => Value::Drizzle(property.clone()),
                    _ => Value::Unknown("a parameter is taken apart".to_owned()),
                };
                (local.as_str(), value)
            })),
            Param::Other => return None,
        }
    }
    let scope = Scope {
        module: inner.module,
        params: Some(Rc::new(Params {
            names,
            outer: inner.params.clone(),
        })),
    };
    Some((result, scope))
}

/// A path without `.`, `..` and doubled slashes.
fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
