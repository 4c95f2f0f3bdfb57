//! The conditions of a stream's query, taken apart: what filters rows, what only asks who the
//! user is, and where the two meet. In sync rules the first stand in data queries, the others in
//! parameter queries.

use sqlparser::ast::{
    BinaryOperator, Expr, Query, Select, SelectItem, SetExpr, TableFactor, Value,
};
use syncline_schema::model::Stream;
use syncline_schema::stream_query::parse_select;

use super::expression::{Scope, bare, chain, fold};

/// How many queries one query may become by taking its `OR` apart.
const MAX_BRANCHES: usize = 16;

/// One condition, printed. Operands can stand beside `=`.
#[derive(Debug)]
pub(super) enum Condition {
    /// About the row alone (or about nothing).
    Row(String),
    /// About the user alone.
    User(String),
    /// `row = user`.
    Equal { row: String, user: String },
    /// `user IN row`, an array.
    Contains { row: String, user: String },
    /// A value of the row, or of the user, is among those that a query of another table gives.
    Among {
        row: Option<String>,
        user: Option<String>,
        select: Box<Select>,
    },
}

/// The `OR`s of a condition taken apart: rows that meet all conditions of any branch meet it.
/// An `OR` that one side of sync rules can hold as a whole stays.
///
/// # Errors
/// Says that there would be too many.
pub(super) fn branches<'e>(
    expr: &'e Expr,
    scope: &Scope<'_>,
) -> Result<Vec<Vec<&'e Expr>>, String> {
    let mut all: Vec<Vec<&Expr>> = vec![Vec::new()];
    for part in chain(expr, &BinaryOperator::And) {
        let is_or = matches!(
            part,
            Expr::BinaryOp {
                op: BinaryOperator::Or,
                ..
            }
        );
        if !is_or || scope.print(part).is_ok() {
            all.iter_mut().for_each(|branch| branch.push(part));
            continue;
        }
        let mut alternatives = Vec::new();
        for alternative in chain(part, &BinaryOperator::Or) {
            alternatives.extend(branches(alternative, scope)?);
        }
        if all.len() * alternatives.len() > MAX_BRANCHES {
            return Err(format!(
                "its OR would become more than {MAX_BRANCHES} queries"
            ));
        }
        all = all
            .iter()
            .flat_map(|before| {
                let joined = |then: &Vec<&'e Expr>| [before.as_slice(), then.as_slice()].concat();
                alternatives.iter().map(joined).collect::<Vec<_>>()
            })
            .collect();
    }
    Ok(all)
}

/// Reads one condition.
///
/// # Errors
/// Says what sync rules cannot hold.
pub(super) fn condition(
    expr: &Expr,
    scope: &Scope<'_>,
    stream: &Stream,
) -> Result<Condition, String> {
    match bare(expr) {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } => {
            let (left, right) = (scope.print(left)?, scope.print(right)?);
            let equal = |row: String, user: String| Ok(Condition::Equal { row, user });
            match (left.row && right.user, left.user && right.row) {
                (true, _) => equal(left.operand(), right.operand()),
                (_, true) => equal(right.operand(), left.operand()),
                _ => about_one(expr, scope),
            }
        }
        Expr::InSubquery { negated: true, .. } => Err("sync rules have no NOT IN".to_owned()),
        Expr::InSubquery { expr, subquery, .. } => {
            let value = scope.print(expr)?;
            let select = select_of(subquery)?;
            if let Some(list) = list_of(select, scope, stream) {
                let list = scope.print(&list)?;
                return match (value.user, list.row, list.user) {
                    (true, true, _) => Ok(Condition::Contains {
                        row: list.operand(),
                        user: value.operand(),
                    }),
                    (false, _, false) => Ok(Condition::Row(format!(
                        "{} IN {}",
                        value.operand(),
                        list.operand()
                    ))),
                    _ => Err("sync rules have no such IN".to_owned()),
                };
            }
            let select = named_query(select, stream)?.unwrap_or_else(|| Box::new(select.clone()));
            match (value.row, value.user) {
                (true, _) => Ok(Condition::Among {
                    row: Some(value.operand()),
                    user: None,
                    select,
                }),
                (_, true) => Ok(Condition::Among {
                    row: None,
                    user: Some(value.operand()),
                    select,
                }),
                _ => Err("it looks up a constant".to_owned()),
            }
        }
        other => about_one(other, scope),
    }
}

fn about_one(expr: &Expr, scope: &Scope<'_>) -> Result<Condition, String> {
    let printed = scope.print(expr)?;
    Ok(if printed.user {
        Condition::User(printed.sql)
    } else {
        Condition::Row(printed.sql)
    })
}

fn select_of(query: &Query) -> Result<&Select, String> {
    let more = query.with.is_some() || query.order_by.is_some() || query.limit_clause.is_some();
    match query.body.as_ref() {
        SetExpr::Select(select) if !more => Ok(select),
        _ => Err("its subquery is not one SELECT".to_owned()),
    }
}

/// What stands behind `IN` where that is no query: a column that holds an array, or a JSON text.
fn list_of(select: &Select, scope: &Scope<'_>, stream: &Stream) -> Option<Expr> {
    if select.selection.is_some() {
        return None;
    }
    match (select.from.as_slice(), select.projection.as_slice()) {
        ([], [SelectItem::UnnamedExpr(list)]) => {
            let is_text = matches!(list, Expr::Value(value) if matches!(value.value, Value::SingleQuotedString(_)));
            (is_text || matches!(list, Expr::Identifier(_) | Expr::CompoundIdentifier(_)))
                .then(|| list.clone())
        }
        // The reader spells `IN name` out as `IN (SELECT * FROM name)`.
        ([from], [SelectItem::Wildcard(_)]) => {
            let TableFactor::Table {
                name,
                alias: None,
                args: None,
                ..
            } = &from.relation
            else {
                return None;
            };
            let [name] = name.0.as_slice() else {
                return None;
            };
            let name = name.as_ident()?;
            let folded = fold(name);
            let is_query = stream.with.iter().any(|(with, _)| *with == folded);
            (!is_query && scope.table.column(&folded).is_some())
                .then(|| Expr::Identifier(name.clone()))
        }
        _ => None,
    }
}

/// The query of `with` that a subquery names: `SELECT * FROM name`, or its only column from it.
fn named_query(select: &Select, stream: &Stream) -> Result<Option<Box<Select>>, String> {
    let [from] = select.from.as_slice() else {
        return Ok(None);
    };
    let TableFactor::Table { name, .. } = &from.relation else {
        return Ok(None);
    };
    let [name] = name.0.as_slice() else {
        return Ok(None);
    };
    let Some(folded) = name.as_ident().map(fold) else {
        return Ok(None);
    };
    let Some((_, query)) = stream.with.iter().find(|(with, _)| *with == folded) else {
        return Ok(None);
    };
    let inner = parse_select(&query.sql).map_err(|error| error.message)?;
    let same = match (select.projection.as_slice(), inner.projection.as_slice()) {
        ([SelectItem::Wildcard(_)], [_]) => true,
        ([SelectItem::UnnamedExpr(Expr::Identifier(column))], [only]) => {
            output(only) == Some(fold(column))
        }
        _ => false,
    };
    if !same || select.selection.is_some() || !from.joins.is_empty() {
        return Err(format!(
            "it does more with `{folded}` than to look up its one column"
        ));
    }
    Ok(Some(inner))
}

fn output(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::UnnamedExpr(Expr::Identifier(column)) => Some(fold(column)),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().map(fold),
        SelectItem::ExprWithAlias { alias, .. } => Some(fold(alias)),
        _ => None,
    }
}
