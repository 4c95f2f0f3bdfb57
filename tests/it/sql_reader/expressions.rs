//! Two spellings of one expression: what was written, and what PostgreSQL prints of it.

use syncline_codegen::read::expression::{canonical, same};
use testkit::needs;
use testkit::postgres::{Client, database_with};

const SETUP: &str = r#"
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE t (
  id text, title text, name varchar(40), code char(3), n integer, big bigint, small smallint,
  price numeric(12,2), ratio double precision, weight real, active boolean, data jsonb, tags text[],
  day date, at timestamptz(3), local timestamp(3), clock time(3), uid uuid, mood mood, "order" text,
  "Größe" integer, span interval, free timestamptz, raw_num numeric, ip inet
);
"#;

const CHECKS: &[&str] = &[
    "title IN ('a', 'b')",
    "title NOT IN ('a', 'b')",
    "title IN ('a')",
    "name IN ('a', 'b', 'c')",
    "mood IN ('ok', 'bad')",
    "mood = 'ok'",
    "n IN (1, 2, 3)",
    "n IN (1, -2)",
    "big IN (1, 2)",
    "price IN (1, 2.5)",
    "n IN (1, small, 2)",
    "char_length(title) <= 5",
    "char_length(name) <= 5",
    "LOWER(name) = name",
    "lower(title) <> ''",
    "name <> ''",
    "code != 'abc'",
    "n BETWEEN 1 AND 10",
    "n NOT BETWEEN 1 AND 10",
    "price >= 0",
    "price > -1",
    "price > 0 AND price < 1000000",
    "ratio BETWEEN 0 AND 1",
    "weight > 0.5",
    "big > 0 OR small > 0 OR n > 0",
    "n > 0 AND (big > 0 OR small > 0) AND price > 0",
    "NOT (active AND n > 0)",
    "active IS TRUE",
    "active = true",
    "title IS NOT NULL OR name IS NOT NULL",
    "title LIKE 'a%' AND title NOT LIKE '%b'",
    "name ILIKE 'a%'",
    "title ~ '^[a-z]+$'",
    "title !~* 'x'",
    "title SIMILAR TO '(a|b)%'",
    "day > '2020-01-01'",
    "day > DATE '2020-01-01'",
    "at > '2020-01-01'",
    "at > '2020-01-01 10:00:00+02'",
    "local < TIMESTAMP '2030-01-01 00:00:00'",
    "at < CURRENT_TIMESTAMP",
    "at < now() - interval '1 day'",
    "at < now() - interval '36 hours'",
    "free > (now() AT TIME ZONE 'utc')",
    "date_trunc('day', at) = at",
    "extract(year from day) > 2000",
    "jsonb_typeof(data) = 'object'",
    "data @> '{\"a\": [1, 2], \"b\": {}}'",
    "data ->> 'a' = 'b'",
    "(data -> 'n')::int > 0",
    "data ? 'a'",
    "'a' = ANY(tags)",
    "array_length(tags, 1) <= 5",
    "tags <> '{}'",
    "tags[1] <> ''",
    "COALESCE(title, name) <> ''",
    "coalesce(price, 0) >= 0",
    "nullif(title, '') IS NOT NULL",
    "title IS DISTINCT FROM name",
    "title IS NOT DISTINCT FROM name",
    "(title, n) <> ('a', 1)",
    "CASE WHEN n > 0 THEN title = 'a' ELSE title = 'b' END",
    "CASE mood WHEN 'ok' THEN true END",
    "n % 2 = 0",
    "n * 2 + 1 < big - 1",
    "price * 100 = 0",
    "-n < 0",
    "n::text <> '5'",
    "CAST(n AS bigint) < big",
    "title || name <> 'x' || id",
    "\"order\" <> '' AND \"Größe\" > 0",
    "t.title <> ''",
    "title COLLATE \"C\" < 'b'",
    "substring(title from 1 for 2) = 'ab'",
    "substring(title, 2) = 'b'",
    "position('a' in title) > 0",
    "trim(title) = title",
    "trim(both ' ' from title) = title",
    "length(trim(leading 'x' from title)) > 0",
    "left(title, 1) = 'a'",
    "uid <> '00000000-0000-0000-0000-000000000000'",
    "span > interval '1 hour'",
    "raw_num > 0",
    "clock >= '08:00'",
    "greatest(n, 0) = n",
    "(n IS NULL) = (big IS NULL)",
    "num_nonnulls(title, name) = 1",
    "title = 'it''s' OR title = E'a\\nb'",
    "ip << '10.0.0.0/8'",
    "n = ANY(ARRAY[1,2])",
    "title = ANY('{a,b}')",
    "id ~ '^[0-9a-f]{8}$'",
    "at::date = day",
];

const DEFAULTS: &[(&str, &str)] = &[
    ("title", "'a'"),
    ("name", "'a'"),
    ("title", "lower('A')"),
    ("n", "-5"),
    ("n", "(1 + 2)"),
    ("price", "0"),
    ("price", "-1.50"),
    ("at", "CURRENT_TIMESTAMP"),
    ("at", "now() + interval '30 days'"),
    ("local", "(now() AT TIME ZONE 'utc')"),
    ("local", "timezone('utc', now())"),
    ("day", "CURRENT_DATE"),
    ("id", "gen_random_uuid()"),
    ("id", "gen_random_uuid()::text"),
    ("data", "'{\"b\": 1, \"a\": [ ]}'::jsonb"),
    ("data", "jsonb_build_object('a', 1)"),
    ("tags", "ARRAY[]::text[]"),
    ("tags", "'{}'"),
    ("id", "current_setting('app.id', true)"),
    ("id", "CURRENT_USER"),
    ("span", "interval '90 minutes'"),
    ("id", "to_char(now(), 'YYYY')"),
    ("ratio", "random()"),
];

const INDEXES: &[&str] = &[
    "lower(title)",
    "lower(name)",
    "(title || name)",
    "(data ->> 'a')",
    "((data -> 'a') ->> 'b')",
    "coalesce(title, '')",
    "(price * 2)",
    "date(local)",
    "((local)::date)",
    "upper(trim(title))",
    "(n > 0)",
    "jsonb_extract_path_text(data, 'a', 'b')",
];

fn text(db: &mut Client, sql: &str) -> String {
    let row = db.query_one(sql, &[]).expect("one row");
    row.get(0)
}

fn run(db: &mut Client, sql: &str) {
    db.batch_execute(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// What PostgreSQL prints is what was written.
#[test]
fn what_postgresql_prints_is_what_was_written() {
    needs!(postgres);
    let database = database_with("expressions", SETUP);
    let mut db = database.connect();
    let mut wrong = Vec::new();
    let mut judge = |written: &str, printed: String| {
        if !same(written, &printed) {
            wrong.push(format!(
                "{written}\n  {printed}\n    {}\n    {}",
                canonical(written),
                canonical(&printed)
            ));
        }
    };
    for check in CHECKS {
        run(
            &mut db,
            &format!("ALTER TABLE t ADD CONSTRAINT c CHECK ({check})"),
        );
        let printed = text(
            &mut db,
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = 'c'",
        );
        judge(check, printed);
        let whole = text(
            &mut db,
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'c'",
        );
        judge(check, whole["CHECK (".len()..whole.len() - 1].to_owned());
        run(&mut db, "ALTER TABLE t DROP CONSTRAINT c");
    }
    for (column, default) in DEFAULTS {
        run(
            &mut db,
            &format!("ALTER TABLE t ALTER COLUMN {column} SET DEFAULT {default}"),
        );
        let printed = text(
            &mut db,
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 't'::regclass",
        );
        run(
            &mut db,
            &format!("ALTER TABLE t ALTER COLUMN {column} DROP DEFAULT"),
        );
        judge(default, printed);
    }
    for index in INDEXES {
        run(&mut db, &format!("CREATE INDEX i ON t ({index})"));
        let printed = text(&mut db, "SELECT pg_get_indexdef('i'::regclass, 1, false)");
        run(&mut db, "DROP INDEX i");
        judge(index, printed);
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn expressions_that_differ_stay_different() {
    for (a, b) in [
        ("n > 5", "n > 6"),
        ("n > 5", "n >= 5"),
        ("n > 5", "big > 5"),
        ("a AND b OR c", "a AND (b OR c)"),
        ("NOT a AND b", "NOT (a AND b)"),
        ("title IN ('a', 'b')", "title IN ('a', 'c')"),
        ("title IN ('a', 'b')", "title NOT IN ('a', 'b')"),
        ("title = ANY(ARRAY['a','b'])", "title = ALL(ARRAY['a','b'])"),
        ("title <> 'A'", "title <> 'a'"),
        ("\"Title\" <> ''", "title <> ''"),
        ("title LIKE 'a'", "title ILIKE 'a'"),
        ("n / 2 > 1", "n / 2::numeric > 1"),
        ("a - (b - c) > 0", "a - b - c > 0"),
        ("a * (b + c) > 0", "a * b + c > 0"),
        ("at::date = day", "at = day"),
        ("n::int > 5", "n > 5"),
        ("x = 'a'", "x = a"),
        ("x = '5'", "x = 5"),
        (
            "at < now() - interval '1 day'",
            "at < now() - interval '24 hours'",
        ),
        ("x BETWEEN 1 AND 2", "x BETWEEN 2 AND 1"),
        ("x IS NULL", "x IS NOT NULL"),
        ("x IS TRUE", "x"),
        ("coalesce(a, b) = 1", "coalesce(b, a) = 1"),
        ("at > '2020-01-01'", "at > '2020-01-02'"),
        ("data @> '{\"a\": 1}'", "data @> '{\"a\": 2}'"),
        ("CASE WHEN a THEN b END", "CASE WHEN a THEN c END"),
        ("f(a, b)", "f(a)"),
        ("x COLLATE \"C\" = 'a'", "x = 'a'"),
        ("-n < 0", "n < 0"),
        ("'a' || b", "'a b'"),
        ("now()", "localtimestamp"),
        ("extract(year from d) = 1", "extract(month from d) = 1"),
    ] {
        assert!(!same(a, b), "{a} | {b}: {}", canonical(a));
    }
}

/// What cannot be read, or is too deep, is compared by its tokens, and nothing overflows.
#[test]
fn any_text_has_a_canonical_form() {
    let long = "1+".repeat(200_000) + "1";
    let conditions = vec!["n = 1"; 5_000].join(" OR ");
    for text in [
        "(".repeat(100_000),
        "(".repeat(5_000) + "1" + &")".repeat(5_000),
        "NOT ".repeat(10_000) + "a",
        "- ".repeat(10_000) + "1",
        "x".to_owned() + &"::int".repeat(10_000),
        "x".to_owned() + &"[1]".repeat(10_000),
        "f(".repeat(3_000) + &")".repeat(3_000),
        long,
        conditions,
        "'".to_owned(),
        String::new(),
        "a b c".to_owned(),
        "CASE".to_owned(),
        "x IN ()".to_owned(),
        "\u{0}\u{1}".to_owned(),
        "a::".to_owned(),
        "OPERATOR()".to_owned(),
        "x OPERATOR() y".to_owned(),
    ] {
        let first = canonical(&text);
        assert!(same(&text, &text));
        assert_eq!(first, canonical(&text));
    }
}
