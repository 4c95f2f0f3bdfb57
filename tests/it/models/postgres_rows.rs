//! Rows of the derive through a real PostgreSQL, as text in both directions.

use serde_json::Value as JsonValue;
use syncline_macros::{SyncEnum, SyncTable};
use syncline_runtime::{
    Date, Decimal, Json, LocalTimestamp, SyncTable, Time, Timestamp, Uuid, from_postgres,
    to_postgres,
};
use testkit::postgres::{Client, database};

/// One field of each type, and arrays of those whose elements PostgreSQL quotes.
#[derive(Debug, Clone, PartialEq, SyncTable)]
#[sync(sync = "server", timestamps = false)]
struct Everything {
    id: String,
    a_text: String,
    a_boolean: bool,
    a_smallint: i16,
    an_integer: i32,
    a_bigint: i64,
    a_real: f32,
    a_double: f64,
    #[sync(type = "decimal(12,2)")]
    a_decimal: Decimal,
    a_timestamp: Timestamp,
    a_local: LocalTimestamp,
    a_date: Date,
    a_time: Time,
    a_uuid: Uuid,
    a_json: Json,
    some_bytes: Vec<u8>,
    a_word: State,
    nothing: Option<String>,
    texts: Vec<String>,
    flags: Vec<bool>,
    instants: Vec<Timestamp>,
    locals: Vec<LocalTimestamp>,
    doubles: Vec<f64>,
    uuids: Option<Vec<Uuid>>,
}

#[derive(Debug, Clone, Copy, PartialEq, SyncEnum)]
enum State {
    Draft,
    #[sync(name = "it's \"paid\"")]
    Paid,
}

/// PostgreSQL's type of each column, in order.
const TYPES: &[&str] = &[
    "text",
    "text",
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "numeric(12,2)",
    "timestamptz(3)",
    "timestamp(3)",
    "date",
    "time(3)",
    "uuid",
    "jsonb",
    "bytea",
    "state",
    "text",
    "text[]",
    "boolean[]",
    "timestamptz(3)[]",
    "timestamp(3)[]",
    "double precision[]",
    "uuid[]",
];

const FIRST_MILLISECOND: i64 = -62_135_596_800_000;
const LAST_MILLISECOND: i64 = 253_402_300_799_999;

#[test]
fn every_type_is_read_as_it_was_written() {
    testkit::needs!(postgres);
    let db = database("models_rows");
    let columns = Everything::TABLE.columns;
    assert_eq!(columns.len(), TYPES.len());
    let declared: Vec<_> = columns
        .iter()
        .zip(TYPES)
        .map(|(column, ty)| format!("{} {ty}", column.name))
        .collect();
    db.execute(&format!(
        r#"CREATE TYPE state AS ENUM ('draft', 'it''s "paid"'); CREATE TABLE everything ({});"#,
        declared.join(", ")
    ));
    let mut client = db.connect();
    // No offset; half an hour; seconds in old offsets. With the last two, days beyond our years.
    for zone in ["UTC", "Asia/Kolkata", "America/New_York"] {
        set_zone(&mut client, zone);
        for row in [plain(), extreme()] {
            write(&mut client, row.clone());
            same(&read(&mut client), &row, zone);
        }
    }
    // The zone was in force: these are no texts of UTC.
    let query = "SELECT a_timestamp::text, instants[1]::text FROM everything";
    let shown = client.query_one(query, &[]).expect("a row");
    assert_eq!(shown.get::<_, &str>(0), "9999-12-31 18:59:59.999-05");
    assert_eq!(shown.get::<_, &str>(1), "0001-12-31 19:03:58-04:56:02 BC");
}

fn plain() -> Everything {
    Everything {
        id: "a".into(),
        a_text: "it's \"so\" \\ {} NULL,\n😀".into(),
        a_boolean: true,
        a_smallint: -7,
        an_integer: 5,
        a_bigint: 9_007_199_254_740_993,
        a_real: 0.1,
        a_double: 1e-7,
        a_decimal: Decimal("-1234567890.10".into()),
        a_timestamp: Timestamp(1_767_323_045_678_000),
        a_local: LocalTimestamp(1_767_323_045_678_000),
        a_date: Date(-1),
        a_time: Time(12_345_678_000),
        a_uuid: Uuid(*b"0123456789abcdef"),
        a_json: Json(r#"{"a": [1.50, "\" \\ {}", null]}"#.into()),
        some_bytes: vec![0, 1, 254, 255],
        a_word: State::Paid,
        nothing: Some(String::new()),
        texts: ["", "NULL", "a,b", " \"\\{}", "plain"]
            .map(str::to_owned)
            .to_vec(),
        flags: vec![true, false],
        instants: vec![Timestamp(0), Timestamp(-1_000)],
        locals: vec![LocalTimestamp(1_000)],
        doubles: vec![0.1, f64::INFINITY, -1.5e300],
        uuids: Some(vec![Uuid([0; 16]), Uuid([255; 16])]),
    }
}

fn extreme() -> Everything {
    Everything {
        a_boolean: false,
        a_smallint: i16::MIN,
        an_integer: i32::MAX,
        a_bigint: i64::MIN,
        a_real: f32::NEG_INFINITY,
        a_double: f64::NAN,
        a_decimal: Decimal("0.00".into()),
        a_timestamp: Timestamp(LAST_MILLISECOND * 1_000),
        a_local: LocalTimestamp(FIRST_MILLISECOND * 1_000),
        a_date: Date(2_932_896),
        a_time: Time(86_400_000_000),
        a_json: Json("\"\"".into()),
        some_bytes: vec![],
        a_word: State::Draft,
        nothing: None,
        texts: vec![],
        flags: vec![],
        // In New York's own time this is the year 1 BC, and the offset has seconds.
        instants: vec![
            Timestamp(FIRST_MILLISECOND * 1_000),
            Timestamp(-3_000_000_000_000_000),
        ],
        doubles: vec![f64::MIN_POSITIVE, f64::MAX, -0.0],
        uuids: None,
        ..plain()
    }
}

fn set_zone(client: &mut Client, zone: &str) {
    client
        .batch_execute(&format!("SET TimeZone TO '{zone}'"))
        .expect("a time zone");
}

/// Replaces the row in the table by this one.
fn write(client: &mut Client, row: Everything) {
    let texts: Vec<_> = to_postgres(row).into_iter().map(|(_, text)| text).collect();
    let casts = TYPES.iter().zip(1..);
    let casts: Vec<_> = casts
        .map(|(ty, at)| format!("($1::text[])[{at}]::{ty}"))
        .collect();
    let insert = format!("INSERT INTO everything VALUES ({})", casts.join(", "));
    client
        .batch_execute("TRUNCATE everything")
        .expect("a table");
    client
        .execute(&insert, &[&texts])
        .expect("values of the types");
}

fn read(client: &mut Client) -> Everything {
    let columns = Everything::TABLE.columns.iter();
    let texts: Vec<_> = columns
        .map(|it| format!("{0}::text AS {0}", it.name))
        .collect();
    let select = format!("SELECT {} FROM everything", texts.join(", "));
    let row = client.query_one(&select, &[]).expect("a row");
    from_postgres(|column| row.get(column.name)).expect("PostgreSQL's own text")
}

/// `jsonb` keeps the document and not its text, and NaN is not equal to itself.
fn same(read: &Everything, written: &Everything, zone: &str) {
    let document = |json: &Json| serde_json::from_str::<JsonValue>(&json.0).expect("a document");
    assert_eq!(document(&read.a_json), document(&written.a_json), "{zone}");
    assert_eq!(
        read.a_double.to_bits(),
        written.a_double.to_bits(),
        "{zone}"
    );
    let rest = |row: &Everything| Everything {
        a_json: Json(String::new()),
        a_double: 0.0,
        ..row.clone()
    };
    assert_eq!(rest(read), rest(written), "{zone}");
}
