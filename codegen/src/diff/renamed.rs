//! A table as it stands after its columns were renamed: PostgreSQL renames them in indexes, keys
//! and conditions by itself, so what is compared has to follow.

use std::borrow::Cow;
use std::collections::HashMap;

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};
use syncline_schema::model::{IndexPart, Key, Table};
use syncline_schema::names;

/// New names by old ones.
pub(super) type NewNames<'a> = HashMap<&'a str, &'a str>;

/// The table with its columns renamed.
pub(super) fn table<'a>(table: &'a Table, new_names: &NewNames<'_>) -> Cow<'a, Table> {
    if new_names.is_empty() {
        return Cow::Borrowed(table);
    }
    let mut out = table.clone();
    let rename = |name: &mut String| {
        if let Some(new) = new_names.get(name.as_str()) {
            *name = (*new).to_owned();
        }
    };
    // Columns keep the checks that they stand for under the names that those were given.
    out.checks = table.all_checks();
    for column in &mut out.columns {
        rename(&mut column.name);
        column.check = None;
        column.max_length = None;
        if let syncline_schema::model::Scalar::Enum(it) = &mut column.ty.scalar
            && it.native.is_none()
        {
            column.ty.scalar = syncline_schema::model::Scalar::Text;
        }
    }
    if let Key::Columns(columns) = &mut out.key {
        columns.iter_mut().for_each(rename);
    }
    for check in &mut out.checks {
        check.expression = expression(&check.expression, new_names);
    }
    for index in &mut out.indexes {
        index.include.iter_mut().for_each(rename);
        if let Some(predicate) = &mut index.predicate {
            *predicate = expression(predicate, new_names);
        }
        for part in &mut index.columns {
            match &mut part.part {
                IndexPart::Column(name) => rename(name),
                IndexPart::Expression(sql) => *sql = expression(sql, new_names),
            }
        }
    }
    Cow::Owned(out)
}

/// An expression with the columns in it renamed. Text that cannot be read stays.
fn expression(sql: &str, new_names: &NewNames<'_>) -> String {
    let Ok(tokens) = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize() else {
        return sql.to_owned();
    };
    let mut out = String::with_capacity(sql.len());
    for (at, token) in tokens.iter().enumerate() {
        let called = matches!(tokens.get(at + 1), Some(Token::LParen));
        match token {
            Token::Word(word) if !called => {
                let name = match word.quote_style {
                    Some(_) => Cow::Borrowed(word.value.as_str()),
                    None => Cow::Owned(word.value.to_lowercase()),
                };
                match new_names.get(name.as_ref()) {
                    Some(new) => out.push_str(&names::quote_sql(new)),
                    None => out.push_str(&token.to_string()),
                }
            }
            token => out.push_str(&token.to_string()),
        }
    }
    out
}
