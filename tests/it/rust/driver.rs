//! Drives the kitchen's mappers against PostgreSQL: decodes uploads, binds them to the generated
//! statements, and looks at the rows. Built and run by `rust.rs`; its argument is a database URL.

use std::error::Error;

use kitchen_server::tables::{
    articles, clicks, entries, every_array, every_nullable, every_type, folders, teams,
};
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls};
use syncline_runtime::{
    Mapper, Mask, PG_EPOCH_DAYS, PG_EPOCH_MICROS, Row, Statement, TypedArray, Value, decode,
};

type Failure = Box<dyn Error + Sync + Send>;
/// One row of an upload: columns and JSON.
type Upload<'a> = &'a [(&'a str, &'a str)];

fn main() -> Result<(), Failure> {
    let url = std::env::args().nth(1).ok_or("no database")?;
    let mut client = Client::connect(&url, NoTls)?;
    // Nothing may depend on the session's zone.
    client.batch_execute("SET TIME ZONE 'America/St_Johns'")?;
    let promises: &[(&str, fn(&mut Client) -> Result<(), Failure>)] = &[
        ("values read back", values_read_back),
        ("array values read back", array_values_read_back),
        ("PostgreSQL refuses rather than cuts", too_long_is_refused),
        ("rows of structs", rows_of_structs),
        ("a put replaces", a_put_replaces),
        (
            "a put keeps what its device does not know",
            a_put_keeps_the_unknown,
        ),
        (
            "a patch changes what it names",
            a_patch_changes_what_it_names,
        ),
        ("foreign rows stay", foreign_rows_stay),
        ("deletes", deletes),
        ("the owner in the key", the_owner_in_the_key),
        ("an owner that is a uuid", an_owner_that_is_a_uuid),
        ("insert only, and not at all", insert_only_and_not_at_all),
    ];
    for (name, promise) in promises {
        promise(&mut client).map_err(|error| format!("{name}: {}", explain(&*error)))?;
    }
    println!("{} promises kept", promises.len());
    Ok(())
}

/// An error with its causes: PostgreSQL's words are one of them.
fn explain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    if let Some(cause) = error.source() {
        text.push_str(": ");
        text.push_str(&explain(cause));
    }
    text
}

/// What is bound for one value: PostgreSQL's binary form.
#[derive(Debug)]
struct Binary(Vec<u8>);

impl ToSql for Binary {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn bind(array: TypedArray) -> Box<dyn ToSql + Sync> {
    fn binary<T, const N: usize>(
        rows: Vec<Option<T>>,
        form: impl Fn(T) -> [u8; N],
    ) -> Box<dyn ToSql + Sync> {
        let rows = rows
            .into_iter()
            .map(|row| row.map(|it| Binary(form(it).to_vec())));
        Box::new(rows.collect::<Vec<_>>())
    }
    match array {
        TypedArray::Bool(rows) => Box::new(rows),
        TypedArray::Int2(rows) => Box::new(rows),
        TypedArray::Int4(rows) => Box::new(rows),
        TypedArray::Int8(rows) => Box::new(rows),
        TypedArray::Float4(rows) => Box::new(rows),
        TypedArray::Float8(rows) => Box::new(rows),
        TypedArray::Text(rows) => Box::new(rows),
        TypedArray::Bytea(rows) => Box::new(rows),
        TypedArray::Timestamptz(rows) | TypedArray::Timestamp(rows) => {
            binary(rows, |micros| (micros - PG_EPOCH_MICROS).to_be_bytes())
        }
        TypedArray::Time(rows) => binary(rows, i64::to_be_bytes),
        TypedArray::Date(rows) => binary(rows, |days| (days - PG_EPOCH_DAYS).to_be_bytes()),
        TypedArray::Uuid(rows) => binary(rows, |uuid| uuid),
    }
}

/// The arrays of a statement, and the mask of each row.
fn arrays(
    mapper: &Mapper,
    statement: &Statement,
    rows: &[Upload<'_>],
) -> Result<(Vec<TypedArray>, Vec<Vec<u8>>), Failure> {
    let columns = mapper.table.columns;
    let mut arrays: Vec<_> = statement
        .columns
        .iter()
        .map(|at| TypedArray::for_column(&columns[*at]))
        .collect();
    let mut masks = Vec::new();
    for row in rows {
        let mut mask = Mask::none(mapper.table);
        for (array, at) in arrays.iter_mut().zip(statement.columns) {
            let column = &columns[*at];
            match row.iter().find(|(name, _)| *name == column.name) {
                Some((_, json)) => {
                    mask.insert(*at);
                    array.push(decode(column, json)?)?;
                }
                None => array.push_null(),
            }
        }
        masks.push(mask.as_bytes().to_vec());
    }
    Ok((arrays, masks))
}

/// Gives `id` and, behind a `+`, the ids of new rows.
fn put_known(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    known: Option<&Mask>,
    rows: &[Upload<'_>],
) -> Result<String, Failure> {
    let statement = mapper.statements.put.ok_or("no put")?;
    let (arrays, _) = arrays(mapper, &statement, rows)?;
    let known = known.map(Mask::as_bytes);
    let arrays: Vec<_> = arrays.into_iter().map(bind).collect();
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&owner, &known];
    params.extend(arrays.iter().map(|it| &**it));
    let rows = client.query(statement.sql, &params)?;
    let ids = rows.iter().map(|row| {
        let new = if row.get("inserted") { "+" } else { "" };
        format!("{new}{}", row.get::<_, &str>("id"))
    });
    Ok(sorted(ids.collect()))
}

fn put(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    rows: &[Upload<'_>],
) -> Result<String, Failure> {
    put_known(client, mapper, owner, None, rows)
}

fn patch(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    rows: &[Upload<'_>],
) -> Result<String, Failure> {
    let statement = mapper.statements.patch.ok_or("no patch")?;
    let (arrays, masks) = arrays(mapper, &statement, rows)?;
    let arrays: Vec<_> = arrays.into_iter().map(bind).collect();
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&owner, &masks];
    params.extend(arrays.iter().map(|it| &**it));
    ids(client, statement.sql, &params)
}

fn delete(
    client: &mut Client,
    mapper: &Mapper,
    owner: &str,
    rows: &[&str],
) -> Result<String, Failure> {
    let sql = mapper.statements.delete.ok_or("no delete")?;
    let mut array = TypedArray::for_column(&mapper.table.columns[0]);
    for id in rows {
        array.push(decode(&mapper.table.columns[0], &format!("\"{id}\""))?)?;
    }
    ids(client, sql, &[&owner, &*bind(array)])
}

fn ids(client: &mut Client, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<String, Failure> {
    let rows = client.query(sql, params)?;
    Ok(sorted(rows.iter().map(|row| row.get("id")).collect()))
}

/// PostgreSQL promises no order.
fn sorted(mut ids: Vec<String>) -> String {
    ids.sort_by(|a, b| a.trim_start_matches('+').cmp(b.trim_start_matches('+')));
    ids.join(" ")
}

/// One text of a query; `NULL` for NULL.
fn look(client: &mut Client, sql: &str) -> Result<String, Failure> {
    client.batch_execute("BEGIN; SET LOCAL TIME ZONE 'UTC'")?;
    let row = client.query_one(sql, &[])?;
    client.batch_execute("COMMIT")?;
    Ok(row
        .get::<_, Option<String>>(0)
        .unwrap_or_else(|| "NULL".to_owned()))
}

fn expect(what: &str, is: &str, wanted: &str) -> Result<(), Failure> {
    if is == wanted {
        return Ok(());
    }
    Err(format!("{what} is {is:?}, not {wanted:?}").into())
}

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

fn values_read_back(client: &mut Client) -> Result<(), Failure> {
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

fn array_values_read_back(client: &mut Client) -> Result<(), Failure> {
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

fn too_long_is_refused(client: &mut Client) -> Result<(), Failure> {
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

fn rows_of_structs(_: &mut Client) -> Result<(), Failure> {
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

const FOLDER: &str = "SELECT concat_ws('|', name, slug, position, revision, kind,
    coalesce(secret, 'NULL'), coalesce(parent_id, 'NULL'), created_at < updated_at,
    deleted_at IS NULL) FROM folders WHERE id = 'f'";

fn a_put_replaces(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    let row: Upload<'_> = &[
        ("id", "\"f\""),
        ("name", "\"one\""),
        ("slug", "\"one\""),
        ("kind", "\"first\""),
        ("position", "5"),
        ("parent_id", "\"p\""),
        ("created_at", "\"2020-01-01T00:00:00Z\""),
        // Not of the statement: only the server writes them.
        ("revision", "9"),
        ("secret", "\"x\""),
    ];
    // Its parent comes behind it: the reference is looked at when the transaction ends.
    let parent = [
        ("id", "\"p\""),
        ("name", "\"p\""),
        ("slug", "\"p\""),
        ("kind", "\"\""),
    ];
    expect(
        "new rows",
        &put(client, mapper, "me", &[row, &parent])?,
        "+f +p",
    )?;
    expect(
        "the row",
        &look(client, FOLDER)?,
        "one|one|5|0|first|NULL|p|t|t",
    )?;
    client.batch_execute("UPDATE folders SET secret = 's', revision = 3, deleted_at = now()")?;
    let row: Upload<'_> = &[
        ("id", "\"f\""),
        ("name", "\"two\""),
        ("slug", "\"two\""),
        ("kind", "\"second\""),
        ("created_at", "\"2030-01-01T00:00:00Z\""),
    ];
    expect("the row again", &put(client, mapper, "me", &[row])?, "f")?;
    // Absent: the default, or NULL. Kept: what the server writes, and what is set once.
    expect(
        "the row",
        &look(client, FOLDER)?,
        "two|two|0|3|first|s|NULL|t|t",
    )
}

fn a_put_keeps_the_unknown(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    client.batch_execute("UPDATE folders SET position = 7, parent_id = 'p' WHERE id = 'f'")?;
    let mut known = Mask::none(mapper.table);
    for (at, column) in mapper.table.columns.iter().enumerate() {
        if column.name != "position" {
            known.insert(at);
        }
    }
    let old = [
        ("id", "\"f\""),
        ("name", "\"three\""),
        ("slug", "\"three\""),
        ("kind", "\"\""),
    ];
    let new = [
        ("id", "\"g\""),
        ("name", "\"four\""),
        ("slug", "\"four\""),
        ("kind", "\"\""),
    ];
    let said = put_known(client, mapper, "me", Some(&known), &[&old, &new])?;
    expect("both rows", &said, "f +g")?;
    expect(
        "the old row",
        &look(client, FOLDER)?,
        "three|three|7|3|first|s|NULL|t|t",
    )?;
    let position = "SELECT position::text FROM folders WHERE id = 'g'";
    expect("the new row's position", &look(client, position)?, "0")
}

fn a_patch_changes_what_it_names(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    client.batch_execute(
        "UPDATE folders SET updated_at = '2020-01-01Z', created_at = '2019-01-01Z', parent_id = 'g'
         WHERE id = 'f'",
    )?;
    let f = [
        ("id", "\"f\""),
        ("name", "\"five\""),
        ("parent_id", "null"),
        ("kind", "\"k\""),
    ];
    let g = [
        ("id", "\"g\""),
        ("position", "8"),
        ("updated_at", "\"2021-01-01T00:00:00Z\""),
    ];
    let missing = [("id", "\"nowhere\""), ("position", "8")];
    let said = patch(client, mapper, "me", &[&f, &g, &missing])?;
    expect("the rows patched", &said, "f g")?;
    expect(
        "the row",
        &look(client, FOLDER)?,
        "five|three|7|3|first|s|NULL|t|t",
    )?;
    let at = "SELECT (updated_at > now() - interval '1 hour')::text FROM folders WHERE id = 'f'";
    expect("it was updated now", &look(client, at)?, "true")?;
    let g = "SELECT concat_ws('|', name, position, updated_at) FROM folders WHERE id = 'g'";
    expect(
        "the other row",
        &look(client, g)?,
        "four|8|2021-01-01 00:00:00+00",
    )
}

fn foreign_rows_stay(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    let whole = "SELECT string_agg(f::text, ';' ORDER BY id) FROM folders AS f";
    let before = look(client, whole)?;
    let foreign = [
        ("id", "\"f\""),
        ("name", "\"mine!\""),
        ("slug", "\"mine\""),
        ("kind", "\"\""),
    ];
    expect(
        "a foreign put",
        &put(client, mapper, "you", &[&foreign])?,
        "",
    )?;
    expect(
        "a foreign patch",
        &patch(client, mapper, "you", &[&foreign])?,
        "",
    )?;
    expect(
        "a foreign delete",
        &delete(client, mapper, "you", &["f", "g"])?,
        "",
    )?;
    expect(
        "a missing row's patch",
        &patch(client, mapper, "you", &[&[("id", "\"no\"")]])?,
        "",
    )?;
    expect("the rows", &look(client, whole)?, &before)?;
    // The owner is no column of any statement, whatever an upload says.
    let claimed = [&foreign[..], &[("owner_id", "\"you\"")]].concat();
    put(client, mapper, "me", &[&claimed])?;
    patch(client, mapper, "me", &[&claimed])?;
    let owners = "SELECT string_agg(DISTINCT owner_id, ' ') FROM folders";
    expect("the owners", &look(client, owners)?, "me")
}

fn deletes(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    client.batch_execute("UPDATE folders SET updated_at = '2020-01-01Z'")?;
    expect(
        "a delete",
        &delete(client, mapper, "me", &["g", "nowhere"])?,
        "g",
    )?;
    expect("it again", &delete(client, mapper, "me", &["g"])?, "")?;
    let marked = "SELECT concat_ws('|', deleted_at IS NOT NULL, updated_at = deleted_at)
                  FROM folders WHERE id = 'g'";
    expect("the row", &look(client, marked)?, "t|t")?;
    let back = [
        ("id", "\"g\""),
        ("name", "\"back\""),
        ("slug", "\"back\""),
        ("kind", "\"\""),
    ];
    expect(
        "the row put again",
        &put(client, mapper, "me", &[&back])?,
        "g",
    )?;
    expect("the row", &look(client, marked)?, "f")?;
    let hard = &every_array::MAPPER;
    expect("a hard delete", &delete(client, hard, "you", &["r1"])?, "")?;
    expect(
        "a hard delete",
        &delete(client, hard, "me", &["r1", "r2"])?,
        "r1 r2",
    )?;
    let left = "SELECT count(*)::text FROM every_array WHERE id IN ('r1', 'r2')";
    expect("what is left", &look(client, left)?, "0")
}

fn the_owner_in_the_key(client: &mut Client) -> Result<(), Failure> {
    let mapper = &entries::MAPPER;
    let row = [("id", "\"e\""), ("account_id", "\"a\""), ("number", "1")];
    expect("my row", &put(client, mapper, "me", &[&row])?, "+e")?;
    expect(
        "your row of the same id",
        &put(client, mapper, "you", &[&row])?,
        "+e",
    )?;
    expect("my row again", &put(client, mapper, "me", &[&row])?, "e")?;
    let other = [("id", "\"e\""), ("number", "2"), ("reverses_id", "\"e\"")];
    expect("your patch", &patch(client, mapper, "you", &[&other])?, "e")?;
    expect("my delete", &delete(client, mapper, "me", &["e"])?, "e")?;
    let all = "SELECT string_agg(concat_ws('|', owner_id, number, deleted_at IS NULL), ' '
               ORDER BY owner_id) FROM entries";
    expect("the rows", &look(client, all)?, "me|1|f you|2|t")
}

fn an_owner_that_is_a_uuid(client: &mut Client) -> Result<(), Failure> {
    let mapper = &teams::MAPPER;
    let (me, you) = (
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-000000000002",
    );
    let row = [
        ("id", "\"00000000-0000-4000-8000-00000000000A\""),
        ("name", "\"n\""),
    ];
    let id = "00000000-0000-4000-8000-00000000000a";
    expect(
        "my team",
        &put(client, mapper, me, &[&row])?,
        &format!("+{id}"),
    )?;
    expect("your put", &put(client, mapper, you, &[&row])?, "")?;
    expect("your patch", &patch(client, mapper, you, &[&row])?, "")?;
    expect("my patch", &patch(client, mapper, me, &[&row])?, id)?;
    expect("your delete", &delete(client, mapper, you, &[id])?, "")?;
    expect("my delete", &delete(client, mapper, me, &[id])?, id)
}

fn insert_only_and_not_at_all(client: &mut Client) -> Result<(), Failure> {
    let mapper = &clicks::MAPPER;
    let row = |target| [("id", "\"c\""), ("target", target)];
    expect(
        "a click",
        &put(client, mapper, "me", &[&row("\"a\"")])?,
        "+c",
    )?;
    expect(
        "it again",
        &put(client, mapper, "me", &[&row("\"b\"")])?,
        "c",
    )?;
    expect(
        "another's",
        &put(client, mapper, "you", &[&row("\"c\"")])?,
        "",
    )?;
    expect(
        "the click",
        &look(client, "SELECT target FROM clicks")?,
        "a",
    )?;
    if mapper.statements.patch.is_some() || mapper.statements.delete.is_some() {
        return Err("clicks are only inserted".into());
    }
    if articles::MAPPER.statements != syncline_runtime::Statements::NONE {
        return Err("articles are the server's to write".into());
    }
    Ok(())
}
