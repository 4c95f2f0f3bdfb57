//! Checks of a table, as what the language says of a column: its words, its length, its check.

use sqlparser::ast::Expr;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use syncline_schema::model::{Column, Scalar, Table};
use syncline_schema::names;
use syncline_schema::sql::with_room;

use super::{Remark, sent, words};
use crate::read::expression::same;

/// The longest check that is taken apart, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Moves checks to the columns that they are about, where the language then says the same.
pub(super) fn fold(table: &mut Table, remarks: &mut Vec<Remark>) {
    let checks = std::mem::take(&mut table.checks);
    for check in checks {
        let name = table.name.clone();
        let parts = conjuncts(&check.expression);
        let folded = table.columns.iter_mut().any(|column| {
            let usual = check.name == names::check(&name, &column.name);
            let Some(changed) = said_by(column, &parts, usual) else {
                return false;
            };
            let says = changed.condition();
            let all = says.is_some_and(|says| parts_same(&says, &parts, column));
            if all {
                *column = changed;
                if !usual {
                    let text = format!(
                        "the check `{}` gets the name that the language gives it",
                        check.name
                    );
                    remarks.push(Remark::column(&name, &column.name, text));
                }
            }
            all
        });
        if !folded {
            table.checks.push(check);
        }
    }
}

/// The column with what these conditions say of it.
fn said_by(column: &Column, parts: &[String], usual: bool) -> Option<Column> {
    if column.check.is_some() || column.condition().is_some() && column.max_length.is_some() {
        return None;
    }
    let mut out = column.clone();
    let quoted = names::quote_sql(&column.name);
    let mut rest = Vec::new();
    let mut found = false;
    for part in parts {
        if let Some(values) = words_of(&quoted, part)
            && matches!(out.ty.scalar, Scalar::Text | Scalar::Varchar(_))
            && !out.ty.array
        {
            out.ty.scalar = words(values);
            found = true;
        } else if let Some(n) = length_of(&quoted, part)
            && out.ty.scalar == Scalar::Text
            && out.max_length.is_none()
        {
            out.max_length = Some(n);
            found = true;
        } else {
            rest.push(part.clone());
        }
    }
    if !rest.is_empty() {
        if !usual {
            return None;
        }
        out.check = Some(match rest.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(") AND (")),
        });
    }
    (found || usual).then_some(out)
}

fn words_of(quoted: &str, part: &str) -> Option<Vec<String>> {
    let values = literals(part);
    let list: Vec<_> = values.iter().map(|it| names::quote_text(it)).collect();
    let fits = !values.is_empty() && same(&format!("{quoted} IN ({})", list.join(", ")), part);
    fits.then_some(values)
}

fn length_of(quoted: &str, part: &str) -> Option<u32> {
    let n = part
        .rsplit(|c: char| !c.is_ascii_digit())
        .find(|it| !it.is_empty())?;
    let calls = ["char_length", "length", "character_length"];
    let fits = calls
        .iter()
        .any(|it| same(&format!("{it}({quoted}) <= {n}"), part));
    n.parse().ok().filter(|_| fits)
}

/// The texts in quotes, in order.
fn literals(part: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = part;
    while let Some(at) = rest.find('\'') {
        let mut text = String::new();
        let mut chars = rest[at + 1..].char_indices().peekable();
        let mut end = rest.len();
        while let Some((i, c)) = chars.next() {
            if c == '\'' {
                if chars.peek().is_some_and(|(_, next)| *next == '\'') {
                    chars.next();
                } else {
                    end = at + 1 + i + 1;
                    break;
                }
            }
            text.push(c);
        }
        out.push(text);
        rest = &rest[end..];
    }
    out
}

/// The conditions of which a check is made; itself where it cannot be taken apart.
pub(super) fn conjuncts(sql: &str) -> Vec<String> {
    let whole = || vec![sql.to_owned()];
    if sql.len() > MAX_BYTES || syncline_schema::sql::check_expression(sql).is_err() {
        return whole();
    }
    let parts = with_room(|| {
        let expr: Expr = Parser::new(&PostgreSqlDialect {})
            .try_with_sql(sql)
            .and_then(|mut it| it.parse_expr())
            .ok()?;
        let mut parts = Vec::new();
        sent::conjuncts(&expr, &mut parts);
        Some(parts.iter().map(ToString::to_string).collect::<Vec<_>>())
    });
    parts.filter(|it| it.len() > 1).unwrap_or_else(whole)
}

/// Are the conditions of `says` these, whatever their order and parentheses?
fn parts_same(says: &str, parts: &[String], column: &Column) -> bool {
    let quoted = names::quote_sql(&column.name);
    let fits = |own: &String, part: &String| {
        let length = || length_of(&quoted, own);
        same(own, part) || length().is_some_and(|n| length_of(&quoted, part) == Some(n))
    };
    let own = conjuncts(says);
    own.len() == parts.len() && own.iter().all(|it| parts.iter().any(|part| fits(it, part)))
}
