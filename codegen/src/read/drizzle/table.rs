//! Tables: every call of `sqliteTable`, `pgTable`, `pgSchema(…).table` or a table creator.

use std::collections::{BTreeMap, HashMap, HashSet};

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use super::super::{ReadColumn, ReadIndex, ReadIndexPart, ReadReference, ReadTable, Reading};
use super::Dialect;
use super::column::{self, Said};
use super::extras::{Extras, Pointer};
use crate::read::typescript::module::{Binding, Export, Module};
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Entry, Expr, Kind};

/// Columns by property, and what else is said of each.
type Columns<'m> = Vec<(String, ReadColumn, Said<'m>)>;

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
        tables.stars(at, 0);
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

/// How many files may export from each other in a row.
const MAX_EXPORTS: usize = 50;

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

    /// All that a file gives on by `export *`.
    fn stars(&mut self, at: usize, depth: usize) {
        let program = self.program;
        let stars = program.modules.get(at).map(|it| it.stars.as_slice());
        for (source, _) in stars.unwrap_or_default() {
            let Some(other) = program.import(at, source).filter(|_| depth < MAX_EXPORTS) else {
                continue;
            };
            let Some(module) = program.modules.get(other) else {
                continue;
            };
            // In the order of the file, as far as they are constants of it.
            let declared = module.declared.iter();
            let declared: Vec<_> = declared
                .filter(|it| module.exports.contains_key(*it))
                .collect();
            let mut others: Vec<_> = module
                .exports
                .keys()
                .filter(|it| !declared.contains(it))
                .collect();
            others.sort_unstable();
            for name in declared.into_iter().chain(others) {
                self.export(other, name, depth + 1);
            }
            self.stars(other, depth + 1);
        }
    }

    /// What a file exports under a name, where it stands in a file that was not given.
    fn export(&mut self, at: usize, name: &str, depth: usize) {
        let program = self.program;
        let Some(module) = program.modules.get(at).filter(|_| depth < MAX_EXPORTS) else {
            return;
        };
        let (source, name) = match module.exports.get(name) {
            Some(Export::Local(local)) => match module.names.get_key_value(local) {
                Some((local, Binding::Constant(value))) => {
                    if !module.given && self.walked.insert((at, local.as_str())) {
                        self.walk(at, value, false);
                    }
                    return;
                }
                Some((_, Binding::Import { source, name })) => (source, name),
                _ => return,
            },
            Some(Export::From { source, name }) => (source, name),
            None => return,
        };
        let Some(other) = program.import(at, source) else {
            return;
        };
        let known = program.modules.get(other);
        if known.is_some_and(|it| it.exports.contains_key(name)) {
            return self.export(other, name, depth + 1);
        }
        let stars = known.map(|it| it.stars.as_slice()).unwrap_or_default();
        for (source, _) in stars {
            if let Some(behind) = program.import(other, source) {
                self.export(behind, name, depth + 1);
            }
        }
    }
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

    /// The unique rule and the reference that a column declares itself.
    fn rules(
        &mut self,
        column: &ReadColumn,
        said: &Said<'m>,
        table: &mut ReadTable,
        pointers: &mut Vec<Pointer<'m>>,
    ) {
        if let Some((args, scope)) = &said.unique {
            let made = || format!("{}_{}_unique", table.name, column.name);
            let name = match args.first() {
                Some(name) => self.program.text(name, scope).ok(),
                None => Some(made()),
            };
            table.indexes.push(ReadIndex {
                name,
                parts: vec![ReadIndexPart {
                    column: Some(column.name.clone()),
                    sql: String::new(),
                    desc: false,
                    nulls_first: false,
                }],
                unique: true,
                constraint: true,
                predicate: None,
                place: column.place,
            });
        }
        if let Some((args, scope)) = &said.references {
            match self.pointer(column, args, scope) {
                Some(pointer) => pointers.push(pointer),
                None => {
                    table.rule_gaps = true;
                    let message = format!(
                        "what `{}.{}` points at could not be followed",
                        table.name, column.name
                    );
                    self.gap(column.place, &message);
                }
            }
        }
    }

    fn pointer(
        &self,
        column: &ReadColumn,
        args: &'m [Expr],
        scope: &Scope<'m>,
    ) -> Option<Pointer<'m>> {
        let Value::Expr(function, inner) = self.program.value(args.first()?, scope) else {
            return None;
        };
        let Kind::Function(function) = &function.kind else {
            return None;
        };
        let (target, inside) = self.program.bind(function, &inner, Vec::new())?;
        let on_delete = match args.get(1) {
            None => "no action".to_owned(),
            Some(options) => match self.program.value(options, scope) {
                Value::Expr(options, inner) => match &options.kind {
                    Kind::Object(entries) => {
                        match self.program.field(entries, "onDelete", &inner) {
                            None => "no action".to_owned(),
                            Some(Value::Text(action)) => action,
                            Some(Value::Expr(action, inner)) => {
                                self.program.text(action, &inner).ok()?
                            }
                            Some(_) => return None,
                        }
                    }
                    _ => return None,
                },
                _ => return None,
            },
        };
        Some(Pointer {
            columns: vec![column.name.clone()],
            targets: vec![(target, inside)],
            name: None,
            on_delete,
            place: column.place,
        })
    }

    /// Settles what points at other tables, now that they are known.
    fn settle(&mut self) {
        for (at, pointer) in std::mem::take(&mut self.pointers) {
            let own = self.reading.tables.get(at).map(|it| it.name.clone());
            let own = own.unwrap_or_default();
            let Some((table, targets)) = self.targets(at, &pointer) else {
                if let Some(table) = self.reading.tables.get_mut(at) {
                    table.rule_gaps = true;
                }
                let message = format!(
                    "what `{own}.{}` points at could not be followed",
                    pointer.columns.join(", ")
                );
                self.gap(pointer.place, &message);
                continue;
            };
            let made = || {
                let (columns, theirs) = (pointer.columns.join("_"), targets.join("_"));
                format!("{own}_{columns}_{table}_{theirs}_fk")
            };
            let reference = ReadReference {
                name: pointer.name.clone().unwrap_or_else(made),
                columns: pointer.columns.clone(),
                table: table.clone(),
                targets: targets.clone(),
                on_delete: pointer.on_delete.clone(),
                place: pointer.place,
            };
            if let Some(table) = self.reading.tables.get_mut(at) {
                table.references.push(reference);
            }
        }
    }

    fn targets(&mut self, at: usize, pointer: &Pointer<'m>) -> Option<(String, Vec<String>)> {
        let mut table = None;
        let mut columns = Vec::new();
        for (target, scope) in &pointer.targets {
            let (call, key) = match self.program.value(target, scope) {
                Value::Expr(it, inner) => {
                    let Kind::Member(object, key) = &it.kind else {
                        return None;
                    };
                    (self.table_call(object, &inner)?, key.clone())
                }
                // `foreignColumns: [t.id]`: the table points at itself.
                Value::Column(key) => {
                    let found = self.reading.tables.get(at)?;
                    let column = found.columns.iter().find(|it| it.key == key)?;
                    table.get_or_insert(found.name.clone());
                    columns.push(column.name.clone());
                    continue;
                }
                _ => return None,
            };
            let shape = self.shape(call)?;
            let (_, name) = shape.columns.iter().find(|(known, _)| *known == key)?;
            columns.push(name.clone());
            table.get_or_insert(shape.name);
        }
        Some((table?, columns))
    }

    /// The call that makes a table, behind a name and methods on the table.
    fn table_call(&self, object: &'m Expr, scope: &Scope<'m>) -> Option<(&'m Expr, Scope<'m>)> {
        let Value::Expr(mut it, scope) = self.program.value(object, scope) else {
            return None;
        };
        while let Kind::Call(callee, _) = &it.kind
            && let Kind::Member(inner, _) = &callee.kind
            && matches!(inner.kind, Kind::Call(..))
            && self.creator(callee, &scope).is_none()
        {
            it = inner;
        }
        matches!(it.kind, Kind::Call(..)).then_some((it, scope))
    }

    /// What a call makes, where it was not read as a table of these files: a table of a file that
    /// is imported from for its columns only.
    fn shape(&mut self, (call, scope): (&'m Expr, Scope<'m>)) -> Option<Shape> {
        if let Some(known) = self.made.get(&std::ptr::from_ref(call)) {
            return known.clone();
        }
        let Kind::Call(callee, args) = &call.kind else {
            return None;
        };
        let creator = self.creator(callee, &scope)?;
        if creator.dialect != self.dialect {
            return None;
        }
        let [name, columns, ..] = args.as_slice() else {
            return None;
        };
        let name = self.name(&creator, name, &scope).ok()?;
        let (entries, inner) = self.columns(columns, &scope).ok()?;
        let mut read: Columns<'m> = Vec::new();
        let mut aside = Tables::new(self.program, self.dialect);
        aside.entries(entries, &inner, &mut ReadTable::default(), &mut read, 0);
        let columns = read.into_iter().map(|(key, column, _)| (key, column.name));
        Some(Shape {
            name,
            columns: columns.collect(),
        })
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
        let (result, inside) = self
            .program
            .bind(function, &inner, vec![Value::Text(given)])
            .ok_or_else(why)?;
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
            let (result, inside) = self
                .program
                .bind(function, inner, vec![Value::Builders])
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
        columns: &mut Columns<'m>,
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
        columns: &mut Columns<'m>,
    ) {
        let mut found = Vec::new();
        let read = column::read(self.program, self.dialect, key, value, scope, &mut found);
        self.reading.diagnostics.extend(found);
        match read {
            Ok((column, said)) => {
                if column.snake_name.is_some() {
                    let first = self.unnamed.entry(scope.module);
                    first.or_insert((column.place, 0)).1 += 1;
                }
                // As in the object itself, the last entry of a key is the one that counts.
                match columns.iter_mut().find(|it| it.0 == key) {
                    Some(slot) => (slot.1, slot.2) = (column, said),
                    None => columns.push((key.to_owned(), column, said)),
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
