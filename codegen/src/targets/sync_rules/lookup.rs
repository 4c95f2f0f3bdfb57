//! The tables of a query: the one whose rows it sends, and the ones that it looks values up in.

use sqlparser::ast::{Expr, GroupByExpr, Select, SelectItem, TableFactor};
use syncline_schema::model::{Schema, Stream, Table};
use syncline_schema::names::quote_sql;

use super::condition::{Condition, branches, condition};
use super::expression::{Scope, fold};

/// Tables that sync rules take for their own parameters.
const PARAMETER_TABLES: &[&str] = &["bucket", "token_parameters", "user_parameters"];

/// Values of one column of another table.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) table: String,
    pub(super) column: String,
    /// Conditions of the parameter query.
    pub(super) asks: Vec<String>,
}

/// A subquery; several where its `OR` has to be taken apart.
pub(super) fn lookups(
    select: &Select,
    stream: &Stream,
    schema: &Schema,
) -> Result<Vec<Lookup>, String> {
    let scope = scope_of(select, schema)?;
    if PARAMETER_TABLES.contains(&scope.table.name.as_str()) {
        return Err(format!(
            "in sync rules, `{}` is not a table",
            scope.table.name
        ));
    }
    let column = match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] => expr,
        _ => return Err("its subquery does not select one column".to_owned()),
    };
    if !matches!(column, Expr::Identifier(_) | Expr::CompoundIdentifier(_)) {
        return Err("sync rules look columns up as they are".to_owned());
    }
    let column = scope.print(column)?.sql;
    let conditions = match &select.selection {
        Some(expr) => branches(expr, &scope)?,
        None => vec![Vec::new()],
    };
    let lookup = |branch: Vec<&Expr>| {
        let asks = branch.into_iter().map(|expr| ask(expr, &scope, stream));
        Ok(Lookup {
            table: from(scope.table),
            column: column.clone(),
            asks: asks.collect::<Result<_, String>>()?,
        })
    };
    conditions.into_iter().map(lookup).collect()
}

/// A condition of a parameter query, which has row and user at hand.
fn ask(expr: &Expr, scope: &Scope<'_>, stream: &Stream) -> Result<String, String> {
    match condition(expr, scope, stream)? {
        Condition::Row(sql) | Condition::User(sql) => Ok(sql),
        Condition::Equal { row, user } => Ok(format!("{row} = {user}")),
        Condition::Contains { row, user } => Ok(format!("{user} IN {row}")),
        Condition::Among { .. } => Err("it looks values up within a look-up".to_owned()),
    }
}

/// The one table of a query.
pub(super) fn scope_of<'a>(select: &Select, schema: &'a Schema) -> Result<Scope<'a>, String> {
    let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(list, _) if list.is_empty());
    if grouped || select.having.is_some() || select.into.is_some() || select.distinct.is_some() {
        return Err("sync rules have no DISTINCT and no GROUP BY".to_owned());
    }
    let [from] = select.from.as_slice() else {
        return Err("it is not from one table".to_owned());
    };
    if !from.joins.is_empty() {
        return Err("it joins tables".to_owned());
    }
    let TableFactor::Table {
        name,
        alias,
        args: None,
        ..
    } = &from.relation
    else {
        return Err("it is not from a table".to_owned());
    };
    let mut names: Vec<String> = name
        .0
        .iter()
        .filter_map(|part| part.as_ident())
        .map(fold)
        .collect();
    let name = names.pop().unwrap_or_default();
    let table = schema
        .table(&name)
        .ok_or_else(|| format!("`{name}` is no table of the schema"))?;
    let space = table.schema.as_deref().unwrap_or("public");
    if names.pop().is_some_and(|named| named != space) {
        return Err(format!("`{name}` is in another schema"));
    }
    let alias = alias.as_ref().map(|alias| fold(&alias.name));
    Ok(Scope { table, alias })
}

pub(super) fn from(table: &Table) -> String {
    match &table.schema {
        Some(schema) => format!("{}.{}", quote_sql(schema), quote_sql(&table.name)),
        None => quote_sql(&table.name),
    }
}
