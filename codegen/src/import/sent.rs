//! What a sync config sends, in the words of the schema language: each user's own rows, everybody's,
//! or what only a stream can say.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{BinaryOperator, Expr};
use syncline_schema::model::{Stream, SyncFormat};
use syncline_schema::sql::with_room;
use syncline_schema::stream_query::parse_select;

use crate::read::sync_config::{Definition, SyncConfig, read_query};

/// A sync config.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Sync rules rather than streams.
    pub rules: bool,
    /// A query could not be followed.
    pub gaps: bool,
    /// The tables that it sends.
    pub tables: BTreeMap<String, SentTable>,
    /// The streams that do not follow from the tables.
    pub streams: Vec<Stream>,
    /// Bucket definitions that do not, and why they are not kept.
    pub lost: Vec<Lost>,
}

/// A bucket definition that does not follow from the tables.
#[derive(Clone, Debug)]
pub struct Lost {
    /// Its name.
    pub bucket: String,
    /// The table that it sends, where it can be told.
    pub table: Option<String>,
    /// Why it is not kept, with all that it says.
    pub why: String,
}

/// How a table is sent.
#[derive(Clone, Debug, Default)]
pub struct SentTable {
    /// Each user's own rows, by this column.
    pub owner: Option<String>,
    /// Every row to everyone.
    pub public: bool,
    /// Deleted rows are sent as well.
    pub with_deleted: bool,
    /// The columns that are sent; none for all of them.
    pub columns: Option<BTreeSet<String>>,
}

/// What a query is.
enum Kind {
    Own(String, bool),
    Public(bool),
    Other,
}

impl Sent {
    /// Takes it from a config that was read.
    pub fn of(config: &SyncConfig) -> Self {
        let mut sent = Self {
            rules: !config.streams,
            gaps: config.gaps,
            ..Self::default()
        };
        for definition in &config.definitions {
            sent.definition(definition);
        }
        sent
    }

    /// The form of the config.
    pub fn format(&self) -> SyncFormat {
        if self.rules {
            SyncFormat::Rules
        } else {
            SyncFormat::Streams
        }
    }

    fn definition(&mut self, definition: &Definition) {
        let mut stream = definition.stream.clone();
        let users = users(definition);
        let plain = stream.auto_subscribe && stream.with.is_empty();
        let mut others = Vec::new();
        for query in stream.queries.drain(..) {
            let kind = with_room(|| kind(&query.sql, &users)).filter(|_| plain);
            let Some((table, columns)) = sends(&query.sql) else {
                self.gaps = true;
                others.push(query);
                continue;
            };
            let entry = self.tables.entry(table).or_insert_with(|| SentTable {
                columns: Some(BTreeSet::new()),
                ..SentTable::default()
            });
            match (&mut entry.columns, columns) {
                (Some(known), Some(more)) => known.extend(more),
                (known, None) => *known = None,
                (None, _) => {}
            }
            match kind {
                Some(Kind::Own(column, with_deleted)) => {
                    entry.owner = Some(column);
                    entry.with_deleted |= with_deleted;
                }
                Some(Kind::Public(with_deleted)) => {
                    entry.public = true;
                    entry.with_deleted |= with_deleted;
                }
                _ => others.push(query),
            }
        }
        if others.is_empty() {
            return;
        }
        if definition.is_bucket {
            let said = |label: &str, sql: &str| {
                let words: Vec<_> = sql.split_whitespace().collect();
                format!("{label}: `{}`", words.join(" "))
            };
            let parameters = definition.parameters.iter();
            let parameters = parameters.map(|it| said("parameters", &it.sql));
            let data = others.iter().map(|it| said("data", &it.sql));
            let all: Vec<_> = parameters.chain(data).collect();
            let table = others.iter().find_map(|it| table_of(&it.sql));
            self.lost.push(Lost {
                bucket: stream.name,
                table,
                why: format!(
                    "the language writes the rules itself, and these do not follow from an owner; write a stream under [streams], or keep the rules by hand; {}",
                    all.join("; ")
                ),
            });
        } else {
            stream.queries = others;
            self.streams.push(stream);
        }
    }
}

/// What stands for the user in a definition's queries.
fn users(definition: &Definition) -> Vec<String> {
    let mut users: Vec<String> = [
        "auth.user_id()",
        "request.user_id()",
        "token_parameters.user_id",
    ]
    .map(str::to_owned)
    .into();
    for text in &definition.parameters {
        let sql = text.sql.to_lowercase();
        let from = sql.contains(" from ") || sql.contains(" where ");
        if from {
            continue;
        }
        let Some((left, name)) = sql.rsplit_once(" as ") else {
            // A parameter without a name of its own goes by the last word of its path.
            if sql.trim_end().ends_with(" token_parameters.user_id") {
                users.push("bucket.user_id".to_owned());
            }
            continue;
        };
        if left.contains("user_id") {
            users.push(format!("bucket.{}", name.trim()));
        }
    }
    users
}

/// The table of a query, where it can be told.
pub(super) fn table_of(sql: &str) -> Option<String> {
    with_room(|| Some(read_query(sql).ok()?.table.text))
}

/// The table and its columns as the device has them; no columns for all.
fn sends(sql: &str) -> Option<(String, Option<BTreeSet<String>>)> {
    with_room(|| {
        let sent = read_query(sql).ok()?;
        let columns = sent.columns.iter().map(|it| it.name.text.clone());
        let columns = sent.star.is_none().then(|| columns.collect());
        Some((sent.table.text, columns))
    })
}

fn kind(sql: &str, users: &[String]) -> Option<Kind> {
    let select = parse_select(sql).ok()?;
    let joins = select.from.len() != 1 || select.from.iter().any(|it| !it.joins.is_empty());
    if joins {
        return Some(Kind::Other);
    }
    let mut parts = Vec::new();
    if let Some(condition) = &select.selection {
        conjuncts(condition, &mut parts);
    }
    let (mut owner, mut alive) = (None, false);
    for part in parts {
        match part {
            Expr::IsNull(it) if name_of(it).as_deref() == Some("deleted_at") => alive = true,
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } if owner.is_none() => {
                let sides = [(left, right), (right, left)];
                let column = sides.into_iter().find_map(|(column, user)| {
                    is_user(user, users).then(|| name_of(column)).flatten()
                });
                match column {
                    Some(column) => owner = Some(column),
                    None => return Some(Kind::Other),
                }
            }
            _ => return Some(Kind::Other),
        }
    }
    Some(match owner {
        Some(column) => Kind::Own(column, !alive),
        None => Kind::Public(!alive),
    })
}

fn is_user(expr: &Expr, users: &[String]) -> bool {
    match expr {
        Expr::Nested(it) => is_user(it, users),
        Expr::Cast { expr, .. } => is_user(expr, users),
        it => users.contains(&it.to_string().to_lowercase()),
    }
}

/// The conditions that all have to hold.
pub(super) fn conjuncts<'a>(expr: &'a Expr, out: &mut Vec<&'a Expr>) {
    match expr {
        Expr::Nested(it) => conjuncts(it, out),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            conjuncts(left, out);
            conjuncts(right, out);
        }
        it => out.push(it),
    }
}

/// The name of a column, with or without its table.
fn name_of(expr: &Expr) -> Option<String> {
    let fold = |it: &sqlparser::ast::Ident| match it.quote_style {
        Some(_) => it.value.clone(),
        None => it.value.to_lowercase(),
    };
    match expr {
        Expr::Nested(it) => name_of(it),
        Expr::Identifier(it) => Some(fold(it)),
        Expr::CompoundIdentifier(parts) => parts.last().map(fold),
        _ => None,
    }
}
