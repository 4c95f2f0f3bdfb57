//! The columns of a table: an object literal, with what is spread into it.

use super::{Columns, Tables};
use crate::read::ReadTable;
use crate::read::drizzle::column;
use crate::read::typescript::resolve::{Scope, Value};
use crate::read::typescript::syntax::{Entry, Expr, Kind};

impl<'m> Tables<'m> {
    /// The object with the columns, which may be what a callback returns for the builders.
    pub(super) fn columns(
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

    pub(super) fn entries(
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
}
