//! Defaults as values, and `` sql`…` `` as the text that the dialect prints.

use serde_json::{Map, Number, Value as Json};

use super::super::ReadDefault;
use super::column::Args;
use crate::read::typescript::resolve::{Program, Scope, Value};
use crate::read::typescript::syntax::{Entry, Expr, Kind};

/// The default that `.default(…)` gives.
pub(super) fn read<'m>(program: &'m Program, (args, scope): Args<'m>) -> ReadDefault {
    let Some(given) = args.first() else {
        return ReadDefault::Unknown;
    };
    if let Some(sql) = sql(program, given, &scope, &|_, _| None) {
        return ReadDefault::Sql(sql);
    }
    json(program, given, &scope, 0).map_or(ReadDefault::Unknown, ReadDefault::Value)
}

const MAX_DEPTH: usize = 50;

/// A constant as JSON; a bigint as its digits.
pub(in crate::read) fn json<'m>(
    program: &'m Program,
    expr: &'m Expr,
    scope: &Scope<'m>,
    depth: usize,
) -> Option<Json> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Kind::Call(callee, args) = &expr.kind
        && let Some(value) = args.first().and_then(|text| parsed(callee, text))
    {
        return Some(value);
    }
    let (it, scope) = match program.value(expr, scope) {
        Value::Text(text) => return Some(Json::String(text)),
        Value::Expr(it, scope) => (it, scope),
        _ => return None,
    };
    Some(match &it.kind {
        Kind::Text(_) | Kind::Template(..) => Json::String(program.text(it, &scope).ok()?),
        Kind::Number(number) => number_of(*number)?,
        Kind::BigInt(digits) => Json::String(digits.clone()),
        Kind::Bool(on) => Json::Bool(*on),
        Kind::Null => Json::Null,
        Kind::Array(items) => {
            let items: Option<Vec<_>> = items
                .iter()
                .map(|item| json(program, item, &scope, depth + 1))
                .collect();
            Json::Array(items?)
        }
        Kind::Object(entries) => {
            let mut object = Map::new();
            for entry in entries {
                let Entry::Field { key, value } = entry else {
                    return None;
                };
                object.insert(key.clone(), json(program, value, &scope, depth + 1)?);
            }
            Json::Object(object)
        }
        _ => return None,
    })
}

/// `JSON.parse("…")`
fn parsed(callee: &Expr, text: &Expr) -> Option<Json> {
    match (&callee.kind, &text.kind) {
        (Kind::Member(object, method), Kind::Text(text)) if method == "parse" => {
            let is_json = matches!(&object.kind, Kind::Name(name) if name == "JSON");
            is_json.then(|| serde_json::from_str(text).ok()).flatten()
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "only whole numbers within 2^53 are cast"
)]
fn number_of(number: f64) -> Option<Json> {
    if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
        return Some(Json::Number(Number::from(number as i64)));
    }
    Number::from_f64(number).map(Json::Number)
}

/// How a hole that is a column is printed.
pub(super) type PrintColumn<'a, 'm> = dyn Fn(&'m Expr, &Scope<'m>) -> Option<String> + 'a;

/// The text of `` sql`…` `` or `sql.raw("…")`; none where it is neither, or cannot be known.
pub(super) fn sql<'m>(
    program: &'m Program,
    expr: &'m Expr,
    scope: &Scope<'m>,
    column: &PrintColumn<'_, 'm>,
) -> Option<String> {
    let Value::Expr(it, scope) = program.value(expr, scope) else {
        return None;
    };
    let is_sql =
        |tag: &'m Expr| matches!(program.value(tag, &scope), Value::Drizzle(name) if name == "sql");
    match &it.kind {
        Kind::Tagged(tag, texts, holes) if is_sql(tag) => {
            let mut out = String::new();
            for (at, text) in texts.iter().enumerate() {
                out.push_str(text);
                if let Some(hole) = holes.get(at) {
                    let printed =
                        column(hole, &scope).or_else(|| sql(program, hole, &scope, column))?;
                    out.push_str(&printed);
                }
            }
            Some(out)
        }
        Kind::Call(callee, args) => {
            let Kind::Member(object, method) = &callee.kind else {
                return None;
            };
            (method == "raw" && is_sql(object))
                .then(|| program.text(args.first()?, &scope).ok())
                .flatten()
        }
        _ => None,
    }
}
