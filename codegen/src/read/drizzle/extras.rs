//! The third argument of a table: indexes, unique rules, keys, checks and policies, as a list or as
//! an object.

use std::ops::Range;

use super::super::{ReadIndex, ReadIndexPart, ReadTable};
use super::column::first_line;
use super::default::sql;
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Entry, Expr, Kind};

/// What points from one table to another, to be settled when all tables are known.
#[derive(Debug)]
pub(super) struct Pointer<'m> {
    /// Columns that point, by the names in the database.
    pub(super) columns: Vec<String>,
    /// `users.id`, for each of them.
    pub(super) targets: Vec<(&'m Expr, Scope<'m>)>,
    pub(super) name: Option<String>,
    pub(super) on_delete: String,
    pub(super) place: syncline_schema::Place,
}

/// Reads the extras of one table.
pub(super) struct Extras<'a, 'm> {
    pub(super) program: &'m Program,
    /// Property and name of each column.
    pub(super) columns: &'a [(String, String)],
    /// The call that makes the table.
    pub(super) call: &'m Expr,
    /// How the dialect prints a column: `"table"."column"`.
    pub(super) qualifier: String,
    pub(super) pointers: Vec<Pointer<'m>>,
    /// What could not be followed: module, span, and why.
    pub(super) gaps: Vec<(usize, Range<usize>, String)>,
}

/// A call at the root of a chain, and the methods on it, the last first.
type Chain<'m> = (&'m Expr, &'m [Expr], Vec<(&'m str, &'m [Expr])>);

/// Helpers may be within helpers, to this depth.
const MAX_DEPTH: usize = 20;

impl<'m> Extras<'_, 'm> {
    /// Reads what a function from the table to a list or an object gives.
    pub(super) fn read(&mut self, extras: &'m Expr, scope: &Scope<'m>, table: &mut ReadTable) {
        let value = match self.program.value(extras, scope) {
            Value::Expr(it, inner) => match &it.kind {
                Kind::Function(function) => {
                    match self.program.bind(function, &inner, vec![Value::Table]) {
                        Some((result, inside)) => self.program.value(result, &inside),
                        None => Value::Unknown("the function does more than return".to_owned()),
                    }
                }
                _ => Value::Expr(it, inner),
            },
            other => other,
        };
        match value {
            Value::Expr(it, inner) => self.entries(it, &inner, table, 0),
            Value::Unknown(why) => self.gap(scope.module, extras, &why),
            _ => self.gap(scope.module, extras, "it is no list"),
        }
    }

    fn entries(&mut self, list: &'m Expr, scope: &Scope<'m>, table: &mut ReadTable, depth: usize) {
        if depth > MAX_DEPTH {
            return self.gap(scope.module, list, "spreads nest too deep");
        }
        let spread = |this: &mut Self, inner: &'m Expr, table: &mut ReadTable| match this
            .program
            .value(inner, scope)
        {
            Value::Expr(it, inside) => this.entries(it, &inside, table, depth + 1),
            Value::Unknown(why) => this.gap(scope.module, inner, &why),
            _ => this.gap(scope.module, inner, "it is no list"),
        };
        match &list.kind {
            Kind::Array(items) => {
                for item in items {
                    match &item.kind {
                        Kind::Spread(inner) => spread(self, inner, table),
                        _ => self.one(item, scope, table, depth),
                    }
                }
            }
            Kind::Object(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Field { value, .. } => self.one(value, scope, table, depth),
                        Entry::Spread(inner) => spread(self, inner, table),
                        Entry::Other(value) => self.one(value, scope, table, depth),
                    }
                }
            }
            _ => self.gap(scope.module, list, "it is no list that is written out"),
        }
    }

    fn one(&mut self, item: &'m Expr, scope: &Scope<'m>, table: &mut ReadTable, depth: usize) {
        let place = first_line(self.program, scope.module, &item.span);
        let (value, inner) = match self.program.value(item, scope) {
            Value::Expr(it, inner) => (it, inner),
            Value::Unknown(why) => return self.gap(scope.module, item, &why),
            _ => return self.gap(scope.module, item, "it is no index and no key"),
        };
        if let Kind::Array(_) = &value.kind {
            return self.entries(value, &inner, table, depth + 1);
        }
        let Some((callee, args, methods)) = chain(value) else {
            return self.gap(scope.module, item, "it is no index and no key");
        };
        let Value::Drizzle(what) = self.program.value(callee, &inner) else {
            return self.gap(scope.module, item, "it is made by no function of Drizzle");
        };
        let read = match what.as_str() {
            "index" | "uniqueIndex" | "unique" => {
                let index = self.index(&what, args, &methods, &inner, table, place);
                index.map(|index| table.indexes.push(index))
            }
            "primaryKey" => self
                .primary_key(args, &inner)
                .map(|columns| table.primary_key = columns),
            "foreignKey" => self.foreign_key(args, &methods, &inner, place),
            "check" => self.check(args, &inner).map(|it| table.checks.push(it)),
            "pgPolicy" => {
                table.rls = true;
                Ok(())
            }
            other => Err(format!("Syncline does not know `{other}`")),
        };
        if let Err(why) = read {
            self.gap(scope.module, item, &why);
        }
    }

    fn index(
        &self,
        what: &str,
        args: &'m [Expr],
        methods: &[(&'m str, &'m [Expr])],
        scope: &Scope<'m>,
        table: &ReadTable,
        place: syncline_schema::Place,
    ) -> Result<ReadIndex, String> {
        let mut name = match args.first() {
            Some(name) => Some(self.program.text(name, scope)?),
            None => None,
        };
        let mut parts = Vec::new();
        let mut predicate = None;
        for (method, args) in methods {
            match *method {
                "on" | "onOnly" => parts = self.parts(args, scope)?,
                // `using("gin", …)` takes the columns behind the method.
                "using" => parts = self.parts(args.get(1..).unwrap_or_default(), scope)?,
                "where" => {
                    let condition = args.first().ok_or("it has no condition")?;
                    let text = self.sql(condition, scope);
                    predicate = Some(text.ok_or("its condition could not be followed")?);
                }
                "concurrently" | "with" | "nullsNotDistinct" => {}
                other => return Err(format!("Syncline does not know `.{other}()`")),
            }
        }
        if parts.is_empty() {
            return Err("it names no column".to_owned());
        }
        let constraint = what == "unique";
        if constraint && name.is_none() {
            let columns: Vec<_> = parts.iter().filter_map(|it| it.column.as_deref()).collect();
            name = Some(format!("{}_{}_unique", table.name, columns.join("_")));
        }
        Ok(ReadIndex {
            name,
            parts,
            unique: what != "index",
            constraint,
            predicate,
            place,
        })
    }

    fn parts(&self, args: &'m [Expr], scope: &Scope<'m>) -> Result<Vec<ReadIndexPart>, String> {
        args.iter().map(|arg| self.part(arg, scope)).collect()
    }

    fn part(&self, arg: &'m Expr, scope: &Scope<'m>) -> Result<ReadIndexPart, String> {
        let mut part = ReadIndexPart {
            column: None,
            sql: String::new(),
            desc: false,
            nulls_first: false,
        };
        let (mut expr, mut scope) = (arg, scope.clone());
        if let Value::Expr(it, inner) = self.program.value(arg, &scope) {
            (expr, scope) = (it, inner);
        }
        while let Kind::Call(callee, _) = &expr.kind
            && let Kind::Member(object, method) = &callee.kind
        {
            match method.as_str() {
                "desc" => part.desc = true,
                "nullsFirst" => part.nulls_first = true,
                "asc" | "nullsLast" | "op" => {}
                _ => break,
            }
            expr = object;
        }
        if let Some(column) = self.own_column(expr, &scope) {
            part.column = Some(column?);
            return Ok(part);
        }
        part.sql = self
            .sql(expr, &scope)
            .ok_or("a part of it could not be followed")?;
        Ok(part)
    }

    fn primary_key(&self, args: &'m [Expr], scope: &Scope<'m>) -> Result<Vec<String>, String> {
        let columns = match self.option(args, "columns", scope) {
            Some(Value::Expr(list, inner)) => return self.column_list(list, &inner),
            Some(_) => return Err("its columns could not be followed".to_owned()),
            None => args,
        };
        columns
            .iter()
            .map(|it| {
                self.own_column(it, scope)
                    .ok_or("it has no list of columns")?
            })
            .collect()
    }

    fn column_list(&self, list: &'m Expr, scope: &Scope<'m>) -> Result<Vec<String>, String> {
        let Kind::Array(items) = &list.kind else {
            return Err("its columns are no list".to_owned());
        };
        items
            .iter()
            .map(|it| {
                self.own_column(it, scope)
                    .ok_or("one of its columns could not be followed")?
            })
            .collect()
    }

    fn foreign_key(
        &mut self,
        args: &'m [Expr],
        methods: &[(&'m str, &'m [Expr])],
        scope: &Scope<'m>,
        place: syncline_schema::Place,
    ) -> Result<(), String> {
        let list = |name: &str| match self.option(args, name, scope) {
            Some(Value::Expr(list, inner)) => Ok((list, inner)),
            _ => Err(format!("its `{name}` could not be followed")),
        };
        let (columns, inner) = list("columns")?;
        let columns = self.column_list(columns, &inner)?;
        let (targets, inner) = list("foreignColumns")?;
        let Kind::Array(targets) = &targets.kind else {
            return Err("its `foreignColumns` are no list".to_owned());
        };
        let name = match self.option(args, "name", scope) {
            Some(Value::Expr(name, inner)) => Some(self.program.text(name, &inner)?),
            Some(Value::Text(name)) => Some(name),
            Some(_) => return Err("its name could not be followed".to_owned()),
            None => None,
        };
        let mut on_delete = "no action".to_owned();
        for (method, args) in methods {
            if *method == "onDelete"
                && let Some(action) = args.first()
            {
                on_delete = self.program.text(action, scope)?;
            }
        }
        self.pointers.push(Pointer {
            columns,
            targets: targets.iter().map(|it| (it, inner.clone())).collect(),
            name,
            on_delete,
            place,
        });
        Ok(())
    }

    fn check(&self, args: &'m [Expr], scope: &Scope<'m>) -> Result<(String, String), String> {
        let [name, condition] = args else {
            return Err("a check has a name and a condition".to_owned());
        };
        let condition = self.sql(condition, scope);
        Ok((
            self.program.text(name, scope)?,
            condition.ok_or("its condition could not be followed")?,
        ))
    }

    /// The value of an option of the first argument.
    fn option(&self, args: &'m [Expr], name: &str, scope: &Scope<'m>) -> Option<Value<'m>> {
        let Value::Expr(object, inner) = self.program.value(args.first()?, scope) else {
            return None;
        };
        match &object.kind {
            Kind::Object(entries) => self.program.field(entries, name, &inner),
            _ => None,
        }
    }

    /// The name of a column of this table; none where it is something else.
    fn own_column(&self, expr: &'m Expr, scope: &Scope<'m>) -> Option<Result<String, String>> {
        let key = match self.program.value(expr, scope) {
            Value::Column(key) => key,
            Value::Expr(it, inner) => {
                let Kind::Member(object, key) = &it.kind else {
                    return None;
                };
                let table = self.program.value(object, &inner);
                match table {
                    Value::Expr(call, _) if std::ptr::eq(call, self.call) => key.clone(),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let found = self.columns.iter().find(|(known, _)| *known == key);
        Some(
            found
                .map(|(_, name)| name.clone())
                .ok_or_else(|| format!("`{key}` is no column that could be followed")),
        )
    }

    fn sql(&self, expr: &'m Expr, scope: &Scope<'m>) -> Option<String> {
        sql(self.program, expr, scope, &|hole, scope| {
            let name = self.own_column(hole, scope)?.ok()?;
            Some(format!("{}\"{name}\"", self.qualifier))
        })
    }

    fn gap(&mut self, module: usize, expr: &'m Expr, why: &str) {
        self.gaps.push((module, expr.span.clone(), why.to_owned()));
    }
}

/// Takes the methods off a call.
pub(super) fn chain(mut expr: &Expr) -> Option<Chain<'_>> {
    let mut methods = Vec::new();
    loop {
        let Kind::Call(callee, args) = &expr.kind else {
            return None;
        };
        match &callee.kind {
            Kind::Member(object, method) if matches!(object.kind, Kind::Call(..)) => {
                methods.push((method.as_str(), args.as_slice()));
                expr = object;
            }
            _ => return Some((callee, args, methods)),
        }
    }
}
