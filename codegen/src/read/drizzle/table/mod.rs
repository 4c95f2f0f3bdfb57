//! Tables: every call of `sqliteTable`, `pgTable`, `pgSchema(…).table` or a table creator.

mod columns;
mod creator;
mod exports;
mod references;

use std::collections::{BTreeMap, HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use super::Dialect;
use super::column::{self, Said};
use super::extras::{Extras, Pointer};
use crate::read::typescript::module::{Binding, Module};
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Expr, Kind};
use crate::read::{ReadColumn, ReadTable, Reading};
use creator::Creator;

/// Columns by property, and what else is said of each.
type Columns<'m> = Vec<(String, ReadColumn, Said<'m>)>;

/// Reads every table of the group.
pub(super) struct Tables<'m> {
    program: &'m Program,
    dialect: Dialect,
    reading: Reading,
    /// Calls that were read, by file and first byte.
    read: HashSet<(usize, usize)>,
    /// Calls inside of functions, which are read only where a call of the function leads there.
    inside: Vec<(usize, &'m Expr)>,
    /// Columns whose names are left to `casing`, by file.
    unnamed: BTreeMap<usize, (Place, usize)>,
    /// Places of gaps that were reported.
    said: HashSet<(u32, u32, u32)>,
    /// The first table that is for the other side.
    other_side: Option<Place>,
    /// What each call that makes a table was read as: none where one call makes several.
    made: HashMap<*const Expr, Option<Shape>>,
    /// What points at other tables, by the position of its table.
    pointers: Vec<(usize, Pointer<'m>)>,
    /// Exported constants of followed files that were walked.
    walked: HashSet<(usize, &'m str)>,
}

/// What a reference needs to know of a table: its name, and the columns by property.
#[derive(Clone, Debug)]
pub(in crate::read) struct Shape {
    pub(in crate::read) name: String,
    pub(in crate::read) columns: Vec<(String, String)>,
}

/// Reads the tables of `dialect`. Gives the place of a table for the other side, if there is one.
pub(super) fn read(program: &Program, dialect: Dialect) -> (Reading, Option<Place>) {
    let mut tables = Tables::new(program, dialect);
    let given = |(_, module): &(usize, &Module)| module.given;
    for (at, module) in program.modules.iter().enumerate().filter(given) {
        for name in &module.declared {
            if let Some(Binding::Constant(value)) = module.names.get(name) {
                tables.walk(at, value, false);
            }
        }
        for value in &module.loose {
            tables.walk(at, value, false);
        }
    }
    for (at, module) in program.modules.iter().enumerate().filter(given) {
        let mut names: Vec<_> = module.exports.keys().collect();
        names.sort_unstable();
        for name in names {
            tables.export(at, name, 0);
        }
        tables.stars(at);
    }
    tables.finish()
}

/// The table that an expression stands for: none where it is no table, or cannot be known.
pub(in crate::read) fn known<'m>(
    program: &'m Program,
    expr: &'m Expr,
    scope: &Scope<'m>,
) -> Option<Shape> {
    let found = [Dialect::Pg, Dialect::Sqlite]
        .into_iter()
        .find_map(|dialect| {
            let mut tables = Tables::new(program, dialect);
            let (call, scope) = tables.table_call(expr, scope)?;
            tables.shape((call, scope)).map(|shape| (tables, shape))
        });
    found.map(|(_, shape)| shape)
}

impl<'m> Tables<'m> {
    fn new(program: &'m Program, dialect: Dialect) -> Self {
        Self {
            program,
            dialect,
            reading: Reading::default(),
            read: HashSet::new(),
            inside: Vec::new(),
            unnamed: BTreeMap::new(),
            said: HashSet::new(),
            other_side: None,
            made: HashMap::new(),
            pointers: Vec::new(),
            walked: HashSet::new(),
        }
    }

    /// Reads the tables that an expression makes, and marks those that only a call would make.
    fn walk(&mut self, module: usize, expr: &'m Expr, inside: bool) {
        if let Kind::Call(callee, args) = &expr.kind {
            let scope = Program::top(module);
            if let Some(creator) = self.creator(callee, &scope) {
                if inside {
                    self.inside.push((module, expr));
                } else {
                    self.table(creator, expr, args, &scope);
                }
                return;
            }
            let made = match &callee.kind {
                Kind::Name(_) if !inside => self.program.value(expr, &scope),
                _ => Value::Builders,
            };
            if let Value::Expr(made, scope) = made
                && let Kind::Call(callee, args) = &made.kind
                && let Some(creator) = self.creator(callee, &scope)
            {
                self.table(creator, made, args, &scope);
                return;
            }
        }
        let before = self.reading.tables.len();
        for (child, deeper) in expr.children() {
            self.walk(module, child, inside || deeper);
        }
        if let Kind::Call(callee, _) = &expr.kind
            && matches!(&callee.kind, Kind::Member(_, method) if method == "enableRLS")
        {
            for table in self.reading.tables.iter_mut().skip(before) {
                table.rls = true;
            }
        }
    }

    fn table(&mut self, creator: Creator<'m>, call: &'m Expr, args: &'m [Expr], scope: &Scope<'m>) {
        self.read.insert((scope.module, call.span.start));
        let whole = self.place(scope.module, call);
        let place = args
            .first()
            .map_or(whole, |it| self.place(scope.module, it));
        if creator.dialect != self.dialect {
            self.other_side.get_or_insert(place);
            return;
        }
        let [name, columns, extras @ ..] = args else {
            return self.gap(place, "a table could not be followed: it has no columns");
        };
        let name = match self.name(&creator, name, scope) {
            Ok(name) => name,
            Err(why) => {
                self.reading.gaps = true;
                return self.gap(
                    place,
                    &format!("the name of a table could not be followed: {why}"),
                );
            }
        };
        let mut table = ReadTable {
            name,
            schema: creator.schema,
            place,
            ..ReadTable::default()
        };
        let mut columns_read: Columns<'m> = Vec::new();
        match self.columns(columns, scope) {
            Ok((entries, inner)) => self.entries(entries, &inner, &mut table, &mut columns_read, 0),
            Err(why) => {
                table.gaps = true;
                let message = format!(
                    "the columns of `{}` could not be followed: {why}",
                    table.name
                );
                self.gap(place, &message);
            }
        }
        let names: Vec<_> = columns_read
            .iter()
            .map(|it| (it.0.clone(), it.1.name.clone()))
            .collect();
        let mut pointers = Vec::new();
        for (_, column, said) in &columns_read {
            if column.primary_key {
                table.primary_key.push(column.name.clone());
            }
            self.rules(column, said, &mut table, &mut pointers);
        }
        let quoted = |name: &str| format!("\"{name}\".");
        let schema = table.schema.as_deref().map(quoted).unwrap_or_default();
        let mut reader = Extras {
            program: self.program,
            columns: &names,
            call,
            qualifier: schema + &quoted(&table.name),
            pointers,
            gaps: Vec::new(),
        };
        if let Some(extras) = extras.first() {
            reader.read(extras, scope, &mut table);
        }
        let (pointers, gaps) = (reader.pointers, reader.gaps);
        for (module, span, why) in gaps {
            table.rule_gaps = true;
            let place = column::first_line(self.program, module, &span);
            let message = format!(
                "an index or a key of `{}` could not be followed: {why}",
                table.name
            );
            self.gap(place, &message);
        }
        let shape = Shape {
            name: table.name.clone(),
            columns: names,
        };
        self.made
            .entry(std::ptr::from_ref(call))
            .and_modify(|known| *known = None)
            .or_insert(Some(shape));
        table.columns = columns_read
            .into_iter()
            .map(|(_, column, _)| column)
            .collect();
        let at = self.reading.tables.len();
        self.pointers
            .extend(pointers.into_iter().map(|it| (at, it)));
        self.reading.tables.push(table);
    }

    fn place(&self, module: usize, expr: &Expr) -> Place {
        column::first_line(self.program, module, &expr.span)
    }

    /// Reports a gap, once for each place: a helper may be spread into every table.
    fn gap(&mut self, place: Place, message: &str) {
        if !self.said.insert(place.order()) {
            return;
        }
        self.reading.diagnostics.push(
            Diagnostic::new(Code::C005, message)
                .at(place, "not compared")
                .help("write it in place, or as a constant of this file or of one given with it"),
        );
    }

    fn finish(mut self) -> (Reading, Option<Place>) {
        self.settle();
        for (module, call) in std::mem::take(&mut self.inside) {
            if !self.read.contains(&(module, call.span.start)) {
                self.reading.gaps = true;
                let place = self.place(module, call);
                self.gap(
                    place,
                    "a table is made inside of a function or an expression",
                );
            }
        }
        for (place, count) in std::mem::take(&mut self.unnamed).into_values() {
            let others = match count {
                1 => "this column takes its name from its property".to_owned(),
                _ => format!("{count} columns here take their names from their properties"),
            };
            self.reading.casing.push(
                Diagnostic::new(
                    Code::C005,
                    format!("{others}, and `casing` decides what becomes of it"),
                )
                .at(place, "compared under both names")
                .help("write the column's name: `createdAt: text(\"created_at\")`"),
            );
        }
        (self.reading, self.other_side)
    }
}
