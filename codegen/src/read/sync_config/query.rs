//! What one query sends: the table and the columns, from the part before `WHERE`.
//!
//! Only that part is parsed: conditions of sync configs are not quite PostgreSQL's, and they send
//! nothing.

use std::ops::Range;

use sqlparser::ast;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token};
use syncline_schema::sql;
use syncline_schema::stream_query::{Offsets, parse_select};

/// A name and where it stands in the query, in bytes.
#[derive(Clone, Debug)]
pub struct Name {
    /// As PostgreSQL takes it: folded to lower case unless it is quoted.
    pub text: String,
    /// As it is written, without quotes.
    pub written: String,
    /// Was it folded?
    pub quoted: bool,
    /// The bytes in the query.
    pub range: Range<usize>,
}

/// What a query sends.
#[derive(Debug)]
pub struct Sent {
    /// PostgreSQL's schema, where one is given.
    pub schema: Option<Name>,
    /// The table that is read.
    pub table: Name,
    /// The name under which its rows arrive, where that is another.
    pub alias: Option<Name>,
    /// `*`, and where.
    pub star: Option<Range<usize>>,
    /// The columns that are listed, also beside a `*`.
    pub columns: Vec<SentColumn>,
}

/// One listed column.
#[derive(Debug)]
pub struct SentColumn {
    /// The name under which it arrives.
    pub name: Name,
    /// The column that is read; none for an expression.
    pub source: Option<Name>,
}

/// Reads a query. Call it within [`sql::with_room`].
///
/// # Errors
/// Says what could not be followed.
pub fn read(query: &str) -> Result<Sent, String> {
    let query = &blank(query);
    let tokens = sql::tokens(query)?;
    let mut depth = 0_usize;
    let end = tokens.iter().position(|token| {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Word(word) if depth == 0 => return word.keyword == Keyword::WHERE,
            _ => {}
        }
        false
    });
    let lines = Lines(Offsets::new(query));
    let head = end.map_or(query.len(), |at| lines.range(tokens[at].span).start);
    let select = parse_select(&query[..head]).map_err(|it| it.message)?;
    let sources = sources(&select.from, &lines)?;
    let (qualifier, star, columns) = projection(&select.projection, &lines)?;
    let [first, ..] = sources.as_slice() else {
        return Err("it reads no table".to_owned());
    };
    let chosen = match &qualifier {
        Some(qualifier) => sources
            .iter()
            .find(|source| source.alias.as_ref().unwrap_or(&source.table).text == *qualifier)
            .ok_or_else(|| format!("`{qualifier}` is none of the tables that it reads"))?,
        None if sources.len() == 1 => first,
        None => return Err("it joins tables and does not say whose columns it sends".to_owned()),
    };
    Ok(Sent {
        schema: chosen.schema.clone(),
        table: chosen.table.clone(),
        alias: chosen.alias.clone(),
        star,
        columns,
    })
}

/// One table after FROM or JOIN.
struct Source {
    schema: Option<Name>,
    table: Name,
    alias: Option<Name>,
}

fn sources(from: &[ast::TableWithJoins], lines: &Lines<'_>) -> Result<Vec<Source>, String> {
    let factors = from.iter().flat_map(|one| {
        let joined = one.joins.iter().map(|join| &join.relation);
        std::iter::once(&one.relation).chain(joined)
    });
    let mut sources = Vec::new();
    for factor in factors {
        // Functions and subqueries have rows of their own, which are never what is sent.
        let ast::TableFactor::Table {
            name,
            alias,
            args: None,
            ..
        } = factor
        else {
            continue;
        };
        let parts: Option<Vec<_>> = name.0.iter().map(|part| part.as_ident()).collect();
        let parts = parts.unwrap_or_default();
        let (schema, table) = match parts.as_slice() {
            [table] => (None, table),
            [schema, table] => (Some(lines.name(schema)), table),
            _ => return Err("the name of its table has too many parts".to_owned()),
        };
        sources.push(Source {
            schema,
            table: lines.name(table),
            alias: alias.as_ref().map(|alias| lines.name(&alias.name)),
        });
    }
    Ok(sources)
}

type Projection = (Option<String>, Option<Range<usize>>, Vec<SentColumn>);

fn projection(items: &[ast::SelectItem], lines: &Lines<'_>) -> Result<Projection, String> {
    let mut qualifier: Option<String> = None;
    let mut star = None;
    let mut columns = Vec::new();
    let mut belongs_to = |table: &Name| match &qualifier {
        Some(known) if *known != table.text => Err(format!(
            "it sends columns of `{known}` and of `{}`",
            table.text
        )),
        _ => {
            qualifier = Some(table.text.clone());
            Ok(())
        }
    };
    for item in items {
        match item {
            ast::SelectItem::Wildcard(options) => {
                star = Some(lines.range(options.wildcard_token.0.span));
            }
            ast::SelectItem::QualifiedWildcard(kind, options) => {
                let ast::SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
                    return Err("it sends the fields of an expression".to_owned());
                };
                if let Some(table) = name.0.last().and_then(|part| part.as_ident()) {
                    belongs_to(&lines.name(table))?;
                }
                star = Some(lines.range(options.wildcard_token.0.span));
            }
            ast::SelectItem::UnnamedExpr(expr) => {
                let Some((table, column)) = plain_column(expr, lines) else {
                    return Err(format!("`{expr}` has no name of its own: add `AS …`"));
                };
                table.as_ref().map_or(Ok(()), &mut belongs_to)?;
                columns.push(SentColumn {
                    name: column.clone(),
                    source: Some(column),
                });
            }
            ast::SelectItem::ExprWithAlias { expr, alias } => {
                let source = plain_column(expr, lines);
                if let Some((Some(table), _)) = &source {
                    belongs_to(table)?;
                }
                columns.push(SentColumn {
                    name: lines.name(alias),
                    source: source.map(|(_, column)| column),
                });
            }
            ast::SelectItem::ExprWithAliases { .. } => {
                return Err("one expression has several names".to_owned());
            }
        }
    }
    Ok((qualifier, star, columns))
}

/// `column` or `table.column`.
fn plain_column(expr: &ast::Expr, lines: &Lines<'_>) -> Option<(Option<Name>, Name)> {
    match expr {
        ast::Expr::Identifier(column) => Some((None, lines.name(column))),
        ast::Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [.., table, column] => Some((Some(lines.name(table)), lines.name(column))),
            _ => None,
        },
        ast::Expr::Nested(inner) => plain_column(inner, lines),
        _ => None,
    }
}

/// Comments and a closing `;` as blanks, so that every byte keeps its place.
pub(super) fn blank(query: &str) -> String {
    let mut out = query.as_bytes().to_vec();
    let mut at = 0;
    while let Some(&byte) = out.get(at) {
        let rest = &out[at..];
        let end = match byte {
            b'\'' | b'"' => {
                at += rest
                    .iter()
                    .skip(1)
                    .position(|&it| it == byte)
                    .map_or(rest.len(), |n| n + 2);
                continue;
            }
            b'-' if rest.starts_with(b"--") => rest
                .iter()
                .position(|&it| it == b'\n')
                .unwrap_or(rest.len()),
            b'/' if rest.starts_with(b"/*") => {
                let close = rest.windows(2).skip(2).position(|two| two == b"*/");
                close.map_or(rest.len(), |n| n + 4)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        for byte in &mut out[at..at + end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at += end;
    }
    if let Some(last) = out.iter().rposition(|byte| !byte.is_ascii_whitespace())
        && out[last] == b';'
    {
        out[last] = b' ';
    }
    String::from_utf8(out).unwrap_or_else(|_| query.to_owned())
}

/// From sqlparser's lines and columns to bytes.
struct Lines<'a>(Offsets<'a>);

impl Lines<'_> {
    fn range(&self, span: Span) -> Range<usize> {
        self.0.range(span.start, span.end)
    }

    fn name(&self, ident: &ast::Ident) -> Name {
        let quoted = ident.quote_style.is_some();
        Name {
            text: if quoted {
                ident.value.clone()
            } else {
                ident.value.to_lowercase()
            },
            written: ident.value.clone(),
            quoted,
            range: self.range(ident.span),
        }
    }
}
