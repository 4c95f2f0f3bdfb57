//! Which statements may run twice with the same end.

/// A statement that begins with the first words, and holds the others in a row, may run twice.
const REPEATABLE: &[(&str, &str)] = &[
    ("create or replace", ""),
    ("create", "if not exists"),
    ("drop", "if exists"),
    ("alter type", "if not exists"),
    ("alter table", "validate constraint"),
    ("analyze", ""),
    ("comment on", ""),
    ("grant", ""),
    ("refresh materialized view", ""),
    ("reindex", ""),
    ("reset", ""),
    ("revoke", ""),
    ("set", ""),
    ("vacuum", ""),
];

/// Statements that may have done a part of their work when they fail: they commit inside.
const IN_PARTS: &[&str] = &["do", "call"];

/// May this statement run twice?
pub(super) fn repeatable(sql: &str) -> bool {
    let words = words(sql);
    // Several changes in one statement: one of them may be another.
    let one = !(words.starts_with("alter table") && sql.contains(','));
    one && REPEATABLE
        .iter()
        .any(|(first, inside)| begins(&words, first) && words.contains(inside))
}

/// May it have done a part of its work when it fails?
pub(super) fn in_parts(sql: &str) -> bool {
    let words = words(sql);
    IN_PARTS.iter().any(|first| begins(&words, first))
}

/// Does it change settings of the session, which a new session needs again?
pub(super) fn is_setting(sql: &str) -> bool {
    let words = words(sql);
    begins(&words, "set") || begins(&words, "reset")
}

fn begins(words: &str, first: &str) -> bool {
    words
        .strip_prefix(first)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The first words in lower case, a space between each.
fn words(sql: &str) -> String {
    let words: Vec<String> = sql
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';' | ','))
        .filter(|word| !word.is_empty())
        .take(12)
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_run_twice() {
        for sql in [
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON t (b)",
            "create unique index concurrently\n  if not exists a on t (b)",
            "DROP INDEX CONCURRENTLY IF EXISTS a",
            "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'x'",
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            "VACUUM (ANALYZE) t",
            "SET lock_timeout = '2s'",
        ] {
            assert!(repeatable(sql), "{sql}");
        }
        for sql in [
            "UPDATE t SET n = n + 1",
            "INSERT INTO t VALUES (1)",
            "CREATE INDEX CONCURRENTLY a ON t (b)",
            "ALTER TABLE t VALIDATE CONSTRAINT c, ADD COLUMN d text",
            "DO $$ BEGIN COMMIT; END $$",
            "SETTLE",
        ] {
            assert!(!repeatable(sql), "{sql}");
        }
        assert!(
            in_parts("DO $$ BEGIN END $$")
                && in_parts("CALL p()")
                && !in_parts("UPDATE t SET a = 1")
        );
        assert!(is_setting("SET a = 1") && is_setting("RESET ALL") && !is_setting("SELECT 1"));
    }
}
