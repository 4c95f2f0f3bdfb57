//! The SQL of streams: what Syncline refuses is what the PowerSync Service's compiler refuses,
//! query by query.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use syncline_schema::Severity;
use syncline_schema::source::load_str;

/// Conditions on the table `t`, beside that on its owner.
const CONDITIONS: &[&str] = &[
    "name = 'a' || 'b'",
    "name = 'it''s'",
    "name <> 'a'",
    "name != 'a'",
    "name IS NULL",
    "name IS NOT NULL",
    "name IS DISTINCT FROM 'a'",
    "flag",
    "NOT flag",
    "NOT NOT flag",
    "flag IS TRUE",
    "flag IS NOT TRUE",
    "flag IS FALSE",
    "flag IS NOT FALSE",
    "flag IS UNKNOWN",
    "flag = true",
    "n = 1.5",
    "n = .5",
    "n = -1",
    "n = +1",
    "-n = 1",
    "-(1) = n",
    "~n = 1",
    "n > 1 AND n < 5",
    "n >= 1 OR n <= 5",
    "n BETWEEN 1 AND 5",
    "n NOT BETWEEN 1 AND 5",
    "n % 2 = 0",
    "n / 2 = 1",
    "n * 2 = 1",
    "n - 1 = 1",
    "n + 1 = 1",
    "n & 1 = 1",
    "n | 1 = 1",
    "n << 1 = 2",
    "n >> 1 = 1",
    "n ^ 2 = 4",
    "n # 1 = 1",
    "n = 1e5",
    "n = 0x1f",
    "n::text = '1'",
    "n::integer = 1",
    "n::numeric = 1",
    "n::real = 1",
    "n::blob = 1",
    "n::int = 1",
    "n::bigint = 1",
    "n::timestamptz = 1",
    "n::jsonb = 1",
    "cast(n as varchar(5)) = '1'",
    "CAST(n AS text) = '1'",
    "n::text[] = '1'",
    "name = x'ab'",
    "name = N'a'",
    "name = $$a$$",
    "name = E'a'",
    "created_at > '2020-01-01'",
    "created_at > timestamp '2020-01-01'",
    "created_at > now() - interval '1 day'",
    "now() > created_at",
    "j ->> 'a' = 'b'",
    "j -> 'a' = 'b'",
    "j ->> 0 = 'b'",
    "j #>> '{a}' = 'b'",
    "j @> '{}'",
    "name LIKE 'a%'",
    "name ILIKE 'a%'",
    "name ~ 'a'",
    "name !~ 'a'",
    "name ~~ 'a%'",
    "name SIMILAR TO 'a'",
    "name COLLATE \"C\" = 'a'",
    "(n, name) = (1, 'a')",
    "n = ANY (ARRAY[1,2])",
    "EXISTS (SELECT 1 FROM m)",
    "name = (SELECT 'a')",
    "name IN ('a', 'b')",
    "n IN (1, 2)",
    "id IN (auth.parameter('x'))",
    "id IN auth.parameter('x')",
    "id IN (SELECT id FROM m)",
    "id NOT IN (SELECT id FROM m)",
    "'a' NOT IN (SELECT id FROM m)",
    "auth.user_id() IN (SELECT user_id FROM m WHERE m.id = t.id)",
    "id IN (SELECT lower(id) FROM m)",
    "id IN (SELECT id FROM m ORDER BY id)",
    "id IN (SELECT id FROM m LIMIT 1)",
    "id IN (SELECT id FROM m FOR UPDATE)",
    "id IN (SELECT id, user_id FROM m)",
    "id IN (SELECT id FROM m GROUP BY id)",
    "id IN (SELECT m.id FROM m JOIN t ON t.id = m.id)",
    "id IN (SELECT x.id FROM m x CROSS JOIN t)",
    "id IN (SELECT id FROM m WHERE user_id IN (SELECT user_id FROM m WHERE user_id = auth.user_id()))",
    "lower(name) = 'a'",
    "upper(name) = 'A'",
    "length(name) = 1",
    "substring(name, 1, 2) = 'a'",
    "trim(name) = 'a'",
    "ifnull(name, '') = 'a'",
    "iif(flag, 1, 0) = 1",
    "coalesce(name, '') = 'a'",
    "typeof(name) = 'text'",
    "json_extract(j, '$.a') = 1",
    "json_array_length(j) = 1",
    "instr(name, 'a') = 1",
    "hex(name) = 'a'",
    "base64(name) = 'a'",
    "unixepoch(name) = 1",
    "datetime(name) = 'a'",
    "uuid_blob(name) = 'a'",
    "json_keys(j) = '[]'",
    "concat(name, 'a') = 'a'",
    "round(n) = 1",
    "random() = 1",
    "lower(DISTINCT name) = 'a'",
    "CASE WHEN flag THEN 1 ELSE 0 END = 1",
    "CASE n WHEN 1 THEN 'a' END = 'a'",
    "auth.parameter('x') = name",
    "auth.parameters() ->> 'x' = name",
    "subscription.parameter('x') = name",
    "connection.parameter('x') = name",
    "auth.jwt() ->> 'x' = name",
    "request.user_id() = name",
    "auth.user_id = name",
    "name = :x",
    "name = $1",
    "t.name = 'a'",
    "\"name\" = 'a'",
    "NAME = 'a'",
    "größe = 1",
    "\"größe\" = 1",
    "name = 'größe'",
];

const OWNED: &str = "owner_id = auth.user_id()";

/// Whole queries.
const QUERIES: &[&str] = &[
    "SELECT * FROM t WHERE owner_id = auth.user_id()",
    "select ID, Name from T where OWNER_ID = AUTH.USER_ID()",
    "SELECT t.* FROM t WHERE t.owner_id = auth.user_id()",
    "SELECT *, base64(name) AS name FROM t WHERE owner_id = auth.user_id()",
    "SELECT id, upper(name) AS name FROM t WHERE owner_id = auth.user_id()",
    "SELECT id, n AS \"größe\" FROM t WHERE owner_id = auth.user_id()",
    "SELECT id, n AS größe FROM t WHERE owner_id = auth.user_id()",
    "SELECT id, auth.user_id() AS u FROM t WHERE owner_id = auth.user_id()",
    "SELECT * FROM t WHERE owner_id = auth.user_id() ORDER BY id",
    "SELECT * FROM t WHERE owner_id = auth.user_id() LIMIT 5",
    "SELECT * FROM t WHERE owner_id = auth.user_id() OFFSET 5",
    "SELECT * FROM t WHERE owner_id = auth.user_id() FOR UPDATE",
    "SELECT * FROM t WHERE owner_id = auth.user_id() GROUP BY id",
    "SELECT * INTO x FROM t WHERE owner_id = auth.user_id()",
    "SELECT * FROM t TABLESAMPLE SYSTEM (10) WHERE owner_id = auth.user_id()",
    "SELECT * FROM t WHERE owner_id = auth.user_id() UNION SELECT * FROM t",
    "WITH x AS (SELECT 1) SELECT * FROM t WHERE owner_id = auth.user_id()",
    "SELECT t.* FROM t JOIN m ON m.id = t.id WHERE m.user_id = auth.user_id()",
    "SELECT t.* FROM t, m WHERE m.id = t.id AND m.user_id = auth.user_id()",
    "SELECT t.* FROM t INNER JOIN m ON m.id = t.id WHERE m.user_id = auth.user_id()",
    "SELECT t.* FROM t LEFT JOIN m ON m.id = t.id WHERE m.user_id = auth.user_id()",
    "SELECT t.* FROM t CROSS JOIN m WHERE m.id = t.id AND m.user_id = auth.user_id()",
    "SELECT t.* FROM t JOIN m ON m.id = t.id WHERE user_id = auth.user_id()",
    "SELECT t.id, n FROM t JOIN m ON m.id = t.id WHERE m.user_id = auth.user_id()",
    "SELECT t.id, m.user_id FROM t JOIN m ON m.id = t.id WHERE m.user_id = auth.user_id()",
    "SELECT t.*, m.* FROM t JOIN m ON m.id = t.id WHERE m.user_id = auth.user_id()",
    "SELECT t.* FROM t, json_each(auth.parameter('x')) AS j WHERE j.value = t.id",
    "SELECT * FROM t, json_each(auth.parameter('x')) AS j WHERE j.value = t.id",
    "DELETE FROM t",
    "VALUES (1)",
];

fn queries() -> Vec<String> {
    let conditions = CONDITIONS
        .iter()
        .map(|condition| format!("SELECT * FROM t WHERE {OWNED} AND ({condition})"));
    conditions
        .chain(QUERIES.iter().map(|query| (*query).to_owned()))
        .collect()
}

/// Does Syncline refuse the query?
fn refused(query: &str) -> bool {
    let source = format!(
        "[project]\nname = \"app\"\n\n[tables.t]\ndelete = \"hard\"\n[tables.t.columns]\nname = \"text\"\nn = \"integer\"\nflag = \"boolean\"\n\
         j = \"json\"\n\"größe\" = \"integer\"\n\n[tables.m]\nsync = \"server\"\ntimestamps = false\n[tables.m.columns]\nuser_id = \"text\"\n\n\
         [streams.s]\naccept_potentially_dangerous_queries = true\nquery = {}\n",
        Value::from(query)
    );
    let loaded = load_str(&source);
    let in_streams = |code: &str| code.starts_with('L');
    let found = loaded
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error);
    found.filter(|found| in_streams(found.code.name())).count() > 0
}

/// The queries that the service refuses, by number.
fn refused_by_the_service(queries: &[String]) -> BTreeSet<usize> {
    // One line each, so that an error's line tells the query.
    let head = ["config:", "  edition: 3", "streams:"];
    let mut config: Vec<String> = head.map(str::to_owned).to_vec();
    for (at, query) in queries.iter().enumerate() {
        let query = Value::from(query.as_str());
        config.push(format!(
            "  s{at}: {{ accept_potentially_dangerous_queries: true, query: {query} }}"
        ));
    }
    let column = |(name, ty): &(&str, &str)| json!({ "name": name, "type": ty });
    let table = |name: &str, columns: &[(&str, &str)]| json!({ "name": name, "columns": columns.iter().map(column).collect::<Vec<_>>() });
    let tables = json!([
        table(
            "t",
            &[
                ("id", "text"),
                ("owner_id", "text"),
                ("name", "text"),
                ("n", "int4"),
                ("flag", "bool"),
                ("j", "jsonb"),
                ("größe", "int4"),
                ("created_at", "timestamptz"),
                ("updated_at", "timestamptz"),
            ]
        ),
        table("m", &[("id", "text"), ("user_id", "text")]),
    ]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (yaml, json) = (
        folder.path().join("config.yaml"),
        folder.path().join("tables.json"),
    );
    fs::write(&yaml, config.join("\n")).expect("a config");
    fs::write(&json, tables.to_string()).expect("tables");
    let output = testkit::node::run("judge-sync-config.mjs", [yaml, json], "").expect(0);
    let said: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let errors = said["errors"].as_array().expect("errors");
    let line = |error: &Value| {
        usize::try_from(error["line"].as_u64()?)
            .ok()?
            .checked_sub(head.len() + 1)
    };
    errors
        .iter()
        .map(|error| line(error).unwrap_or_else(|| panic!("no line of ours: {error:#}")))
        .collect()
}

#[test]
fn what_is_refused_is_what_the_service_refuses() {
    testkit::needs!(node);
    let queries = queries();
    let theirs = refused_by_the_service(&queries);
    assert!(
        theirs.len() > 50 && theirs.len() + 50 < queries.len(),
        "{} of {}",
        theirs.len(),
        queries.len()
    );
    let mut wrong = Vec::new();
    for (at, query) in queries.iter().enumerate() {
        match (refused(query), theirs.contains(&at)) {
            (true, false) => wrong.push(format!("refused here, and the service takes it: {query}")),
            (false, true) => wrong.push(format!("taken here, and the service refuses it: {query}")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
