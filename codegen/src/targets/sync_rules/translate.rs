//! From a stream that the user wrote to bucket definitions.
//!
//! A query becomes a data query, and a parameter query that says for which users: its columns are
//! the values that rows are compared with, its table (if any) the one that values are looked up
//! in. Where an `OR` brings several such pairs together, the stream becomes several definitions.

use sqlparser::ast::{Expr, Select, SelectItem};
use syncline_schema::model::{Query, Schema, Stream};
use syncline_schema::names::quote_sql;
use syncline_schema::place::Place;
use syncline_schema::stream_query::parse_select;

use super::condition::{Condition, branches, condition};
use super::expression::{Scope, fold};
use super::lookup::{Lookup, from, lookups, scope_of};
use crate::targets::streams;

/// One definition of `bucket_definitions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    /// The parameter query; none where every user gets the same rows.
    pub(super) parameters: Option<String>,
    /// The data queries.
    pub(super) data: Vec<String>,
}

/// Why a stream cannot be said, and where that shows.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: String,
    pub(super) place: Place,
}

/// The definitions that send the same rows as the stream.
///
/// # Errors
/// Says what of it sync rules cannot express.
pub(super) fn translate(stream: &Stream, schema: &Schema) -> Result<Vec<Definition>, Refusal> {
    if !stream.auto_subscribe {
        return Err(Refusal {
            reason: "devices subscribe to it, and sync rules have no subscriptions".to_owned(),
            place: stream.place,
        });
    }
    let mut definitions: Vec<Definition> = Vec::new();
    for query in &stream.queries {
        let of_query = translate_query(query, stream, schema);
        for (parameters, data) in of_query.map_err(|reason| Refusal {
            reason,
            place: query.place,
        })? {
            match definitions
                .iter_mut()
                .find(|it| it.parameters == parameters)
            {
                Some(same) => same.data.push(data),
                None => definitions.push(Definition {
                    parameters,
                    data: vec![data],
                }),
            }
        }
    }
    Ok(definitions)
}

/// Pairs of a parameter query and a data query.
type Pairs = Vec<(Option<String>, String)>;

fn translate_query(query: &Query, stream: &Stream, schema: &Schema) -> Result<Pairs, String> {
    let select = parse_select(&query.sql).map_err(|error| error.message)?;
    let scope = scope_of(&select, schema)?;
    let mut send = format!(
        "SELECT {} FROM {}",
        selected(&select, &scope)?,
        from(scope.table)
    );
    if let Some(alias) = scope
        .alias
        .as_deref()
        .filter(|alias| *alias != scope.table.name)
    {
        send.push_str(&format!(" AS {}", quote_sql(alias)));
    }
    let conditions = match &select.selection {
        Some(expr) => branches(expr, &scope)?,
        None => vec![Vec::new()],
    };
    let mut pairs = Vec::new();
    for branch in conditions {
        for parts in parts_of(&branch, &scope, stream, schema)? {
            if scope.table.name == "bucket" && !parts.values.is_empty() {
                return Err("in sync rules, `bucket` is not a table".to_owned());
            }
            pairs.push((parts.parameters(), parts.data(&send)));
        }
    }
    Ok(pairs)
}

/// What becomes of one branch of conditions.
#[derive(Clone, Debug, Default)]
struct Parts {
    /// Values that rows are compared with, as the parameter query computes them.
    values: Vec<String>,
    /// The table that a value is looked up in.
    table: Option<String>,
    /// Conditions of the parameter query.
    asks: Vec<String>,
    /// Conditions of the data query.
    filters: Vec<String>,
}

impl Parts {
    /// The bucket parameter that holds this value.
    fn parameter(&mut self, value: String) -> String {
        let known = self.values.iter().position(|it| *it == value);
        let at = known.unwrap_or(self.values.len());
        if known.is_none() {
            self.values.push(value);
        }
        format!("bucket.p{}", at + 1)
    }

    fn parameters(&self) -> Option<String> {
        if self.values.is_empty() && self.table.is_none() && self.asks.is_empty() {
            return None;
        }
        let values = self.values.iter().enumerate();
        let values: Vec<_> = values
            .map(|(at, value)| format!("{value} AS p{}", at + 1))
            .collect();
        let mut parts = vec!["SELECT".to_owned()];
        if !values.is_empty() {
            parts.push(values.join(", "));
        }
        parts.extend(self.table.as_ref().map(|table| format!("FROM {table}")));
        parts.extend(where_all(&self.asks));
        Some(parts.join(" "))
    }

    fn data(&self, send: &str) -> String {
        let filter = where_all(&self.filters);
        filter.map_or_else(|| send.to_owned(), |filter| format!("{send} {filter}"))
    }
}

fn where_all(conditions: &[String]) -> Option<String> {
    (!conditions.is_empty()).then(|| format!("WHERE ({})", conditions.join(") AND (")))
}

fn parts_of(
    branch: &[&Expr],
    scope: &Scope<'_>,
    stream: &Stream,
    schema: &Schema,
) -> Result<Vec<Parts>, String> {
    let mut all = vec![Parts::default()];
    for expr in branch {
        match condition(expr, scope, stream)? {
            Condition::Row(sql) => each(&mut all, |parts| parts.filters.push(sql.clone())),
            Condition::User(sql) => each(&mut all, |parts| parts.asks.push(sql.clone())),
            Condition::Equal { row, user } => each(&mut all, |parts| {
                let parameter = parts.parameter(user.clone());
                parts.filters.push(format!("{row} = {parameter}"));
            }),
            Condition::Contains { row, user } => each(&mut all, |parts| {
                let parameter = parts.parameter(user.clone());
                parts.filters.push(format!("{parameter} IN {row}"));
            }),
            Condition::Among { row, user, select } => {
                if all.iter().any(|parts| parts.table.is_some()) {
                    return Err("it looks values up in two tables".to_owned());
                }
                let lookups = lookups(&select, stream, schema)?;
                let with = |parts: &Parts, lookup: &Lookup| {
                    let mut parts = parts.clone();
                    parts.table = Some(lookup.table.clone());
                    parts.asks.extend(lookup.asks.iter().cloned());
                    if let Some(row) = &row {
                        let parameter = parts.parameter(lookup.column.clone());
                        parts.filters.push(format!("{row} = {parameter}"));
                    }
                    if let Some(user) = &user {
                        parts.asks.push(format!("{} = {user}", lookup.column));
                    }
                    parts
                };
                all = all
                    .iter()
                    .flat_map(|parts| {
                        lookups
                            .iter()
                            .map(|lookup| with(parts, lookup))
                            .collect::<Vec<_>>()
                    })
                    .collect();
            }
        }
    }
    Ok(all)
}

fn each(all: &mut [Parts], change: impl FnMut(&mut Parts)) {
    all.iter_mut().for_each(change);
}

fn selected(select: &Select, scope: &Scope<'_>) -> Result<String, String> {
    let items = select.projection.iter().map(|item| match item {
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
            let lost = scope
                .table
                .columns
                .iter()
                .find(|column| streams::drops_from_star(&column.name));
            match lost {
                Some(column) => Err(format!("in sync rules, `*` leaves `{}` out", column.name)),
                None => Ok("*".to_owned()),
            }
        }
        SelectItem::UnnamedExpr(expr) => of_row(expr, scope),
        SelectItem::ExprWithAlias { expr, alias } => Ok(format!(
            "{} AS {}",
            of_row(expr, scope)?,
            quote_sql(&fold(alias))
        )),
        SelectItem::ExprWithAliases { .. } => {
            Err("an expression in it has several names".to_owned())
        }
    });
    let items: Vec<String> = items.collect::<Result<_, String>>()?;
    Ok(items.join(", "))
}

fn of_row(expr: &Expr, scope: &Scope<'_>) -> Result<String, String> {
    let printed = scope.print(expr)?;
    if printed.user {
        return Err("sync rules do not send who the user is".to_owned());
    }
    Ok(printed.sql)
}
