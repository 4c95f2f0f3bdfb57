//! Bucket definitions, the older form of a sync config: who gets a bucket, and whether its
//! parameters and its queries meet.

use std::collections::BTreeSet;
use std::ops::Range;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};
use syncline_schema::codes::Code;
use syncline_schema::model::{Access, Residence, Table};
use syncline_schema::names::quote_sql;
use syncline_schema::stream_query::Offsets;
use syncline_schema::{Diagnostic, Schema, sql};

use crate::read::sync_config::{Definition, Text, read_query};

/// What there is to say of one bucket definition.
pub(super) fn check(schema: &Schema, bucket: &Definition) -> Vec<Diagnostic> {
    sql::with_room(|| {
        let mut out = Vec::new();
        let asked = Asked::read(bucket);
        for text in &bucket.texts {
            let (Ok(tokens), Ok(sent)) = (sql::tokens(&text.sql), read_query(&text.sql)) else {
                continue;
            };
            let used = bucket_words(&tokens, &text.sql);
            parameters(bucket, &asked, text, &used, &mut out);
            let Some(table) = schema.table(&sent.table.text) else {
                continue;
            };
            let place = text.place(sent.table.range.clone());
            let at = |code, message| {
                Diagnostic::new(code, message)
                    .at(place, "sent here")
                    .at(table.place, "declared here")
            };
            let private = table.access != Access::Public && table.residence == Residence::Synced;
            if let (true, Some(owner)) = (private, owner_of(table)) {
                if bucket.parameters.is_empty() {
                    out.push(
                        at(Code::L004, format!("every user gets every row of `{}`", table.name))
                            .note("one user reads what belongs to another")
                            .help(format!(
                                "give the bucket `parameters: SELECT request.user_id() AS user_id`, and the query `WHERE {owner} = bucket.user_id`"
                            )),
                    );
                } else if asked.claims
                    && !asked.token
                    && !bucket.stream.accept_potentially_dangerous_queries
                {
                    out.push(
                        at(
                            Code::L008,
                            format!("who gets the rows of `{}` depends on what the client claims", table.name),
                        )
                        .note("any client can send any parameter")
                        .help("take the parameters from request.user_id() or request.jwt(), or set accept_potentially_dangerous_queries"),
                    );
                }
            }
            if let Some(deleted) = table.deleted_at().filter(|_| table.hides_deleted_rows())
                && !names(&tokens, &deleted.name)
            {
                out.push(
                    at(
                        Code::L011,
                        format!(
                            "`{}` sends deleted rows of `{}`",
                            bucket.stream.name, table.name
                        ),
                    )
                    .help(format!("add AND {} IS NULL", quote_sql(&deleted.name))),
                );
            }
        }
        out
    })
}

fn owner_of(table: &Table) -> Option<String> {
    table.owner().map(|column| quote_sql(&column.name))
}

/// What the parameter queries of a bucket ask, and give.
struct Asked {
    /// Something that the verified token says.
    token: bool,
    /// Something that the client says of itself.
    claims: bool,
    /// The names of what they give; none where one could not be followed.
    gives: Option<BTreeSet<String>>,
}

impl Asked {
    fn read(bucket: &Definition) -> Self {
        let mut asked = Self {
            token: false,
            claims: false,
            gives: Some(BTreeSet::new()),
        };
        for text in &bucket.parameters {
            let Ok(tokens) = sql::tokens(&text.sql) else {
                asked.gives = None;
                continue;
            };
            for pair in tokens.windows(3) {
                let [first, second, third] = pair else {
                    continue;
                };
                if second.token != Token::Period {
                    continue;
                }
                match (word(first).as_deref(), word(third).as_deref()) {
                    (Some("request"), Some("user_id" | "jwt")) | (Some("token_parameters"), _) => {
                        asked.token = true;
                    }
                    (Some("request"), Some("parameters")) | (Some("user_parameters"), _) => {
                        asked.claims = true;
                    }
                    _ => {}
                }
            }
            match (outputs(&tokens), &mut asked.gives) {
                (Some(names), Some(gives)) => gives.extend(names),
                _ => asked.gives = None,
            }
        }
        asked
    }
}

/// The names of what a parameter query selects.
fn outputs(tokens: &[TokenWithSpan]) -> Option<Vec<String>> {
    let (mut depth, mut names) = (0_usize, Vec::new());
    let mut last: Option<&TokenWithSpan> = None;
    let mut tokens = tokens
        .iter()
        .filter(|it| !matches!(it.token, Token::Whitespace(_)));
    tokens.next();
    for token in tokens {
        let ends = match &token.token {
            Token::LParen => {
                depth += 1;
                false
            }
            Token::RParen => {
                depth = depth.saturating_sub(1);
                false
            }
            Token::Word(word) => {
                depth == 0 && matches!(word.keyword, Keyword::FROM | Keyword::WHERE)
            }
            Token::Comma => depth == 0,
            Token::EOF => true,
            _ => false,
        };
        if ends {
            names.push(word(last?)?);
            if token.token != Token::Comma {
                return Some(names);
            }
        }
        last = Some(token);
    }
    names.push(word(last?)?);
    Some(names)
}

/// Each `bucket.name` of a query, and where it stands.
fn bucket_words(tokens: &[TokenWithSpan], text: &str) -> Vec<(String, Range<usize>)> {
    let offsets = Offsets::new(text);
    tokens
        .windows(3)
        .filter_map(|it| match it {
            [first, dot, name]
                if dot.token == Token::Period && word(first).as_deref() == Some("bucket") =>
            {
                Some((word(name)?, offsets.range(first.span.start, name.span.end)))
            }
            _ => None,
        })
        .collect()
}

fn parameters(
    bucket: &Definition,
    asked: &Asked,
    text: &Text,
    used: &[(String, Range<usize>)],
    out: &mut Vec<Diagnostic>,
) {
    let Some(gives) = &asked.gives else { return };
    let refused = "the service refuses the file, and rows will arrive at no client";
    let given = bucket.parameters.first().map(Text::whole);
    let name = &bucket.stream.name;
    let mut missing: Vec<_> = gives.iter().map(String::as_str).collect();
    for (used, range) in used {
        if gives.contains(used) {
            missing.retain(|it| it != used);
            continue;
        }
        let names: Vec<_> = gives.iter().map(|it| format!("`bucket.{it}`")).collect();
        let found = Diagnostic::new(Code::C044, format!("`{name}` has no parameter `{used}`"))
            .at(text.place(range.clone()), "no parameter query gives it")
            .at(
                given.unwrap_or(bucket.stream.place),
                "what the bucket is given",
            )
            .note(refused);
        out.push(found.help(if names.is_empty() {
            format!("add `parameters: SELECT request.user_id() AS {used}` to `{name}`")
        } else {
            format!("it has {}", names.join(", "))
        }));
        // The misspelt one is taken for the one that is missing.
        return;
    }
    for parameter in missing {
        out.push(
            Diagnostic::new(
                Code::C044,
                format!("a query of `{name}` does not use `bucket.{parameter}`"),
            )
            .at(text.whole(), "each query has to use every parameter")
            .at(given.unwrap_or(bucket.stream.place), "given here")
            .note(refused)
            .help(format!(
                "add a condition such as `owner_id = bucket.{parameter}`"
            )),
        );
    }
}

fn names(tokens: &[TokenWithSpan], column: &str) -> bool {
    tokens.iter().any(|it| word(it).as_deref() == Some(column))
}

fn word(token: &TokenWithSpan) -> Option<String> {
    match &token.token {
        Token::Word(word) if word.quote_style.is_some() => Some(word.value.clone()),
        Token::Word(word) => Some(word.value.to_lowercase()),
        _ => None,
    }
}
