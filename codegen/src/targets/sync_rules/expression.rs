//! Expressions that both forms of the sync config read alike, printed as sync rules write them.
//!
//! In: sqlparser's tree of what the user wrote for Sync Streams. Out: text, every operand in
//! parentheses. What is not known to give the same value in both forms is refused: operators and
//! functions here were held against each other in service-sync-rules 0.38, NULLs included.

use sqlparser::ast::{
    BinaryOperator, CastKind, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, ObjectNamePart, UnaryOperator, Value,
};
use syncline_schema::model::Table;
use syncline_schema::names::quote_sql;

use super::printed::{
    Printed, call, cast_type, joined, literal, negated, operator, shortened, suffixed, text,
};

/// Functions of rows that give the same in both forms.
const FUNCTIONS: &[&str] = &[
    "base64",
    "datetime",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json_array_length",
    "json_extract",
    "json_keys",
    "length",
    "lower",
    "st_asgeojson",
    "st_astext",
    "st_x",
    "st_y",
    "typeof",
    "unixepoch",
    "upper",
    "uuid_blob",
];

/// How deep an expression may nest; chains of one operator nest as deep as they are long.
const MAX_DEPTH: usize = 100;

/// The one table that an expression is about.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    pub(super) table: &'a Table,
    /// How the query calls it, where that is not its name.
    pub(super) alias: Option<String>,
}

/// Without the parentheses around it.
pub(super) fn bare(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// The operands of a chain of `op`, in order; the expression itself where it is none.
pub(super) fn chain<'e>(expr: &'e Expr, op: &BinaryOperator) -> Vec<&'e Expr> {
    let mut parts = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match bare(expr) {
            Expr::BinaryOp {
                left,
                op: its,
                right,
            } if its == op => {
                open.push(right);
                open.push(left);
            }
            part => parts.push(part),
        }
    }
    parts
}

/// An identifier as the service reads it: in lower case unless it is quoted.
pub(super) fn fold(ident: &Ident) -> String {
    if ident.quote_style.is_some() {
        ident.value.clone()
    } else {
        ident.value.to_lowercase()
    }
}

impl Scope<'_> {
    /// Prints an expression.
    ///
    /// # Errors
    /// Says what sync rules do not have, or would read in another way.
    pub(super) fn print(&self, expr: &Expr) -> Result<Printed, String> {
        self.at_depth(expr, 0)
    }

    fn at_depth(&self, expr: &Expr, depth: usize) -> Result<Printed, String> {
        if depth > MAX_DEPTH {
            return Err("an expression in it is too long".to_owned());
        }
        let inner = |expr: &Expr| self.at_depth(expr, depth + 1);
        match bare(expr) {
            Expr::Identifier(column) => Ok(column_of_row(column)),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] if self.is_called(&fold(table)) => Ok(column_of_row(column)),
                _ => Err(format!("`{expr}` is no column of `{}`", self.table.name)),
            },
            Expr::Value(value) => literal(&value.value),
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => Ok(negated(inner(expr)?)),
            // The service knows no minus but that of a number.
            Expr::UnaryOp {
                op: UnaryOperator::Minus,
                expr,
            } if matches!(expr.as_ref(), Expr::Value(value) if matches!(value.value, Value::Number(..))) => {
                Ok(Printed::atom(format!("-{}", inner(expr)?.sql)))
            }
            Expr::IsNull(expr) => Ok(suffixed(inner(expr)?, "IS NULL")),
            Expr::IsNotNull(expr) => Ok(suffixed(inner(expr)?, "IS NOT NULL")),
            Expr::Between {
                expr,
                negated: false,
                low,
                high,
            } => {
                let (value, low, high) = (inner(expr)?, inner(low)?, inner(high)?);
                let low = joined(&[&value, &low], ">=")?;
                let high = joined(&[&value, &high], "<=")?;
                joined(&[&low, &high], "AND")
            }
            Expr::BinaryOp { op, .. } if matches!(op, BinaryOperator::And | BinaryOperator::Or) => {
                let parts: Vec<_> = chain(expr, op)
                    .into_iter()
                    .map(inner)
                    .collect::<Result<_, _>>()?;
                joined(&parts.iter().collect::<Vec<_>>(), &op.to_string())
            }
            Expr::BinaryOp { left, op, right } => {
                let word = operator(op, left, right)?;
                let whole = joined(&[&inner(left)?, &inner(right)?], word)?;
                // In Sync Streams NULL differs from 'a', in sync rules NULL <> 'a' is NULL. Both
                // take NOT (NULL = 'a') for true.
                Ok(if *op == BinaryOperator::NotEq {
                    negated(whole)
                } else {
                    whole
                })
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr,
                data_type,
                ..
            } => {
                let value = inner(expr)?;
                let sql = format!("CAST({} AS {})", value.sql, cast_type(data_type)?);
                Ok(Printed {
                    sql,
                    atom: true,
                    ..value
                })
            }
            Expr::Substring {
                expr,
                substring_from: Some(from),
                substring_for,
                special: true,
                shorthand: false,
            } => {
                let length = substring_for.as_deref();
                let args: Vec<_> = [Some(expr.as_ref()), Some(from.as_ref()), length]
                    .into_iter()
                    .flatten()
                    .map(inner)
                    .collect::<Result<_, _>>()?;
                call("substring", &args)
            }
            Expr::Function(function) => self.function(function, depth),
            other => Err(format!(
                "sync rules have no `{}`",
                shortened(&other.to_string())
            )),
        }
    }

    fn function(&self, function: &Function, depth: usize) -> Result<Printed, String> {
        let name: Vec<String> = function
            .name
            .0
            .iter()
            .filter_map(ObjectNamePart::as_ident)
            .map(|ident| ident.value.to_lowercase())
            .collect();
        let name = name.join(".");
        let args = arguments(function)
            .ok_or_else(|| format!("sync rules have no such call of `{name}`"))?;
        let of_user = |sql: String, atom| Printed {
            sql,
            user: true,
            row: false,
            atom,
        };
        match (name.as_str(), args.as_slice()) {
            ("auth.user_id", []) => Ok(of_user("request.user_id()".to_owned(), true)),
            ("auth.parameters", []) => Ok(of_user("request.jwt()".to_owned(), true)),
            ("connection.parameters", []) => Ok(of_user("request.parameters()".to_owned(), true)),
            ("auth.parameter", [key]) => {
                Ok(of_user(format!("request.jwt() ->> {}", text(key)?), false))
            }
            ("connection.parameter", [key]) => Ok(of_user(
                format!("request.parameters() ->> {}", text(key)?),
                false,
            )),
            (name, args) if FUNCTIONS.contains(&name) => {
                let args: Vec<_> = args
                    .iter()
                    .map(|arg| self.at_depth(arg, depth + 1))
                    .collect::<Result<_, _>>()?;
                call(name, &args)
            }
            _ => Err(format!("sync rules have no `{name}()`")),
        }
    }

    /// Is this what the query calls the table?
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.alias.as_deref().unwrap_or(&self.table.name) == name
    }
}

fn column_of_row(column: &Ident) -> Printed {
    Printed {
        row: true,
        ..Printed::atom(quote_sql(&fold(column)))
    }
}

fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let extra = function.over.is_some()
        || function.filter.is_some()
        || function.null_treatment.is_some()
        || !function.within_group.is_empty()
        || !matches!(function.parameters, FunctionArguments::None);
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    if extra || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    let args = list.args.iter().map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    args.collect()
}
