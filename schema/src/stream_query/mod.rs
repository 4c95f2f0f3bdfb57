//! A query of a sync stream, read: which tables it is from, what it sends, which columns,
//! functions and parameters it uses, and what the PowerSync Service would not take.
//!
//! The rules are those of the service's own compiler (service-sync-rules 0.38), found by running
//! it: what is refused here, it refuses; what it accepts and gets wrong is for the lints.

mod guard;
mod spelled_in;
mod taken;
mod walk;

use std::ops::Range;

use sqlparser::ast::{Query, Select, SetExpr};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token};

use crate::sql;

/// A query, or one nested in it.
#[derive(Debug, Default)]
pub struct StreamQuery {
    /// The tables (and named queries, and table functions) of FROM and JOIN.
    pub from: Vec<Source>,
    /// What it selects.
    pub items: Vec<Item>,
    /// Columns used anywhere but in nested queries.
    pub columns: Vec<Name>,
    /// Functions called.
    pub calls: Vec<Call>,
    /// Queries behind `IN`.
    pub nested: Vec<StreamQuery>,
    /// What the service does not take, and where.
    pub refused: Vec<(String, Range<usize>)>,
    /// A condition that no row can meet.
    pub never: Option<Range<usize>>,
    /// Does every row that is sent have to meet a condition on who asks? One branch of an OR
    /// without such a condition sends its rows to everybody.
    pub guard: Guard,
}

/// What stands between a row and a user who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Guard {
    /// Nothing.
    #[default]
    Open,
    /// The row belongs to one of these named queries: they decide.
    Named(Vec<String>),
    /// A value of the verified token equals a column, or leads to it.
    Token,
}

impl Guard {
    /// Both conditions hold.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Token, _) | (_, Self::Token) => Self::Token,
            (Self::Open, other) | (other, Self::Open) => other,
            (Self::Named(mut one), Self::Named(other)) => {
                one.extend(other);
                Self::Named(one)
            }
        }
    }

    /// One of the conditions holds: the weaker one counts.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Open, _) | (_, Self::Open) => Self::Open,
            (Self::Token, other) | (other, Self::Token) => other,
            (one, _) => one,
        }
    }
}

/// An identifier: folded to lower case unless it was quoted, as the service does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The table or alias before the dot.
    pub qualifier: Option<String>,
    /// The name that is meant.
    pub name: String,
    /// The name as it was written.
    pub written: String,
    /// Where it stands in the query, in bytes.
    pub range: Range<usize>,
}

/// One source of rows.
#[derive(Clone, Debug)]
pub struct Source {
    /// The table, without its schema.
    pub table: Name,
    /// PostgreSQL's schema, where it is named.
    pub schema: Option<String>,
    /// Its alias.
    pub alias: Option<Name>,
    /// Is it a function such as `json_each(…)`?
    pub function: bool,
}

impl Source {
    /// The name by which the query refers to it.
    pub fn reference(&self) -> &str {
        self.alias
            .as_ref()
            .map_or(&self.table.name, |alias| &alias.name)
    }
}

/// One thing that is selected.
#[derive(Clone, Debug)]
pub enum Item {
    /// `*` or `t.*`.
    Star {
        /// The table or alias before the dot.
        qualifier: Option<String>,
        /// Where it stands.
        range: Range<usize>,
    },
    /// A column under its own name.
    Column(Name),
    /// An expression, or a column under another name.
    Named {
        /// The output name; none where the service would have to make one up.
        alias: Option<String>,
        /// The table or alias that the first column in it belongs to.
        qualifier: Option<String>,
    },
}

impl Item {
    /// The name of the column on the device; none for stars.
    pub fn output(&self) -> Option<&str> {
        match self {
            Self::Star { .. } => None,
            Self::Column(name) => Some(&name.name),
            Self::Named { alias, .. } => alias.as_deref(),
        }
    }

    /// The table or alias that it says it is from.
    fn qualifier(&self) -> Option<&str> {
        match self {
            Self::Star { qualifier, .. } | Self::Named { qualifier, .. } => qualifier.as_deref(),
            Self::Column(name) => name.qualifier.as_deref(),
        }
    }
}

/// A call of a function.
#[derive(Clone, Debug)]
pub struct Call {
    /// `auth`, `subscription`, `connection`, or none.
    pub schema: Option<String>,
    /// The function, in lower case.
    pub name: String,
    /// Where its name stands.
    pub range: Range<usize>,
}

impl Call {
    /// Its value comes from the verified token.
    pub fn is_auth(&self) -> bool {
        self.schema.as_deref() == Some("auth")
    }

    /// Its value is whatever the client says.
    pub fn is_client_claim(&self) -> bool {
        matches!(self.schema.as_deref(), Some("subscription" | "connection"))
    }
}

impl StreamQuery {
    /// The source whose rows are sent, where that is clear.
    pub fn sent(&self) -> Option<&Source> {
        let tables = || self.from.iter().filter(|source| !source.function);
        let qualifier = self.items.iter().find_map(|item| match item {
            Item::Star { qualifier, .. } | Item::Named { qualifier, .. } => qualifier.as_deref(),
            Item::Column(name) => name.qualifier.as_deref(),
        });
        match qualifier {
            Some(qualifier) => tables().find(|source| source.reference() == qualifier),
            None => tables().next().filter(|_| tables().count() == 1),
        }
    }

    /// The name behind `IN` that this query was spelled out from: a named query or a column.
    pub fn bare_name(&self) -> Option<&Name> {
        match (self.items.as_slice(), self.from.as_slice()) {
            ([Item::Star { range, .. }], [source]) if *range == source.table.range => {
                Some(&source.table)
            }
            _ => None,
        }
    }

    /// This query and all nested ones.
    pub fn all(&self) -> Vec<&Self> {
        let mut list = vec![self];
        list.extend(self.nested.iter().flat_map(Self::all));
        list
    }

    /// Every function called, nested queries included.
    pub fn all_calls(&self) -> impl Iterator<Item = &Call> {
        self.all().into_iter().flat_map(|query| &query.calls)
    }
}

/// A text that is no query: why, and where if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAQuery {
    /// Why.
    pub message: String,
    /// Where it stands in the query, in bytes.
    pub range: Option<Range<usize>>,
}

/// Parses the text of a query into sqlparser's tree: one SELECT. Call it, and whatever walks the
/// tree, within [`sql::with_room`].
///
/// # Errors
/// Where it is too long, too deep, or not one SELECT.
pub fn parse_select(text: &str) -> Result<Box<Select>, NotAQuery> {
    let plain = |message: String| NotAQuery {
        message,
        range: None,
    };
    let tokens = sql::tokens(text).map_err(plain)?;
    for token in &tokens {
        if let Some(message) = taken::refused_token(&token.token) {
            let range = Offsets::new(text).range(token.span.start, token.span.end);
            return Err(NotAQuery {
                message,
                range: Some(range),
            });
        }
    }
    let tokens = spelled_in::spell_out(tokens);
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect)
        .with_recursion_limit(sql::MAX_DEPTH + 10)
        .with_tokens_with_locations(tokens);
    let query = parser
        .parse_query()
        .map_err(|error| not_a_query(text, &error.to_string()))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(NotAQuery {
            message: format!("`{}` is not expected here", rest.token),
            range: Some(Offsets::new(text).range(rest.span.start, rest.span.end)),
        });
    }
    select_of(*query).map_err(plain)
}

/// Reads a query.
///
/// # Errors
/// As [`parse_select`].
pub fn read(text: &str) -> Result<StreamQuery, NotAQuery> {
    sql::with_room(|| {
        let select = parse_select(text)?;
        Ok(walk::select(&select, &Offsets::new(text)))
    })
}

fn select_of(query: Query) -> Result<Box<Select>, String> {
    if let Some(what) = taken::refused_clause(&query) {
        return Err(format!("a stream has no {what}"));
    }
    match *query.body {
        SetExpr::Select(select) => Ok(select),
        _ => Err("it is not one SELECT; `queries` takes several".to_owned()),
    }
}

/// sqlparser ends its messages in `at Line: 1, Column: 8`.
fn not_a_query(text: &str, error: &str) -> NotAQuery {
    let error = error.trim_start_matches("sql parser error: ");
    let Some((message, place)) = error.rsplit_once(" at Line: ") else {
        return NotAQuery {
            message: error.to_owned(),
            range: None,
        };
    };
    let place = place.split_once(", Column: ").and_then(|(line, column)| {
        Some(Location {
            line: line.trim().parse().ok()?,
            column: column.trim().parse().ok()?,
        })
    });
    let range = place.map(|start| {
        let at = Offsets::new(text).byte(start);
        at..text[at..]
            .char_indices()
            .nth(1)
            .map_or(text.len(), |(next, _)| at + next)
    });
    NotAQuery {
        message: message.to_owned(),
        range,
    }
}

/// From sqlparser's lines and columns to bytes.
#[derive(Debug)]
pub struct Offsets<'a> {
    text: &'a str,
    lines: Vec<usize>,
}

impl<'a> Offsets<'a> {
    /// Counts the lines of a query.
    pub fn new(text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            lines: std::iter::once(0).chain(starts).collect(),
        }
    }

    fn byte(&self, at: Location) -> usize {
        let line = usize::try_from(at.line).unwrap_or(1).max(1) - 1;
        let column = usize::try_from(at.column).unwrap_or(1).max(1) - 1;
        let start = self.lines.get(line).copied().unwrap_or(self.text.len());
        let rest = &self.text[start..];
        start
            + rest
                .char_indices()
                .nth(column)
                .map_or(rest.len(), |(byte, _)| byte)
    }

    /// The bytes from one location to another.
    pub fn range(&self, start: Location, end: Location) -> Range<usize> {
        let start = self.byte(start);
        start..self.byte(end).max(start)
    }
}
