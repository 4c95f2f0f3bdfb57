//! What a condition keeps from whom: the [`Guard`] of a WHERE or ON.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query,
    SetExpr, TableFactor,
};

use super::Guard;

/// The guard of a condition. Only what the service can turn into a bucket counts: an equality with
/// a value of the token, or membership in rows that such an equality found.
pub(super) fn of(condition: &Expr) -> Guard {
    match condition {
        Expr::Nested(inner) => of(inner),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => of(left).and(of(right)),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => of(left).or(of(right)),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } => {
            // A claim compared with a constant says who may ask, not whose rows: it guards too.
            token_if(has_token(left) || has_token(right))
        }
        Expr::InUnnest {
            expr,
            array_expr,
            negated: false,
        } => token_if(has_token(expr) || has_token(array_expr)),
        Expr::InSubquery {
            expr,
            subquery,
            negated: false,
        } => token_if(has_token(expr)).and(of_query(subquery)),
        Expr::Function(_) | Expr::Cast { .. } => token_if(has_token(condition)),
        _ => Guard::Open,
    }
}

fn token_if(found: bool) -> Guard {
    if found { Guard::Token } else { Guard::Open }
}

/// The guard of the rows that a nested query finds.
fn of_query(query: &Query) -> Guard {
    let SetExpr::Select(select) = query.body.as_ref() else {
        return Guard::Open;
    };
    let mut guard = select.selection.as_ref().map_or(Guard::Open, of);
    for table in &select.from {
        for relation in
            std::iter::once(&table.relation).chain(table.joins.iter().map(|it| &it.relation))
        {
            let TableFactor::Table { name, args, .. } = relation else {
                continue;
            };
            guard = guard.and(match args {
                Some(args) => token_if(args.args.iter().any(argument)),
                None => Guard::Named(vec![name.to_string().to_lowercase()]),
            });
        }
    }
    guard
}

fn has_token(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner)
        | Expr::Cast { expr: inner, .. }
        | Expr::UnaryOp { expr: inner, .. } => has_token(inner),
        Expr::BinaryOp { left, right, .. } => has_token(left) || has_token(right),
        Expr::Function(function) => is_token(function) || arguments(function),
        _ => false,
    }
}

fn is_token(function: &Function) -> bool {
    function
        .name
        .to_string()
        .to_lowercase()
        .starts_with("auth.")
}

fn arguments(function: &Function) -> bool {
    matches!(&function.args, FunctionArguments::List(list) if list.args.iter().any(argument))
}

fn argument(arg: &FunctionArg) -> bool {
    matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) if has_token(expr))
}
