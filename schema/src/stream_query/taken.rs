//! What the PowerSync Service's compiler takes of SQL's smaller parts (service-sync-rules 0.38,
//! found by running it on each).

use sqlparser::ast::{
    BinaryOperator, DataType, DuplicateTreatment, ExactNumberInfo, Expr, FunctionArg,
    FunctionArgumentList, Query, Select, TableFactor, UnaryOperator, Value,
};
use sqlparser::tokenizer::Token;

/// Why a token cannot stand in a query.
pub(super) fn refused_token(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) if word.quote_style.is_none() && !word.value.is_ascii() => Some(format!(
            "the service reads `{0}` only in double quotes: \"{0}\"",
            word.value
        )),
        Token::Placeholder(name) => Some(format!(
            "the service fills in no `{name}`; write auth.parameter('…') or subscription.parameter('…')"
        )),
        _ => None,
    }
}

/// What a whole query, nested ones included, has that the service does not take.
pub(super) fn refused_clause(query: &Query) -> Option<&'static str> {
    let clauses = [
        (
            query.with.is_some(),
            "WITH; put the query under the stream's `with`",
        ),
        (query.order_by.is_some(), "ORDER BY"),
        (
            query.limit_clause.is_some() || query.fetch.is_some(),
            "LIMIT",
        ),
        (!query.locks.is_empty(), "FOR"),
    ];
    let found = clauses.into_iter().find(|(found, _)| *found);
    found.map(|(_, what)| what)
}

/// What a SELECT has beside the parts that are read.
pub(super) fn refused_part(select: &Select) -> Option<&'static str> {
    let sampled = |table: &TableFactor| matches!(table, TableFactor::Table { sample, .. } if sample.is_some());
    let parts = [
        (select.into.is_some(), "INTO"),
        (!select.named_window.is_empty(), "WINDOW"),
        (
            select.from.iter().any(|table| sampled(&table.relation)),
            "TABLESAMPLE",
        ),
    ];
    let found = parts.into_iter().find(|(found, _)| *found);
    found.map(|(_, what)| what)
}

/// Is it one of the operators that the service computes?
pub(super) fn operator(operator: &BinaryOperator) -> bool {
    use BinaryOperator as B;
    matches!(
        operator,
        B::And
            | B::Or
            | B::Eq
            | B::NotEq
            | B::Lt
            | B::LtEq
            | B::Gt
            | B::GtEq
            | B::Plus
            | B::Minus
            | B::Multiply
            | B::Divide
            | B::Modulo
            | B::StringConcat
            | B::Arrow
            | B::LongArrow
            | B::BitwiseAnd
            | B::BitwiseOr
            | B::PGBitwiseShiftLeft
            | B::PGBitwiseShiftRight
    )
}

/// A minus sign stands before a number only.
pub(super) fn sign(operator: UnaryOperator, before: &Expr) -> bool {
    match operator {
        UnaryOperator::Not | UnaryOperator::Plus => true,
        UnaryOperator::Minus => {
            matches!(before, Expr::Value(value) if matches!(value.value, Value::Number(..)))
        }
        _ => false,
    }
}

/// Can the service cast to it? Its types are SQLite's.
pub(super) fn cast(to: &DataType) -> bool {
    matches!(
        to,
        DataType::Text
            | DataType::Integer(None)
            | DataType::Numeric(ExactNumberInfo::None)
            | DataType::Real
            | DataType::Blob(None)
    )
}

/// Does the service read this constant?
pub(super) fn literal(value: &Value) -> bool {
    match value {
        Value::Number(digits, _) => digits.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        Value::SingleQuotedString(_)
        | Value::EscapedStringLiteral(_)
        | Value::UnicodeStringLiteral(_)
        | Value::Boolean(_)
        | Value::Null => true,
        _ => false,
    }
}

/// Are these plain arguments?
pub(super) fn arguments(list: &FunctionArgumentList) -> bool {
    !matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct))
        && list.clauses.is_empty()
        && list
            .args
            .iter()
            .all(|arg| matches!(arg, FunctionArg::Unnamed(_)))
}
