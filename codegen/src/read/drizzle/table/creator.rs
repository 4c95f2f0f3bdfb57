//! What makes a table: `pgTable`, `sqliteTable`, and what an app makes of them.

use super::Tables;
use crate::read::drizzle::Dialect;
use crate::read::typescript::resolve::{Scope, Value};
use crate::read::typescript::syntax::{Expr, Kind};

/// What makes a table.
pub(super) struct Creator<'m> {
    pub(super) dialect: Dialect,
    pub(super) schema: Option<String>,
    /// The function that makes the database's name of the given one.
    naming: Option<(&'m Expr, Scope<'m>)>,
}

impl<'m> Tables<'m> {
    pub(super) fn creator(&self, callee: &'m Expr, scope: &Scope<'m>) -> Option<Creator<'m>> {
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

    pub(super) fn name(
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
}
