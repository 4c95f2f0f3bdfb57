//! The conversions between types: judged by PostgreSQL, on odd values of every type.

use syncline_schema::convert::convert;
use syncline_schema::model::{Column, Unit};
use syncline_schema::source::load_str;
use testkit::postgres::{Client, database};

/// A type, and values of it as PostgreSQL reads them: usual ones, and those at its ends.
const TYPES: &[(&str, &[&str])] = &[
    (
        "text",
        &[
            "",
            "5",
            "-5",
            "5.5",
            "1e5",
            "0x1F",
            "NaN",
            "Infinity",
            "true",
            "1",
            "a dozen",
            " 5",
            "99999999999999999999999999999999999999999",
            "2026-02-29",
            "2024-02-29",
            "2000-02-29",
            "1900-02-29",
            "0000-01-01",
            "2026-13-01",
            "2026-01-02T03:04:05.678Z",
            "2026-01-02 03:04",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:04:05+14:00",
            "2026-01-02T03:04:05-99",
            "03:04:05",
            "25:00",
            "infinity",
            "now",
            "{}",
            "\\x41",
            "AQID",
            "A===",
            "red",
            "0191e0c2-5b5d-7c3a-9c43-000000000001",
            "0191e0c25b5d7c3a9c43000000000001",
            "0191e0c2",
            "[1,2]",
            "null",
            "ü\n'\"",
        ],
    ),
    ("varchar(3)", &["", "5", "abc", "red"]),
    ("boolean", &["true", "false"]),
    ("smallint", &["0", "1", "-32768", "32767"]),
    ("integer", &["0", "1", "-2147483648", "2147483647"]),
    (
        "bigint",
        &["0", "1", "-9223372036854775808", "9223372036854775807"],
    ),
    (
        "real",
        &[
            "0",
            "0.5",
            "1.5",
            "NaN",
            "Infinity",
            "-Infinity",
            "3.4e38",
            "1e-45",
        ],
    ),
    (
        "double",
        &[
            "0",
            "0.5",
            "1e19",
            "NaN",
            "Infinity",
            "-Infinity",
            "1.7e308",
            "5e-324",
        ],
    ),
    ("decimal(5,2)", &["0", "1", "999.99", "-999.99", "NaN"]),
    (
        "decimal(40,0)",
        &["0", "9999999999999999999999999999999999999999"],
    ),
    (
        "timestamp",
        &[
            "2026-01-02 03:04:05.678Z",
            "0001-01-01Z",
            "9999-12-31 23:59:59Z",
            "infinity",
        ],
    ),
    ("local_timestamp", &["2026-01-02 03:04:05.678", "-infinity"]),
    ("date", &["2026-01-02", "0001-01-01", "infinity"]),
    ("time", &["03:04:05.678", "00:00", "24:00"]),
    ("uuid", &["0191e0c2-5b5d-7c3a-9c43-000000000001"]),
    (
        "json",
        &[
            "5",
            "\"5\"",
            "{\"a\": 1}",
            "null",
            "true",
            "\"2026-01-02\"",
            "[1]",
            "\"red\"",
        ],
    ),
    ("bytes", &["", "\\x", "\\x0102ff"]),
    ("text[]", &["{}", "{a,b}"]),
];

/// A nullable column of a type; an enum by its words, with a unit where it is a timestamp.
fn column(ty: &str) -> Column {
    let source = format!("[project]\nname = \"c\"\n[tables.t.columns]\nc = \"{ty}?\"\n");
    let loaded = load_str(&source);
    assert!(!loaded.diagnostics.has_errors(), "{ty}");
    let mut column = loaded.schema.tables[0]
        .column("c")
        .expect("declared")
        .clone();
    if ty == "timestamp" {
        column.unit = Some(Unit::Milliseconds);
    }
    column
}

fn postgres(column: &Column) -> String {
    syncline_schema::types::postgres(&column.ty)
}

fn converted(
    client: &mut Client,
    from: &Column,
    to: &Column,
    value: &str,
) -> Option<Option<String>> {
    let sql = convert(from, to, "u.c1")?;
    // Into a column of the type: what its length cuts is an error there.
    let query = format!(
        "WITH u AS (SELECT $1::text::{} AS c1) INSERT INTO \"{}\" SELECT {sql} FROM u RETURNING v::text",
        postgres(from),
        to.ty,
    );
    match client.query_one(&query, &[&value]) {
        Ok(row) => Some(row.get(0)),
        Err(error) => panic!("{} {value:?} as {}: {error:?}\n{query}", from.ty, to.ty),
    }
}

#[test]
fn no_value_of_any_type_is_an_error_as_another() {
    testkit::needs!(postgres);
    let db = database("conversions");
    let mut client = db.connect();
    client
        .batch_execute("SET TIME ZONE 'America/St_Johns'; SET datestyle = 'SQL, DMY'")
        .expect("settings");
    let columns: Vec<_> = TYPES
        .iter()
        .map(|(ty, values)| (column(ty), *values))
        .collect();
    for (to, _) in &columns {
        let sql = format!("CREATE TABLE \"{}\" (v {})", to.ty, postgres(to));
        client.batch_execute(&sql).expect("a table");
    }
    let (mut pairs, mut values) = (0, 0);
    for (from, list) in &columns {
        for (to, _) in &columns {
            let found = list
                .iter()
                .filter_map(|value| converted(&mut client, from, to, value));
            let found: Vec<_> = found.collect();
            pairs += usize::from(!found.is_empty());
            values += found.iter().flatten().count();
        }
    }
    assert!(
        pairs > 150 && values > 500,
        "{pairs} pairs, {values} values"
    );
}

#[test]
fn values_are_what_devices_would_have_written() {
    testkit::needs!(postgres);
    let db = database("conversions");
    let mut client = db.connect();
    client.batch_execute("SET TIME ZONE 'UTC'").expect("a zone");
    let cases: &[(&str, &str, &str, Option<&str>)] = &[
        ("text", "12", "integer", Some("12")),
        ("text", "2.5", "integer", Some("3")),
        ("text", "2147483648", "integer", None),
        ("text", "2147483648", "bigint", Some("2147483648")),
        ("text", " 5", "integer", None),
        ("text", "true", "boolean", Some("true")),
        ("text", "yes", "boolean", None),
        ("text", "2024-02-29", "date", Some("2024-02-29")),
        ("text", "1900-02-29", "date", None),
        (
            "text",
            "2026-01-02",
            "timestamp",
            Some("2026-01-02 00:00:00+00"),
        ),
        (
            "text",
            "2026-01-02T03:04:05.678",
            "timestamp",
            Some("2026-01-02 03:04:05.678+00"),
        ),
        (
            "text",
            "2026-01-02T03:04:05+02:00",
            "timestamp",
            Some("2026-01-02 01:04:05+00"),
        ),
        ("text", "AQL/", "bytes", Some("\\x0102ff")),
        ("text", "abcd", "varchar(3)", None),
        (
            "timestamp",
            "2026-01-02 03:04:05.678Z",
            "text",
            Some("2026-01-02T03:04:05.678Z"),
        ),
        (
            "timestamp",
            "2026-01-02 03:04:05.678Z",
            "bigint",
            Some("1767323045678"),
        ),
        (
            "bigint",
            "1767323045678",
            "timestamp",
            Some("2026-01-02 03:04:05.678+00"),
        ),
        ("bigint", "9223372036854775807", "timestamp", None),
        ("bytes", "\\x0102ff", "text", Some("AQL/")),
        ("boolean", "true", "integer", Some("1")),
        ("integer", "2", "boolean", None),
        (
            "bigint",
            "9007199254740993",
            "text",
            Some("9007199254740993"),
        ),
        ("decimal(5,2)", "999.99", "integer", Some("1000")),
        ("double", "2.345", "decimal(5,2)", Some("2.35")),
        ("double", "1e19", "bigint", None),
        ("json", "\"5\"", "text", Some("5")),
        ("json", "{\"a\": 1}", "text", Some("{\"a\": 1}")),
        ("integer", "5", "json", Some("5")),
    ];
    for (from, value, to, expected) in cases {
        let (from, to) = (column(from), column(to));
        let table = format!(
            "CREATE TABLE IF NOT EXISTS \"{}\" (v {})",
            to.ty,
            postgres(&to)
        );
        client.batch_execute(&table).expect("a table");
        let found = converted(&mut client, &from, &to, value);
        let expected = Some(expected.map(str::to_owned));
        assert_eq!(found, expected, "{} {value:?} as {}", from.ty, to.ty);
    }
    assert_eq!(convert(&column("text"), &column("json"), "x"), None);
    assert_eq!(convert(&column("uuid"), &column("date"), "x"), None);
}
