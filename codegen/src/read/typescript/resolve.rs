//! What a name or a call stands for, across the files of a group. Follows constants, imports
//! between the files, object literals, and functions that return one expression; all else is
//! [`Value::Unknown`] with the reason.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::follow::{ENDS, stem};
use super::module::{Binding, Export, Module, is_drizzle};
use super::syntax::{Entry, Expr, Function, Kind, Param};

/// The file that an import of a file means.
pub(in crate::read) type Links = HashMap<(usize, String), usize>;

/// The files of a group.
#[derive(Debug)]
pub(in crate::read) struct Program {
    pub(in crate::read) modules: Vec<Module>,
    by_path: HashMap<String, usize>,
    links: Links,
    wanted: RefCell<BTreeSet<(usize, String)>>,
    depth: Cell<usize>,
    steps: Cell<usize>,
}

/// How long a chain of names may be before it is taken for a circle.
const MAX_DEPTH: usize = 200;

/// How many steps a run may take: constants that spread each other twice grow without bound.
const MAX_STEPS: usize = 2_000_000;

/// Where an expression's names are looked up.
#[derive(Clone, Debug)]
pub(in crate::read) struct Scope<'m> {
    pub(in crate::read) module: usize,
    params: Option<Rc<Params<'m>>>,
}

impl Scope<'_> {
    /// Is it a file's top level, where a name means the same each time?
    pub(in crate::read) fn is_top(&self) -> bool {
        self.params.is_none()
    }
}

/// The parameters of a function that is being followed.
#[derive(Debug)]
struct Params<'m> {
    names: Vec<(&'m str, Value<'m>)>,
    /// Constants of the function, and parameters by default: looked at where they are used.
    locals: Vec<(&'m str, &'m Expr)>,
    outer: Option<Rc<Params<'m>>>,
}

/// What an expression comes to.
#[derive(Clone, Debug)]
pub(in crate::read) enum Value<'m> {
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
    /// The table itself, in the function that declares its indexes and keys.
    Table,
    /// The column of that table with this property.
    Column(String),
    /// It cannot be known, and why.
    Unknown(String),
}

impl Program {
    /// Files, and what imports between them were found to mean.
    pub(in crate::read) fn new(modules: Vec<Module>, links: Links) -> Self {
        let by_path = modules
            .iter()
            .enumerate()
            .map(|(at, module)| (normal(&module.path), at))
            .collect();
        Self {
            modules,
            by_path,
            links,
            wanted: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// The files, what imports mean, and the imports that lead to no file so far.
    pub(in crate::read) fn into_parts(self) -> (Vec<Module>, Links, BTreeSet<(usize, String)>) {
        (self.modules, self.links, self.wanted.into_inner())
    }

    /// The scope of a file's top level.
    pub(in crate::read) fn top(module: usize) -> Scope<'static> {
        Scope {
            module,
            params: None,
        }
    }

    /// The file that a specifier means, where it is among those given.
    pub(in crate::read) fn import(&self, from: usize, source: &str) -> Option<usize> {
        if let Some(&at) = self.links.get(&(from, source.to_owned())) {
            return Some(at);
        }
        let found = source.starts_with('.').then(|| {
            let path = normal(&join(&self.modules.get(from)?.path, source));
            let stem = stem(&path);
            ENDS.iter()
                .find_map(|end| self.by_path.get(&format!("{stem}{end}")).copied())
        });
        let found = found.flatten();
        if found.is_none() {
            let mut wanted = self.wanted.borrow_mut();
            wanted.insert((from, source.to_owned()));
        }
        found
    }

    /// Follows an expression to what it comes to.
    pub(in crate::read) fn value<'m>(&'m self, expr: &'m Expr, scope: &Scope<'m>) -> Value<'m> {
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
                Value::Table => Value::Column(property.clone()),
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
    pub(in crate::read) fn apply<'m>(
        &'m self,
        function: &'m Function,
        inner: &Scope<'m>,
        args: &'m [Expr],
        scope: &Scope<'m>,
    ) -> Value<'m> {
        let values = args.iter().map(|arg| self.value(arg, scope)).collect();
        match self.bind(function, inner, values) {
            Some((result, scope)) => self.value(result, &scope),
            None => Value::Unknown("a function does more than return one expression".to_owned()),
        }
    }

    /// The text that an expression comes to.
    pub(in crate::read) fn text<'m>(
        &'m self,
        expr: &'m Expr,
        scope: &Scope<'m>,
    ) -> Result<String, String> {
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
            _ => Err("it is no text".to_owned()),
        }
    }

    fn name<'m>(&'m self, name: &'m str, scope: &Scope<'m>) -> Value<'m> {
        let mut params = scope.params.as_ref();
        while let Some(inner) = params {
            if let Some((_, value)) = inner.names.iter().find(|(known, _)| *known == name) {
                return value.clone();
            }
            if let Some((_, local)) = inner.locals.iter().find(|(known, _)| *known == name) {
                let scope = Scope {
                    module: scope.module,
                    params: Some(inner.clone()),
                };
                return self.value(local, &scope);
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
            None => match self.inner_name(name, module) {
                Some(value) => self.value(value, &Self::top(module)),
                None => Value::Unknown(format!("`{name}` is not declared at the top of this file")),
            },
        }
    }

    /// A name that is declared once, inside of some function.
    fn inner_name(&self, name: &str, module: usize) -> Option<&Expr> {
        let names = &self.modules.get(module)?.inside.names;
        names.get(name)?.as_ref()
    }

    /// The package and the name of what a name is imported as; none for any other name.
    pub(in crate::read) fn imported<'m>(
        &'m self,
        expr: &Expr,
        module: usize,
    ) -> Option<(&'m str, &'m str)> {
        let Kind::Name(name) = &expr.kind else {
            return None;
        };
        match self.modules.get(module)?.names.get(name)? {
            Binding::Import { source, name } => Some((source, name)),
            _ => None,
        }
    }

    /// What another file exports under a name.
    fn export(&self, importer: usize, source: &str, name: &str) -> Value<'_> {
        if is_drizzle(source) {
            return Value::Drizzle(name.to_owned());
        }
        let Some(at) = self.import(importer, source) else {
            if !source.starts_with('.') {
                return Value::Unknown(format!("`{name}` comes from the package \"{source}\""));
            }
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
                let at = self.exporter(module, name)?;
                self.exported(at, name)
            }
        }
    }

    /// The file that exports a name itself: this one, or one behind its `export *`.
    pub(in crate::read) fn exporter(&self, module: usize, name: &str) -> Option<usize> {
        let exports = |it: &usize| {
            let module = self.modules.get(*it);
            module.is_some_and(|it| it.exports.contains_key(name))
        };
        Some(module)
            .filter(exports)
            .or_else(|| self.behind_stars(module).into_iter().find(exports))
    }

    /// The files that a file gives on by `export *`, each before what it gives on itself.
    ///
    /// Each is there once: files may give each other on, and following every way would not end.
    pub(in crate::read) fn behind_stars(&self, module: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([module]);
        let stars = |at: usize| {
            let stars = self.modules.get(at).map(|it| it.stars.as_slice());
            let stars = stars.unwrap_or_default().iter().rev();
            stars.filter_map(move |(source, _)| self.import(at, source))
        };
        let mut open: Vec<usize> = stars(module).collect();
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                found.push(at);
                open.extend(stars(at));
            }
        }
        found
    }

    /// The last entry of this key, looked for in spread objects too.
    pub(in crate::read) fn field<'m>(
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

    /// The expression that a function returns, and the scope with its parameters.
    pub(in crate::read) fn bind<'m>(
        &'m self,
        function: &'m Function,
        inner: &Scope<'m>,
        mut values: Vec<Value<'m>>,
    ) -> Option<(&'m Expr, Scope<'m>)> {
        let result = function.result.as_deref()?;
        let mut names = Vec::new();
        let mut locals: Vec<_> = function
            .locals
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .collect();
        values.reverse();
        for param in &function.params {
            let given = values.pop();
            match (param, given) {
                (Param::Name(name, Some(default)), None) => locals.push((name, default)),
                (Param::Name(name, _), given) => {
                    let missing = || Value::Unknown("an argument is not given".to_owned());
                    names.push((name.as_str(), given.unwrap_or_else(missing)));
                }
                (Param::Fields(fields, default), given) => {
                    let given = given.or_else(|| Some(self.value(default.as_ref()?, inner)));
                    for (property, local) in fields {
                        let value = match &given {
                            Some(Value::Builders) => Value::Drizzle(property.clone()),
                            Some(Value::Table) => Value::Column(property.clone()),
                            Some(Value::Expr(object, scope)) => self.part(object, scope, property),
                            _ => Value::Unknown("a parameter is taken apart".to_owned()),
                        };
                        names.push((local.as_str(), value));
                    }
                }
                (Param::Other, _) => return None,
            }
        }
        let scope = Scope {
            module: inner.module,
            params: Some(Rc::new(Params {
                names,
                locals,
                outer: inner.params.clone(),
            })),
        };
        Some((result, scope))
    }

    /// A property of an object that a parameter takes apart.
    fn part<'m>(&'m self, object: &'m Expr, scope: &Scope<'m>, property: &str) -> Value<'m> {
        let found = match &object.kind {
            Kind::Object(entries) => self.field(entries, property, scope),
            _ => None,
        };
        found.unwrap_or_else(|| Value::Unknown("a parameter is taken apart".to_owned()))
    }
}

/// The path that a relative one means in the file `importer`.
pub(in crate::read) fn join(importer: &str, relative: &str) -> String {
    if relative.starts_with('/') {
        return relative.to_owned();
    }
    let folder = importer.rsplit_once('/').map(|(folder, _)| folder);
    let root = if importer.starts_with('/') { "/" } else { "" };
    let path = normal(&format!("{}/{relative}", folder.unwrap_or_default()));
    format!("{root}{path}")
}

/// A path without `.`, `..` and doubled slashes.
pub(in crate::read) fn normal(path: &str) -> String {
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
