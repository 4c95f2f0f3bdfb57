//! Values on their way into PostgreSQL and back.

use kitchen_server::tables::{every_array, every_nullable, every_type};
use postgres::Client;
use postgres::types::ToSql;
use syncline_runtime::{Mapper, Row, TypedArray, Value, decode};

use crate::upload::{Upload, bind, patch, put};
use crate::{Failure, expect, look};

/// The upload contract's table of values: column, upload, and what PostgreSQL then holds.
const VALUES: &[(&str, &str, &str)] = &[
    ("a_boolean", "1", "true"),
    ("a_boolean", "0.0", "false"),
    ("a_boolean", "\"true\"", "true"),
    ("a_boolean", "\"0\"", "false"),
    ("a_boolean", "false", "false"),
    ("a_smallint", "-32768", "-32768"),
    ("a_smallint", "\"7\"", "7"),
    ("a_integer", "5.0", "5"),
    ("a_integer", "\"2147483647\"", "2147483647"),
    ("a_bigint", "9007199254740993", "9007199254740993"),
    (
        "a_bigint",
        "\"-9223372036854775808\"",
        "-9223372036854775808",
    ),
    ("a_real", "0.1", "0.1"),
    ("a_real", "9e999", "Infinity"),
    ("a_double", "0.1", "0.1"),
    ("a_double", "\"-1.5e300\"", "-1.5e+300"),
    ("a_double", "-9e999", "-Infinity"),
    ("a_decimal", "\"1234567890.12\"", "1234567890.12"),
    ("a_decimal", "-0.5", "-0.50"),
    (
        "a_text",
        "\"it's \\\"so\\\" \\\\ {} 😀\"",
        "it's \"so\" \\ {} 😀",
    ),
    ("a_text", "\"\"", ""),
    ("a_text", "5", "5"),
    ("a_text", "5.0", "5.0"),
    ("a_varchar", "\"ääää\"", "ääää"),
    (
        "a_timestamp",
        "\"2026-01-02T03:04:05.678Z\"",
        "2026-01-02 03:04:05.678+00",
    ),
    (
        "a_timestamp",
        "\"2026-01-02 03:04:05+02\"",
        "2026-01-02 01:04:05+00",
    ),
    (
        "a_timestamp",
        "\"2026-03-08T02:30:00\"",
        "2026-03-08 02:30:00+00",
    ),
    (
        "a_timestamp",
        "\"0001-01-01T00:00:00Z\"",
        "0001-01-01 00:00:00+00",
    ),
    (
        "a_timestamp",
        "\"2026-01-02T03:04:05.6785Z\"",
        "2026-01-02 03:04:05.679+00",
    ),
    (
        "a_local_timestamp",
        "\"2026-03-08T02:30:00.5\"",
        "2026-03-08 02:30:00.5",
    ),
    ("a_date", "\"2024-02-29\"", "2024-02-29"),
    ("a_date", "\"1999-12-31\"", "1999-12-31"),
    ("a_time", "\"23:59:59.9996\"", "24:00:00"),
    ("a_time", "\"03:04\"", "03:04:00"),
    ("a_time", "\"03:04:05.1234\"", "03:04:05.123"),
    (
        "a_uuid",
        "\"7D0C4F5E9C1A4F0E8A539A1F3E0A1B2C\"",
        "7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c",
    ),
    ("a_json", "\"{\\\"a\\\":[1,null]}\"", "{\"a\": [1, null]}"),
    ("a_json", "{\"a\":\"it's\"}", "{\"a\": \"it's\"}"),
    ("a_json", "\"null\"", "null"),
    ("a_bytes", "\"/+8AAQ==\"", "\\xffef0001"),
    ("a_bytes", "\"\"", "\\x"),
    ("an_enum", "\"red\"", "red"),
    ("a_text", "null", "NULL"),
    ("a_bigint", "null", "NULL"),
];

pub fn values_read_back(client: &mut Client) -> Result<(), Failure> {
    for (at, (column, json, wanted)) in VALUES.iter().enumerate() {
        let id = format!("\"v{at}\"");
        let mapper = &every_nullable::MAPPER;
        let row = [("id", id.as_str()), (column, json)];
        put(client, mapper, "me", &[&row])?;
        let sql = format!("SELECT {column}::text FROM every_nullable WHERE id = 'v{at}'");
        expect(&format!("{column} {json}"), &look(client, &sql)?, wanted)?;
        // And by a patch, of a row without the value.
        put(client, mapper, "me", &[&row[..1]])?;
        expect(column, &look(client, &sql)?, "NULL")?;
        patch(client, mapper, "me", &[&row])?;
        expect(
            &format!("patched {column} {json}"),
            &look(client, &sql)?,
            wanted,
        )?;
    }
    Ok(())
}

const ARRAYS: &[(&str, &str, &str)] = &[
    (
        "texts",
        r#""[\"it's\",\"\",\"NULL\",\"{a,b}\",\"\\\"\\\\\",null]""#,
        r#"{it's,"","NULL","{a,b}","\"\\",NULL}"#,
    ),
    ("varchars", "null", "NULL"),
    ("varchars", r#"["ääääääää"]"#, "{ääääääää}"),
    ("booleans", r#""[1,0,null]""#, "{t,f,NULL}"),
    ("smallints", "[1,-2]", "{1,-2}"),
    ("integers", "[]", "{}"),
    (
        "bigints",
        r#"[9007199254740993,"-1"]"#,
        "{9007199254740993,-1}",
    ),
    ("reals", "[0.1]", "{0.1}"),
    ("doubles", "[1e300,9e999]", "{1e+300,Infinity}"),
    ("decimals", r#"["1.5",2]"#, "{1.50,2.00}"),
    (
        "timestamps",
        r#"["2026-01-02T03:04:05.678Z"]"#,
        r#"{"2026-01-02 03:04:05.678+00"}"#,
    ),
    (
        "local_timestamps",
        r#"["2026-03-08T02:30:00"]"#,
        r#"{"2026-03-08 02:30:00"}"#,
    ),
    ("dates", r#"["2024-02-29"]"#, "{2024-02-29}"),
    ("times", r#"["03:04:05.5"]"#, "{03:04:05.5}"),
    (
        "uuids",
        r#"["7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c"]"#,
        "{7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c}",
    ),
];

pub fn array_values_read_back(client: &mut Client) -> Result<(), Failure> {
    let mapper = &every_array::MAPPER;
    for (column, json, wanted) in ARRAYS {
        let others = mapper
            .table
            .columns
            .iter()
            .filter(|it| it.array && it.name != *column);
        let mut row = vec![("id", "\"a\""), (column, json)];
        row.extend(others.map(|it| (it.name, "[]")));
        put(client, mapper, "me", &[&row])?;
        let sql = format!("SELECT {column}::text FROM every_array");
        expect(&format!("{column} {json}"), &look(client, &sql)?, wanted)?;
    }
    // Several rows in one statement, arrays of different lengths.
    let row = |id, texts| -> Vec<(&str, &str)> {
        let others = mapper
            .table
            .columns
            .iter()
            .filter(|it| it.array && it.name != "texts");
        let rest = others.map(|it| (it.name, "[]"));
        [("id", id), ("texts", texts)]
            .into_iter()
            .chain(rest)
            .collect()
    };
    let rows = [
        row("\"r1\"", "[\"1\",\"2\"]"),
        row("\"r2\"", "[]"),
        row("\"r3\"", "[\"3\"]"),
    ];
    let rows: Vec<Upload<'_>> = rows.iter().map(Vec::as_slice).collect();
    expect(
        "new rows",
        &put(client, mapper, "me", &rows)?,
        "+r1 +r2 +r3",
    )?;
    let all = "SELECT string_agg(texts::text, ' ' ORDER BY id) FROM every_array WHERE id LIKE 'r_'";
    expect("their texts", &look(client, all)?, "{1,2} {} {3}")
}

/// Runs a put with one value that decoding would have refused, and gives PostgreSQL's code.
fn forced(
    client: &mut Client,
    mapper: &Mapper,
    column: &str,
    value: Value,
) -> Result<String, Failure> {
    let statement = mapper.statements.put.ok_or("no put")?;
    let mut bound = Vec::new();
    for at in statement.columns {
        let it = &mapper.table.columns[*at];
        let mut array = TypedArray::for_column(it);
        match it.name {
            "id" => array.push(Value::Text("forced".into()))?,
            name if name == column => array.push(value.clone())?,
            _ if it.array && !it.nullable => array.push(Value::Array(Vec::new()))?,
            _ => array.push_null(),
        }
        bound.push(bind(array));
    }
    let none: Option<&[u8]> = None;
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&"me", &none];
    params.extend(bound.iter().map(|it| &**it));
    match client.query(statement.sql, &params) {
        Ok(_) => Ok("no error".to_owned()),
        Err(error) => Ok(error.code().ok_or("no code")?.code().to_owned()),
    }
}

pub fn too_long_is_refused(client: &mut Client) -> Result<(), Failure> {
    let long = Value::Text("x".repeat(41));
    let code = forced(client, &every_nullable::MAPPER, "a_varchar", long.clone())?;
    expect("41 in varchar(40)", &code, "22001")?;
    let code = forced(
        client,
        &every_array::MAPPER,
        "varchars",
        Value::Array(vec![long]),
    )?;
    expect("41 in varchar(8)[]", &code, "22001")?;
    let huge = Value::Decimal("12345678901.00".to_owned());
    let code = forced(client, &every_nullable::MAPPER, "a_decimal", huge)?;
    expect("11 digits in decimal(12,2)", &code, "22003")?;
    let word = Value::Text("green".to_owned());
    let code = forced(client, &every_nullable::MAPPER, "an_enum", word)?;
    expect("no word of the enum", &code, "23514")
}

pub fn rows_of_structs(_: &mut Client) -> Result<(), Failure> {
    let values: Vec<Value> = every_type::TABLE
        .columns
        .iter()
        .map(|column| {
            let given = VALUES.iter().find(|(name, json, _)| {
                *name == column.name && *json != "null" && column.name != "a_boolean"
            });
            let json = match (column.name, given) {
                ("id" | "owner_id", _) => "\"x\"",
                ("a_boolean", _) => "true",
                ("deleted_at", _) => "null",
                (_, Some((_, json, _))) => json,
                _ => "\"2026-01-02T03:04:05Z\"",
            };
            decode(column, json)
        })
        .collect::<Result<_, _>>()?;
    let row = every_type::EveryTypeRow::from_values(values.clone())?;
    expect("the row's date", &row.a_date.to_string(), "2024-02-29")?;
    expect("the row's decimal", &row.a_decimal.0, "1234567890.12")?;
    if row.deleted_at.is_some() || row.clone().into_values() != values {
        return Err("the row's values are not what they were".into());
    }
    let short = every_type::EveryTypeRow::from_values(values.into_iter().take(3));
    short
        .err()
        .map(|_| ())
        .ok_or_else(|| "too few values make no row".into())
}
