//! Expressions as sync rules write them: how parts become a whole.

use sqlparser::ast::{BinaryOperator, DataType, ExactNumberInfo, Expr, Value};
use syncline_schema::names::quote_text;

use super::expression::bare;

/// Whole numbers above this are rounded in sync rules (2^53 - 1).
const MAX_NUMBER: u64 = 9_007_199_254_740_991;

/// An expression as sync rules write it.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) sql: String,
    /// It uses a column of the row.
    pub(super) row: bool,
    /// It uses who the user is.
    pub(super) user: bool,
    /// It can be an operand without parentheses.
    pub(super) atom: bool,
}

impl Printed {
    pub(super) fn atom(sql: String) -> Self {
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

pub(super) fn literal(value: &Value) -> Result<Printed, String> {
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
pub(super) fn operator(
    op: &BinaryOperator,
    left: &Expr,
    right: &Expr,
) -> Result<&'static str, String> {
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

pub(super) fn text(expr: &Expr) -> Result<String, String> {
    match bare(expr) {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Ok(quote_text(text)),
            _ => Err("sync rules take members by a text only".to_owned()),
        },
        _ => Err("sync rules take members by a text only".to_owned()),
    }
}

pub(super) fn call(name: &str, args: &[Printed]) -> Result<Printed, String> {
    let list: Vec<_> = args.iter().map(|arg| arg.sql.as_str()).collect();
    let sql = format!("{name}({})", list.join(", "));
    let args: Vec<_> = args.iter().collect();
    Ok(Printed {
        sql,
        atom: true,
        ..joined(&args, "")?
    })
}

pub(super) fn joined(parts: &[&Printed], word: &str) -> Result<Printed, String> {
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

pub(super) fn negated(value: Printed) -> Printed {
    Printed {
        sql: format!("NOT {}", value.operand()),
        atom: false,
        ..value
    }
}

pub(super) fn suffixed(value: Printed, word: &str) -> Printed {
    Printed {
        sql: format!("{} {word}", value.operand()),
        atom: false,
        ..value
    }
}

pub(super) fn cast_type(ty: &DataType) -> Result<&'static str, String> {
    match ty {
        DataType::Text => Ok("text"),
        DataType::Integer(None) => Ok("integer"),
        DataType::Real => Ok("real"),
        DataType::Numeric(ExactNumberInfo::None) => Ok("numeric"),
        other => Err(format!("sync rules do not cast to `{other}`")),
    }
}

/// What the user wrote, cut so that it fits into a sentence.
pub(super) fn shortened(sql: &str) -> String {
    const MAX: usize = 40;
    match sql.char_indices().nth(MAX) {
        Some((at, _)) => format!("{}…", &sql[..at]),
        None => sql.to_owned(),
    }
}
