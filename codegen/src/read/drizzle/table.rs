//! Tables: every call of `sqliteTable`, `pgTable`, `pgSchema(…).table` or a table creator.

use std::collections::{BTreeMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use super::super::{ReadColumn, ReadTable, Reading};
use super::Dialect;
use super::column;
use super::module::Binding;
use super::resolve::{Program, Scope, Value, bind};
use super::syntax::{Entry, Expr, Kind};

/// What makes a table.
struct Creator<'m> {
    dialect: Dialect,
    schema: Option<String>,
    /// The function that makes the database's name of the given one.
    naming: Option<(&'m Expr, Scope<'m>)>,
}

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
}

/// Reads the tables of `dialect`. Gives the place of a table for the other side, if there is one.
pub(super) fn read(program: &Program, dialect: Dialect) -> (Reading, Option<Place>) {
    let mut tables = Tables {
        program,
        dialect,
        reading: Reading::default(),
        read: HashSet::new(),
        inside: Vec::new(),
        unnamed: BTreeMap::new(),
        said: HashSet::new(),
        other_side: None,
    };
    for (at, module) in program.modules.iter().enumerate() {
        for name in &module.declared {
            if let Some(Binding::Constant(value)) = module.names.get(name) {
                tables.walk(at, value, false);
            }
        }
        for value in &module.loose {
            tables.walk(at, value, false);
        }
    }
    tables.finish()
}

impl<'m> Tables<'m> {
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
        for (child, deeper) in expr.children() {
            self.walk(module, child, inside || deeper);
        }
    }

    fn creator(&self, callee: &'m Expr, scope: &Scope<'m>) -> Option<Creator<'m>> {
        let plain = |dialect| Creator {
            dialect,
            schema: None,
            naming: None,
        };
        if let Kind::Member(object, method) = &callee.kind {
            match (method.as_str(), self.program.value(object, scope)) {
                ("table", Value::Expr(made, inner)) => {
                    let Kind::Call(callee, args) = &made.kind else {
                        return None;
                    };
                    let is_schema = matches!(
                        self.program.value(callee, &inner),
                        Value::Drizzle(name) if name == "pgSchema"
                    );
                    let schema = self.program.text(args.first()?, &inner).ok()?;
                    return is_schema.then(|| Creator {
                        schema: Some(schema),
                        ..plain(Dialect::Pg)
                    });
                }
                ("withRLS", Value::Drizzle(name)) if name == "pgTable" => {
                    return Some(plain(Dialect::Pg));
                }
                (_, Value::Builders) => {}
                _ => return None,
            }
        }
        match self.program.value(callee, scope) {
            Value::Drizzle(name) => match name.as_str() {
                "sqliteTable" => Some(plain(Dialect::Sqlite)),
                "pgTable" => Some(plain(Dialect::Pg)),
                _ => None,
            },
            Value::Expr(made, inner) => {
                let Kind::Call(callee, args) = &made.kind else {
                    return None;
                };
                let dialect = match self.program.value(callee, &inner) {
                    Value::Drizzle(name) if name == "pgTableCreator" => Dialect::Pg,
                    Value::Drizzle(name) if name == "sqliteTableCreator" => Dialect::Sqlite,
                    _ => return None,
                };
                Some(Creator {
                    naming: Some((args.first()?, inner)),
                    ..plain(dialect)
                })
            }
            _ => None,
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
        let [name, columns, ..] = args else {
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
            columns: Vec::new(),
            gaps: false,
            place,
        };
        let mut columns_read: Vec<(String, ReadColumn)> = Vec::new();
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
        table.columns = columns_read.into_iter().map(|(_, column)| column).collect();
        self.reading.tables.push(table);
    }

    fn name(
        &self,
        creator: &Creator<'m>,
        name: &'m Expr,
        scope: &Scope<'m>,
    ) -> Result<String, String> {
        let given = self.program.text(name, scope)?;
        let Some((naming, inner)) = &creator.naming else {
            return Ok(given);
        };
        let why = || "the table creator's function is not simple".to_owned();
        let Value::Expr(function, inner) = self.program.value(naming, inner) else {
            return Err(why());
        };
        let Kind::Function(function) = &function.kind else {
            return Err(why());
        };
        let (result, inside) = bind(function, &inner, vec![Value::Text(given)]).ok_or_else(why)?;
        self.program.text(result, &inside)
    }

    /// The object with the columns, which may be what a callback returns for the builders.
    fn columns(
        &self,
        columns: &'m Expr,
        scope: &Scope<'m>,
    ) -> Result<(&'m [Entry], Scope<'m>), String> {
        let mut value = self.program.value(columns, scope);
        if let Value::Expr(function, inner) = &value
            && let Kind::Function(function) = &function.kind
        {
            let (result, inside) = bind(function, inner, vec![Value::Builders])
                .ok_or("the callback does more than return an object")?;
            value = self.program.value(result, &inside);
        }
        match value {
            Value::Expr(object, inner) => match &object.kind {
                Kind::Object(entries) => Ok((entries, inner)),
                _ => Err("they are no object literal".to_owned()),
            },
            Value::Unknown(why) => Err(why),
            _ => Err("they are no object literal".to_owned()),
        }
    }

    fn entries(
        &mut self,
        entries: &'m [Entry],
        scope: &Scope<'m>,
        table: &mut ReadTable,
        columns: &mut Vec<(String, ReadColumn)>,
        depth: usize,
    ) {
        const MAX_SPREADS: usize = 20;
        for entry in entries {
            let (place, why) = match entry {
                Entry::Field { key, value, .. } => {
                    self.column(key, value, scope, table, columns);
                    continue;
                }
                Entry::Spread(spread) => {
                    let place = self.place(scope.module, spread);
                    match self.columns(spread, scope) {
                        Ok((entries, inner)) if depth < MAX_SPREADS => {
                            self.entries(entries, &inner, table, columns, depth + 1);
                            continue;
                        }
                        Ok(_) => (place, "spreads nest too deep".to_owned()),
                        Err(why) => (place, why),
                    }
                }
                Entry::Other(value) => {
                    let place = self.place(scope.module, value);
                    (place, "the name of a property is computed".to_owned())
                }
            };
            table.gaps = true;
            let message = format!(
                "some columns of `{}` could not be followed: {why}",
                table.name
            );
            self.gap(place, &message);
        }
    }

    fn column(
        &mut self,
        key: &str,
        value: &'m Expr,
        scope: &Scope<'m>,
        table: &mut ReadTable,
        columns: &mut Vec<(String, ReadColumn)>,
    ) {
        let mut found = Vec::new();
        let read = column::read(self.program, self.dialect, key, value, scope, &mut found);
        self.reading.diagnostics.extend(found);
        match read {
            Ok(column) => {
                if column.snake_name.is_some() {
                    let first = self.unnamed.entry(scope.module);
                    first.or_insert((column.place, 0)).1 += 1;
                }
                // As in the object itself, the last entry of a key is the one that counts.
                match columns.iter_mut().find(|(known, _)| known == key) {
                    Some(slot) => slot.1 = column,
                    None => columns.push((key.to_owned(), column)),
                }
            }
            Err(problem) => {
                table.gaps = true;
                self.reading.diagnostics.push(problem);
            }
        }
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
            self.reading.diagnostics.push(
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
