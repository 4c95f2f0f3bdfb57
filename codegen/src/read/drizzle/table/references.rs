//! What columns say of other tables, and which tables those are.

use super::{Columns, Shape, Tables};
use crate::read::drizzle::column::Said;
use crate::read::drizzle::extras::Pointer;
use crate::read::typescript::resolve::{Scope, Value};
use crate::read::typescript::syntax::{Expr, Kind};
use crate::read::{ReadColumn, ReadIndex, ReadIndexPart, ReadReference, ReadTable};

/// Tables that drizzle-orm declares, by the file that exports them: no app writes or sends them.
const OUTSIDE: &[(&str, &str)] = &[
    ("drizzle-orm/supabase", "authUsers"),
    ("drizzle-orm/neon", "usersSync"),
];

impl<'m> Tables<'m> {
    /// The unique rule and the reference that a column declares itself.
    pub(super) fn rules(
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
    pub(super) fn settle(&mut self) {
        for (at, pointer) in std::mem::take(&mut self.pointers) {
            let own = self.reading.tables.get(at).map(|it| it.name.clone());
            let own = own.unwrap_or_default();
            if self.points_outside(&pointer) {
                continue;
            }
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

    /// Does it point at users whom somebody else keeps, in a table that drizzle-orm declares itself?
    fn points_outside(&self, pointer: &Pointer<'m>) -> bool {
        pointer.targets.iter().any(|(target, scope)| {
            let Value::Expr(it, inner) = self.program.value(target, scope) else {
                return false;
            };
            let Kind::Member(object, _) = &it.kind else {
                return false;
            };
            let imported = self.program.imported(object, inner.module);
            imported.is_some_and(|it| OUTSIDE.contains(&it))
        })
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
    pub(super) fn table_call(
        &self,
        object: &'m Expr,
        scope: &Scope<'m>,
    ) -> Option<(&'m Expr, Scope<'m>)> {
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
    pub(super) fn shape(&mut self, (call, scope): (&'m Expr, Scope<'m>)) -> Option<Shape> {
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
}
