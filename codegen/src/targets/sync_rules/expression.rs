//! Expressions that both forms of the sync config read alike, printed as sync rules write them.
//!
//! In: sqlparser's tree of what the user wrote for Sync Streams. Out: text, every operand in
//! parentheses. What is not known to give the same value in both forms is refused: operators and
//! functions here were held against each other in service-sync-rules 0.38, NULLs included.

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, ExactNumberInfo, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArguments, Ident, ObjectNamePart, UnaryOperator, Value,
};
use syncline_schema::model::Table;
use syncline_schema::names::{quote_sql, quote_text};

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

/// Whole numbers above this are rounded in sync rules (2^53 - 1).
const MAX_NUMBER: u64 = 9_007_199_254_740_991;

/// How deep an expression may nest; chains of one operator nest as deep as they are long.
const MAX_DEPTH: usize = 100;

/// The one table that an expression is about.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    pub(super) table: &'a Table,
    /// How the query calls it, where that is not its name.
    pub(super) alias: Option<String>,
}

/// An expression as sync rules write it.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) sql: String,
    /// It uses a column of the row.
    pub(super) row: bool,
    /// It uses who the user is.
    pub(super) user: bool,
    /// It can be an operand without parentheses.
    atom: bool,
}

impl Printed {
    fn atom(sql: String) -> Self {
        Self {
            sql,
            atom: true,
            ..Self::default()
        }
    }

    pub(super) fn operand(&self) -> String {
        if self.atom {
            self.sql.clone()
        } else {
            format!("({})", self.sql)
        }
    }
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

fn literal(value: &Value) -> Result<Printed, String> {
    let sql = match value {
        Value::Null => "NULL".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::SingleQuotedString(text) => quote_text(text),
        Value::Number(number, false) => {
            let digits = number.bytes().all(|b| b.is_ascii_digit());
            if digits && !number.parse::<u64>().is_ok_and(|n| n <= MAX_NUMBER) {
                return Err(format!("sync rules round the number {}", shortened(number)));
            }
            number.clone()
        }
        other => {
            return Err(format!(
                "sync rules have no `{}`",
                shortened(&other.to_string())
            ));
        }
    };
    Ok(Printed::atom(sql))
}

/// The operator, where both forms know it and group it as SQL does.
fn operator(op: &BinaryOperator, left: &Expr, right: &Expr) -> Result<&'static str, String> {
    use BinaryOperator::{
        Arrow, Divide, Eq, Gt, GtEq, LongArrow, Lt, LtEq, Minus, Multiply, NotEq, Plus,
        StringConcat,
    };
    let among = |expr: &Expr, ops: &[BinaryOperator]| matches!(expr, Expr::BinaryOp { op, .. } if ops.contains(op));
    let sums = [Plus, Minus];
    let texts = [StringConcat, Arrow, LongArrow];
    let other = if sums.contains(op) {
        &texts[..]
    } else {
        &sums[..]
    };
    if (sums.contains(op) || texts.contains(op)) && (among(left, other) || among(right, other)) {
        // The service gives both kinds one rank, PostgreSQL two.
        return Err(format!("`{op}` needs parentheses beside another operator"));
    }
    let word = match op {
        Eq | NotEq => "=",
        Lt => "<",
        LtEq => "<=",
        Gt => ">",
        GtEq => ">=",
        Plus => "+",
        Minus => "-",
        Multiply => "*",
        Divide => "/",
        StringConcat => "||",
        Arrow | LongArrow => {
            text(right)?;
            if *op == Arrow { "->" } else { "->>" }
        }
        other => return Err(format!("sync rules have no operator `{other}`")),
    };
    Ok(word)
}

fn text(expr: &Expr) -> Result<String, String> {
    match bare(expr) {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Ok(quote_text(text)),
            _ => Err("sync rules take members by a text only".to_owned()),
        },
        _ => Err("sync rules take members by a text only".to_owned()),
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

fn call(name: &str, args: &[Printed]) -> Result<Printed, String> {
    let list: Vec<_> = args.iter().map(|arg| arg.sql.as_str()).collect();
    let sql = format!("{name}({})", list.join(", "));
    let args: Vec<_> = args.iter().collect();
    Ok(Printed {
        sql,
        atom: true,
        ..joined(&args, "")?
    })
}

fn joined(parts: &[&Printed], word: &str) -> Result<Printed, String> {
    let row = parts.iter().any(|part| part.row);
    let user = parts.iter().any(|part| part.user);
    if row && user {
        // Only `=` and IN bring the two together, and these are taken apart before.
        return Err("in sync rules, row and user meet in `=` and IN only".to_owned());
    }
    let operands: Vec<_> = parts.iter().map(|part| part.operand()).collect();
    Ok(Printed {
        sql: operands.join(&format!(" {word} ")),
        row,
        user,
        atom: false,
    })
}

fn negated(value: Printed) -> Printed {
    Printed {
        sql: format!("NOT {}", value.operand()),
        atom: false,
        ..value
    }
}

fn suffixed(value: Printed, word: &str) -> Printed {
    Printed {
        sql: format!("{} {word}", value.operand()),
        atom: false,
        ..value
    }
}

fn cast_type(ty: &DataType) -> Result<&'static str, String> {
    match ty {
        DataType::Text => Ok("text"),
        DataType::Integer(None) => Ok("integer"),
        DataType::Real => Ok("real"),
        DataType::Numeric(ExactNumberInfo::None) => Ok("numeric"),
        other => Err(format!("sync rules do not cast to `{other}`")),
    }
}

/// What the user wrote, cut so that it fits into a sentence.
fn shortened(sql: &str) -> String {
    const MAX: usize = 40;
    match sql.char_indices().nth(MAX) {
        Some((at, _)) => format!("{}…", &sql[..at]),
        None => sql.to_owned(),
    }
}
