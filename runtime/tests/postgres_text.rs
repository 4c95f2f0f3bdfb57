//! PostgreSQL's text output, as its own functions print it, and what is no such text.

use syncline_runtime::{
    Column, Role, Row, Scalar, Table, Value, from_postgres, pg_value, row, to_postgres,
};

const MICROS_PER_DAY: i64 = 86_400_000_000;
const FIRST_DAY: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;

fn column(scalar: Scalar) -> Column {
    Column::new("c", "c", scalar)
}

fn read(scalar: Scalar, text: &str) -> Value {
    pg_value(&column(scalar), text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

#[test]
fn floats_beyond_numbers() {
    for (text, expected) in [
        ("Infinity", f64::INFINITY),
        ("-Infinity", f64::NEG_INFINITY),
        ("1e+20", 1e20),
        ("1.5e-07", 1.5e-7),
        ("-0", -0.0),
    ] {
        assert_eq!(read(Scalar::Double, text), Value::Double(expected));
        assert_eq!(read(Scalar::Real, text), Value::Real(expected as f32));
    }
    assert!(matches!(read(Scalar::Double, "NaN"), Value::Double(it) if it.is_nan()));
    assert!(matches!(read(Scalar::Real, "NaN"), Value::Real(it) if it.is_nan()));
}

#[test]
fn one_instant_on_every_clock() {
    for text in [
        "2026-01-02 03:04:05.678+00",
        "2026-01-02 08:34:05.678+05:30",
        "2026-01-01 23:34:05.678-03:30",
        "2026-01-02 17:04:05.678+14",
        "2026-01-02 03:23:37.678+00:19:32",
        "2026-01-01 11:08:05.678-15:56",
    ] {
        let expected = Value::Timestamp(1_767_323_045_678_000);
        assert_eq!(read(Scalar::Timestamp, text), expected, "{text}");
    }
    let first = Value::Timestamp(FIRST_DAY * MICROS_PER_DAY);
    assert_eq!(
        read(Scalar::Timestamp, "0001-12-31 19:03:58-04:56:02 BC"),
        first
    );
    let last = Value::Timestamp((LAST_DAY + 1) * MICROS_PER_DAY - 1_000);
    assert_eq!(
        read(Scalar::Timestamp, "10000-01-01 05:29:59.999+05:30"),
        last
    );
}

#[test]
fn arrays_as_printed() {
    let array = column(Scalar::Text).array();
    let texts = |texts: &[Option<&str>]| {
        let value = |text: &Option<&str>| text.map_or(Value::Null, |it| Value::Text(it.into()));
        Ok(Value::Array(texts.iter().map(value).collect()))
    };
    assert_eq!(pg_value(&array, "{}"), texts(&[]));
    assert_eq!(
        pg_value(&array, r#"{a,NULL,"NULL","",é b,"a\"\\,{}"}"#),
        texts(&[
            Some("a"),
            None,
            Some("NULL"),
            Some(""),
            Some("é b"),
            Some("a\"\\,{}")
        ])
    );
    assert_eq!(pg_value(&array, "[0:0]={a}"), texts(&[Some("a")]));
    let bytes = pg_value(&column(Scalar::Bytes).array(), r#"{"\\x00ff"}"#);
    assert_eq!(bytes, Ok(Value::Array(vec![Value::Bytes(vec![0, 255])])));
}

#[test]
fn other_text_is_refused_and_never_repeated() {
    let decimal = Scalar::Decimal {
        precision: 4,
        scale: 2,
    };
    for (scalar, text) in [
        (Scalar::Boolean, "maybe"),
        (Scalar::SmallInt, "32768"),
        (Scalar::Integer, "5.5"),
        (Scalar::BigInt, "9223372036854775808"),
        (Scalar::Double, "nan"),
        (Scalar::Real, "1e60"),
        (decimal, "NaN"),
        (decimal, "123.45"),
        (Scalar::Timestamp, "infinity"),
        (Scalar::Timestamp, "2026-01-02 03:04:05"),
        (Scalar::Timestamp, "2026-01-02 03:04:05+16"),
        (Scalar::Timestamp, "2026-01-02 03:04:05+05:60"),
        (Scalar::Timestamp, "2026-01-02 03:04:05+05:30:00:00"),
        (Scalar::Timestamp, "0044-03-15 12:00:00+00 BC"),
        (Scalar::Timestamp, "0001-12-31 23:00:00+00 BC"),
        (Scalar::Timestamp, "10000-01-01 00:00:00+00"),
        (Scalar::LocalTimestamp, "2026-01-02 03:04:05+00"),
        (Scalar::Date, "2026-02-30"),
        (Scalar::Date, "-infinity"),
        (Scalar::Time, "24:00:01"),
        (Scalar::Uuid, "no-uuid"),
        (Scalar::Json, "{oops"),
        (Scalar::Bytes, "\\x0"),
        (Scalar::Bytes, "\\xé"),
        (Scalar::Bytes, "AP8="),
        (Scalar::Enum(&["open"]), "shut"),
        (Scalar::Text, "NUL\0"),
    ] {
        let why = pg_value(&column(scalar), text).expect_err(text).to_string();
        assert!(why.starts_with("c: "), "{why}");
        assert!(!why.contains(text), "{why}");
    }
    for text in [
        "",
        "a",
        "{",
        "{a",
        "{a,}",
        "{,a}",
        "{a}b",
        "{{a}}",
        "{\"a}",
        "{\"a\"b}",
        "{\"a\\",
        "{a\"}",
        "[0:0]{a}",
        "[x:1]={a}",
    ] {
        let array = column(Scalar::Text).array();
        assert!(pg_value(&array, text).is_err(), "{text}");
    }
    let why = pg_value(&column(Scalar::Integer).array(), "{1,oops}").expect_err("no integer");
    assert_eq!(why.to_string(), "c: element 1: expected an integer");
}

static TABLE: Table = Table::new(
    "notes",
    &[
        Column::new("id", "id", Scalar::Text).role(Role::Id),
        Column::new("owner_id", "ownerId", Scalar::Text).role(Role::Owner),
        Column::new("stars", "stars", Scalar::Integer),
    ],
);

#[derive(Debug, Clone, PartialEq)]
struct Note {
    id: String,
    owner_id: Option<String>,
    stars: i32,
}

row! { Note, TABLE, id, owner_id, stars }

#[test]
fn rows_there_and_back() {
    let note = Note {
        id: "a".into(),
        owner_id: None,
        stars: 5,
    };
    let texts = to_postgres(note.clone());
    let get = |column: &Column| {
        let found = texts.iter().find(|(it, _)| it.name == column.name);
        found.and_then(|(_, text)| text.as_deref())
    };
    assert_eq!(from_postgres(get), Ok(note.clone()));
    assert_eq!(texts.len(), note.into_values().len());
    let missing = from_postgres::<Note>(|column| get(column).filter(|_| column.name != "stars"));
    assert_eq!(
        missing.expect_err("a number").to_string(),
        "stars: is required and cannot be null"
    );
}
