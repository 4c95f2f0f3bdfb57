//! The writes in a file: chains on `insert`, `update` and `delete`, and texts of SQL.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use super::{Assigned, Conflict, Handler, Part, Rows, Write, WriteKind, origin, sql};
use crate::read::Library;
use crate::read::drizzle::column::first_line;
use crate::read::drizzle::table::{self, Shape};
use crate::read::text::Source;
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Entry, Expr, Kind};
use crate::read::typescript::{follow, walk};

/// Reads the handler of several files, with what they import.
pub fn read(file: &Source, library: Library<'_>) -> Handler {
    let given = std::slice::from_ref(file);
    follow::read(given, Some(library), true, |program| all(file, program)).unwrap_or_else(
        |problems| {
            let mut found = Handler::default();
            found.diagnostics.extend(problems);
            found
        },
    )
}

fn all(file: &Source, program: &Program) -> Handler {
    let mut reader = Reader {
        program,
        found: Handler::default(),
        shapes: RefCell::default(),
        sent: RefCell::default(),
        foreign: BTreeSet::new(),
    };
    reader.found.anchor = Place::new(file.file, 0..0);
    for module in program.modules.iter().filter(|it| it.given) {
        let completes = module.inside.completes.iter();
        let places = completes.map(|span| module.place(span));
        reader.found.completes.extend(places);
    }
    walk::expressions(program, |module, expr| reader.expression(module, expr));
    if reader.found.writes.is_empty() && reader.found.completes.is_empty() && !reader.found.gaps {
        let message = format!("{} writes to no table", file.path);
        reader.found.diagnostics.push(
            Diagnostic::new(Code::C001, message)
                .at(reader.found.anchor, "")
                .help("writes are read from calls of Drizzle's `insert`, `update` and `delete`, and from SQL"),
        );
    }
    reader.found
}

/// The columns in a condition, and whether that is all.
#[derive(Default)]
struct Named {
    names: BTreeSet<String>,
    unknown: bool,
}

struct Reader<'m> {
    program: &'m Program,
    found: Handler,
    /// Tables that were looked at, by the expression that declares them: a handler names each of
    /// them many times.
    shapes: RefCell<HashMap<*const Expr, Option<Rc<Shape>>>>,
    /// What [`Write::sent`] will hold for the write that is being read.
    sent: RefCell<Vec<(String, Place)>>,
    /// Libraries that are not followed, each said once.
    foreign: BTreeSet<&'static str>,
}

/// A method of a chain, and its arguments.
type Method<'m> = (&'m str, &'m [Expr]);

impl<'m> Reader<'m> {
    fn expression(&mut self, module: usize, expr: &'m Expr) -> bool {
        let scope = Program::top(module);
        match &expr.kind {
            Kind::Call(..) => {
                if let Some(library) = origin::foreign(expr) {
                    self.foreign(library, first_line(self.program, module, &expr.span));
                    return true;
                }
                let Some((kind, target, methods)) = chain(expr) else {
                    return true;
                };
                self.drizzle(expr, kind, target, &methods, &scope)
            }
            Kind::Text(text) => {
                self.sql(module, expr, text);
                true
            }
            Kind::Template(texts, holes) | Kind::Tagged(_, texts, holes) => {
                let text = self.with_holes(texts, holes, &scope);
                self.sql(module, expr, &text);
                true
            }
            _ => true,
        }
    }

    /// The table that an expression stands for.
    fn table(&self, expr: &'m Expr, scope: &Scope<'m>) -> Option<Rc<Shape>> {
        let read = |expr, scope| table::known(self.program, expr, scope).map(Rc::new);
        match self.program.value(expr, scope) {
            Value::Expr(it, inner) if inner.is_top() => {
                let key = std::ptr::from_ref(it);
                if let Some(known) = self.shapes.borrow().get(&key) {
                    return known.clone();
                }
                let shape = read(it, &inner);
                self.shapes.borrow_mut().insert(key, shape.clone());
                shape
            }
            _ => read(expr, scope),
        }
    }

    /// A text of which a table's name may stand in the holes.
    fn with_holes(&self, texts: &'m [String], holes: &'m [Expr], scope: &Scope<'m>) -> String {
        let mut out = String::new();
        for (at, text) in texts.iter().enumerate() {
            out.push_str(text);
            let Some(hole) = holes.get(at) else { continue };
            if let Some(shape) = self.table(hole, scope) {
                out.push_str(&format!("\"{}\"", shape.name));
            } else if let Some((shape, column)) = self.column(hole, scope) {
                out.push_str(&format!("\"{}\".\"{column}\"", shape.name));
            } else {
                out.push_str(sql::HOLE);
            }
        }
        out
    }

    fn sql(&mut self, module: usize, expr: &'m Expr, text: &str) {
        let Some(read) = sql::read(text) else { return };
        let place = first_line(self.program, module, &expr.span);
        let statement = match read {
            Ok(statement) => statement,
            Err(why) => return self.gap(place, &why),
        };
        let assigned = |parts: Vec<Part>| Assigned {
            parts: parts.into_iter().map(|part| (part, place)).collect(),
        };
        self.found.writes.push(Write {
            table: statement.table,
            kind: statement.kind,
            set: assigned(statement.set),
            rows: statement.rows,
            conflict: statement.conflict.map(|(set, rows)| Conflict {
                set: assigned(set),
                rows,
                place,
            }),
            sent: Vec::new(),
            as_sql: true,
            place,
        });
    }

    /// Reads a chain of Drizzle. Gives whether to look inside of it.
    fn drizzle(
        &mut self,
        expr: &'m Expr,
        kind: WriteKind,
        target: &'m Expr,
        methods: &[Method<'m>],
        scope: &Scope<'m>,
    ) -> bool {
        let place = first_line(self.program, scope.module, &expr.span);
        let method = |name: &str| methods.iter().find(|it| it.0 == name).map(|it| it.1);
        let Some(shape) = self.table(target, scope) else {
            // `set.delete(key)` and the like are no writes.
            if ["values", "set", "where"]
                .iter()
                .any(|it| method(it).is_some())
            {
                self.gap(place, "its table is not one that is written out");
                return false;
            }
            return true;
        };
        let set = match kind {
            WriteKind::Insert => method("values"),
            WriteKind::Update => method("set"),
            WriteKind::Delete => None,
        };
        let set = set.and_then(<[_]>::first);
        let set = set.map_or_else(Assigned::default, |it| self.assigned(it, &shape, scope));
        let rows = match method("where").and_then(<[_]>::first) {
            Some(condition) => self.rows(condition, scope),
            None => Rows::All,
        };
        let conflict = method("onConflictDoUpdate").and_then(<[_]>::first);
        let conflict = conflict.map(|it| self.conflict(it, &shape, scope));
        self.found.writes.push(Write {
            table: shape.name.clone(),
            kind,
            set,
            rows,
            conflict,
            sent: self.sent.take(),
            as_sql: false,
            place,
        });
        false
    }

    fn conflict(&self, options: &'m Expr, shape: &Shape, scope: &Scope<'m>) -> Conflict {
        let mut found = Conflict {
            set: Assigned::default(),
            rows: Rows::All,
            place: first_line(self.program, scope.module, &options.span),
        };
        let Value::Expr(it, inner) = self.program.value(options, scope) else {
            found.rows = Rows::Unknown;
            return found;
        };
        let Kind::Object(entries) = &it.kind else {
            found.rows = Rows::Unknown;
            return found;
        };
        for entry in entries {
            match entry {
                Entry::Field { key, value } if key == "set" => {
                    found.set = self.assigned(value, shape, &inner);
                }
                Entry::Field { key, value } if key == "setWhere" || key == "where" => {
                    found.rows = self.rows(value, &inner);
                }
                Entry::Field { .. } => {}
                _ => found.rows = Rows::Unknown,
            }
        }
        found
    }

    /// What an object of values sets.
    fn assigned(&self, values: &'m Expr, shape: &Shape, scope: &Scope<'m>) -> Assigned {
        let place = first_line(self.program, scope.module, &values.span);
        let unknown = || Assigned {
            parts: vec![(Part::Unknown, place)],
        };
        let Value::Expr(it, inner) = self.program.value(values, scope) else {
            return unknown();
        };
        let entries = match &it.kind {
            Kind::Object(entries) => entries,
            Kind::Array(items) => match items.as_slice() {
                [one] => return self.assigned(one, shape, &inner),
                _ => return unknown(),
            },
            _ => return unknown(),
        };
        let mut found = Assigned::default();
        for entry in entries {
            match entry {
                Entry::Field { key, value } => {
                    let place = first_line(self.program, inner.module, &value.span);
                    let column = shape.columns.iter().find(|(known, _)| known == key);
                    let name = column.map_or(key, |(_, name)| name);
                    if origin::is_sent(self.program, value, &inner) {
                        self.sent.borrow_mut().push((name.clone(), place));
                    }
                    found.parts.push((Part::Column(name.clone()), place));
                }
                Entry::Spread(value) => {
                    let place = first_line(self.program, inner.module, &value.span);
                    let inside = self.assigned(value, shape, &inner);
                    if inside.parts.iter().any(|it| it.0 == Part::Unknown) {
                        found.parts.push((Part::Spread, place));
                    } else {
                        found.parts.extend(inside.parts);
                    }
                }
                Entry::Other(_) => found.parts.push((Part::Spread, place)),
            }
        }
        found
    }

    /// The columns that a condition names.
    fn rows(&self, condition: &'m Expr, scope: &Scope<'m>) -> Rows {
        let mut found = Named::default();
        self.names(condition, scope, true, &mut found, 0);
        if found.unknown {
            Rows::Unknown
        } else {
            Rows::Columns(found.names)
        }
    }

    /// Collects columns; what cannot be known counts where it is a `condition`, not a value.
    fn names(
        &self,
        expr: &'m Expr,
        scope: &Scope<'m>,
        condition: bool,
        found: &mut Named,
        depth: usize,
    ) {
        const MAX_DEPTH: usize = 40;
        if depth > MAX_DEPTH {
            found.unknown = true;
            return;
        }
        if let Some((_, column)) = self.column(expr, scope) {
            found.names.insert(column);
            return;
        }
        let (it, inner) = match self.program.value(expr, scope) {
            Value::Expr(it, inner) => (it, inner),
            _ => {
                found.unknown |= condition;
                return;
            }
        };
        match &it.kind {
            Kind::Call(callee, args) => {
                let Value::Drizzle(name) = self.program.value(callee, &inner) else {
                    found.unknown |= condition;
                    return;
                };
                let joins = matches!(name.as_str(), "and" | "or" | "not");
                if let ("eq", [column, value]) = (name.as_str(), args.as_slice())
                    && let Some((_, column)) = self.column(column, &inner)
                    && origin::is_sent(self.program, value, &inner)
                {
                    let place = first_line(self.program, inner.module, &value.span);
                    self.sent.borrow_mut().push((column, place));
                }
                for arg in args {
                    self.names(arg, &inner, condition && joins, found, depth + 1);
                }
            }
            Kind::Tagged(_, texts, holes) => {
                let text = self.with_holes(texts, holes, &inner);
                if let Some(Ok(it)) = sql::read(&format!("delete from t where {text}")) {
                    match it.rows {
                        Rows::Columns(names) => found.names.extend(names),
                        _ => found.unknown = true,
                    }
                }
            }
            Kind::Array(items) => {
                for item in items {
                    self.names(item, &inner, condition, found, depth + 1);
                }
            }
            Kind::Spread(inside) => self.names(inside, &inner, condition, found, depth + 1),
            _ => found.unknown |= condition,
        }
    }

    /// `documents.ownerId`
    fn column(&self, expr: &'m Expr, scope: &Scope<'m>) -> Option<(Rc<Shape>, String)> {
        let Kind::Member(object, key) = &expr.kind else {
            return None;
        };
        let shape = self.table(object, scope)?;
        let (_, name) = shape.columns.iter().find(|(known, _)| known == key)?;
        let name = name.clone();
        Some((shape, name))
    }

    fn foreign(&mut self, library: &'static str, place: Place) {
        self.found.gaps = true;
        if self.foreign.insert(library) {
            self.found.diagnostics.push(
                Diagnostic::new(
                    Code::C005,
                    format!("the writes by {library} could not be followed"),
                )
                .at(place, "the first of them; not compared")
                .note("whose rows they change, and to whom new ones belong, is looked at by nobody")
                .help("see by hand that each finds its rows by the owner in the token; Drizzle's calls and SQL are followed"),
            );
        }
    }

    fn gap(&mut self, place: Place, why: &str) {
        self.found.gaps = true;
        self.found.diagnostics.push(
            Diagnostic::new(Code::C005, format!("a write could not be followed: {why}"))
                .at(place, "not compared")
                .note("whose rows it changes is looked at by nobody"),
        );
    }
}

/// A call on `x.insert(t)`, `x.update(t)` or `x.delete(t)`, with the methods behind it.
fn chain(expr: &Expr) -> Option<(WriteKind, &Expr, Vec<Method<'_>>)> {
    let mut expr = expr;
    let mut methods = Vec::new();
    loop {
        let Kind::Call(callee, args) = &expr.kind else {
            return None;
        };
        let Kind::Member(object, method) = &callee.kind else {
            return None;
        };
        let kind = match method.as_str() {
            "insert" => Some(WriteKind::Insert),
            "update" => Some(WriteKind::Update),
            "delete" => Some(WriteKind::Delete),
            _ => None,
        };
        if let (Some(kind), [target]) = (kind, args.as_slice()) {
            return Some((kind, target, methods));
        }
        methods.push((method.as_str(), args.as_slice()));
        expr = object;
    }
}
