//! Indexes that `CREATE INDEX CONCURRENTLY` left half-built. PostgreSQL keeps them, marked invalid:
//! never used, always maintained, and in the way of `IF NOT EXISTS`.

use tokio_postgres::Error;

use super::{Event, Progress, Session};
use syncline_schema::names;

/// Drops the half-built index that this statement would build, if there is one and nobody is
/// building it now.
pub(super) async fn clear(
    session: &Session,
    sql: &str,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let Some((index, table)) = built(sql) else {
        return Ok(());
    };
    let found = session
        .client
        .query_opt(
            "SELECT n.nspname, c.relname FROM pg_index i \
             JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE i.indrelid = to_regclass($1) AND c.relname = $2 AND NOT i.indisvalid \
             AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)",
            &[&table, &index],
        )
        .await?;
    if let Some(row) = found {
        progress.tell(Event::HalfBuilt(&index));
        let (schema, name): (&str, &str) = (row.get(0), row.get(1));
        session
            .client
            .batch_execute(&format!(
                "DROP INDEX CONCURRENTLY IF EXISTS {}.{}",
                names::quote_sql(schema),
                names::quote_sql(name)
            ))
            .await?;
    }
    Ok(())
}

/// The index and table of `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] <index> ON [ONLY]
/// <table>`: the index as PostgreSQL stores it, the table as it is written.
fn built(sql: &str) -> Option<(String, String)> {
    let mut words = Words(sql);
    words.eat("create").then_some(())?;
    words.eat("unique");
    (words.eat("index") && words.eat("concurrently")).then_some(())?;
    if words.eat("if") {
        (words.eat("not") && words.eat("exists")).then_some(())?;
    }
    let index = words.name()?;
    words.eat("on").then_some(())?;
    words.eat("only");
    let mut table = words.name()?.to_owned();
    if let Some(rest) = words.0.trim_start().strip_prefix('.') {
        words.0 = rest;
        table = format!("{table}.{}", words.name()?);
    }
    let stored = match index.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => index.to_lowercase(),
    };
    Some((stored, table))
}

/// What is left of a statement.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    /// Takes this keyword, where it is next.
    fn eat(&mut self, word: &str) -> bool {
        let text = self.0.trim_start();
        let found = text
            .get(..word.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
            && !text[word.len()..].starts_with(in_name);
        if found {
            self.0 = &text[word.len()..];
        }
        found
    }

    /// Takes a name as it is written.
    fn name(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let end = if text.starts_with('"') {
            let mut at = 1;
            loop {
                at += text[at..].find('"')? + 1;
                if !text[at..].starts_with('"') {
                    break at;
                }
                at += 1;
            }
        } else {
            text.find(|c: char| !in_name(c)).unwrap_or(text.len())
        };
        let (name, rest) = text.split_at(end);
        self.0 = rest;
        (!name.is_empty()).then_some(name)
    }
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::built;

    #[test]
    fn the_index_of_a_statement() {
        let of = |sql| built(sql).map(|(index, table)| format!("{index} of {table}"));
        let cases = [
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_idx ON t (b)",
                Some("a_idx of t"),
            ),
            (
                "create unique index concurrently A_Idx on only app.t using gin (b)",
                Some("a_idx of app.t"),
            ),
            (
                "CREATE INDEX CONCURRENTLY \"On \"\"it\" ON \"my schema\".\"T\" (b)",
                Some("On \"it of \"my schema\".\"T\""),
            ),
            ("CREATE INDEX a ON t (b)", None),
            ("CREATE INDEX CONCURRENTLY ON t (b)", None),
            ("CREATE TABLE t (b text)", None),
            ("CREATE INDEX CONCURRENTLY \"open", None),
        ];
        for (sql, expected) in cases {
            assert_eq!(of(sql).as_deref(), expected, "{sql}");
        }
    }
}
