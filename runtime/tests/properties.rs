//! What must hold for every value and every text.

use proptest::prelude::*;
use serde_json::value::RawValue;
use syncline_runtime::{
    Column, Scalar, TypedArray, Unit, Value, decode, encode, pg_text, pg_value,
};

const MILLISECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;
const WORDS: &[&str] = &["open", "closed", "a \"quoted\" word"];

/// Any JSON document that `jsonb` takes.
fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "[^\0]*".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec(("[^\0]{0,8}", inner), 0..6)
                .prop_map(|members| { serde_json::Value::Object(members.into_iter().collect()) }),
        ]
    })
}

/// `decimal(10,3)` as PostgreSQL prints it.
fn decimal() -> impl Strategy<Value = String> {
    (-9_999_999_999_i64..=9_999_999_999).prop_map(|thousandths| {
        let sign = if thousandths < 0 { "-" } else { "" };
        let thousandths = thousandths.abs();
        format!("{sign}{}.{:03}", thousandths / 1_000, thousandths % 1_000)
    })
}

/// A scalar type and a value of it.
fn typed() -> impl Strategy<Value = (Scalar, Value)> {
    prop_oneof![
        "[^\0]*".prop_map(|v| (Scalar::Text, Value::Text(v))),
        "[^\0]{0,20}".prop_map(|v| (Scalar::Varchar(20), Value::Text(v))),
        proptest::sample::select(WORDS)
            .prop_map(|v| (Scalar::Enum(WORDS), Value::Text(v.to_owned()))),
        any::<bool>().prop_map(|v| (Scalar::Boolean, Value::Boolean(v))),
        any::<i16>().prop_map(|v| (Scalar::SmallInt, Value::SmallInt(v))),
        any::<i32>().prop_map(|v| (Scalar::Integer, Value::Integer(v))),
        any::<i64>().prop_map(|v| (Scalar::BigInt, Value::BigInt(v))),
        (proptest::num::f32::ANY).prop_filter_map("NaN", |v| {
            (!v.is_nan()).then_some((Scalar::Real, Value::Real(v)))
        }),
        (proptest::num::f64::ANY).prop_filter_map("NaN", |v| {
            (!v.is_nan()).then_some((Scalar::Double, Value::Double(v)))
        }),
        decimal().prop_map(|v| (
            Scalar::Decimal {
                precision: 10,
                scale: 3
            },
            Value::Decimal(v)
        )),
        MILLISECONDS.prop_map(|v| (Scalar::Timestamp, Value::Timestamp(v * 1_000))),
        MILLISECONDS.prop_map(|v| (Scalar::LocalTimestamp, Value::LocalTimestamp(v * 1_000))),
        (-719_162..=2_932_896_i32).prop_map(|v| (Scalar::Date, Value::Date(v))),
        (0..=86_400_000_i64).prop_map(|v| (Scalar::Time, Value::Time(v * 1_000))),
        any::<[u8; 16]>().prop_map(|v| (Scalar::Uuid, Value::Uuid(v))),
        document().prop_map(|v| (Scalar::Json, Value::Json(v.to_string()))),
        any::<Vec<u8>>().prop_map(|v| (Scalar::Bytes, Value::Bytes(v))),
    ]
}

/// Every type there is, as a column and as an array of it.
fn columns() -> Vec<Column> {
    let decimal = Scalar::Decimal {
        precision: 10,
        scale: 3,
    };
    [
        Scalar::Text,
        Scalar::Varchar(3),
        Scalar::Boolean,
        Scalar::SmallInt,
        Scalar::Integer,
        Scalar::BigInt,
        Scalar::Real,
        Scalar::Double,
        decimal,
        Scalar::Timestamp,
        Scalar::LocalTimestamp,
        Scalar::Date,
        Scalar::Time,
        Scalar::Uuid,
        Scalar::Json,
        Scalar::Bytes,
        Scalar::Enum(WORDS),
    ]
    .into_iter()
    .flat_map(|scalar| {
        let column = Column::new("c", "c", scalar)
            .nullable()
            .unit(Unit::Milliseconds);
        [column, column.array()]
    })
    .collect()
}

/// Whatever is taken comes back the same from its encoding, fits its typed array, and has a text.
fn settles(column: &Column, text: &str) {
    if let Ok(value) = decode(column, text) {
        assert_eq!(
            decode(column, &encode(&value).to_json()).as_ref(),
            Ok(&value)
        );
        assert_eq!(pg_text(&value).is_none(), value.is_null());
        let mut array = TypedArray::for_column(column);
        assert_eq!(array.push(value), Ok(()));
        assert_eq!(array.len(), 1);
    }
}

/// Whatever PostgreSQL's text is taken for comes back the same from its own text.
fn settles_in_postgres(column: &Column, text: &str) {
    if let Ok(value) = pg_value(column, text) {
        let own = pg_text(&value).expect("text is never NULL");
        let again = pg_value(column, &own).expect("the value's own text");
        assert_eq!(pg_text(&again), Some(own));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn decoding_undoes_encoding((scalar, value) in typed()) {
        let column = Column::new("c", "c", scalar);
        let json = encode(&value).to_json();
        prop_assert!(serde_json::from_str::<&RawValue>(&json).is_ok(), "{json} is not JSON");
        prop_assert_eq!(decode(&column, &json), Ok(value));
    }

    #[test]
    fn decoding_undoes_encoding_of_arrays(values in typed().prop_flat_map(|(scalar, value)| {
        let elements = prop_oneof![Just(value), Just(Value::Null)];
        (Just(scalar), proptest::collection::vec(elements, 0..5))
    })) {
        let (scalar, elements) = values;
        let column = Column::new("c", "c", scalar).array();
        let value = Value::Array(elements);
        prop_assert_eq!(decode(&column, &encode(&value).to_json()), Ok(value));
    }

    #[test]
    fn reading_undoes_postgres_text((scalar, value) in typed()) {
        let text = pg_text(&value).expect("not NULL");
        prop_assert_eq!(pg_value(&Column::new("c", "c", scalar), &text), Ok(value));
    }

    #[test]
    fn reading_undoes_postgres_text_of_arrays(values in typed().prop_flat_map(|(scalar, value)| {
        let elements = prop_oneof![Just(value), Just(Value::Null)];
        (Just(scalar), proptest::collection::vec(elements, 0..5))
    })) {
        let (scalar, elements) = values;
        let value = Value::Array(elements);
        let text = pg_text(&value).expect("not NULL");
        prop_assert_eq!(pg_value(&Column::new("c", "c", scalar).array(), &text), Ok(value));
    }

    #[test]
    fn any_postgres_text_is_taken_or_refused(text in ".*") {
        for column in columns() {
            settles_in_postgres(&column, &text);
            settles_in_postgres(&column, &format!("{{{text}}}"));
            settles_in_postgres(&column, &format!("{{\"{text}\"}}"));
        }
    }

    #[test]
    fn near_postgres_text_is_taken_or_refused(
        text in r#"[\[\]{}",:\\=xNULaInfity0-9eE+\-. BCTZé]{0,24}"#
    ) {
        for column in columns() {
            settles_in_postgres(&column, &text);
            settles_in_postgres(&column, &format!("{{{text}}}"));
        }
    }

    #[test]
    fn near_postgres_times_are_taken_or_refused(
        text in "[0-9]{4,5}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,9})?)?(Z|[+-][01][0-9](:[0-6][0-9]){0,3})?( BC)?"
    ) {
        for column in columns() {
            settles_in_postgres(&column, &text);
        }
    }

    #[test]
    fn any_json_is_taken_or_refused(document in document()) {
        let text = document.to_string();
        for column in columns() {
            settles(&column, &text);
            settles(&column, &serde_json::Value::String(text.clone()).to_string());
        }
    }

    #[test]
    fn any_text_is_taken_or_refused(text in ".*") {
        for column in columns() {
            settles(&column, &text);
            settles(&column, &format!("\"{text}\""));
        }
    }

    #[test]
    fn near_json_is_taken_or_refused(text in r#"[\[\]{}",:\\u0dDeE+\-. 1tfn9TZ]{0,24}"#) {
        for column in columns() {
            settles(&column, &text);
            settles(&column, &format!("\"{text}\""));
        }
        let ours = decode(&Column::new("c", "c", Scalar::Json).nullable(), &text);
        let theirs = serde_json::from_str::<&RawValue>(&text);
        prop_assert!(theirs.is_ok() || ours.is_err(), "taken, but no JSON: {}", text);
    }

    #[test]
    fn near_times_are_taken_or_refused(
        text in "[0-9]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,9})?)?)?(Z|[+-][01][0-9](:?[0-6][0-9])?)?"
    ) {
        for column in columns() {
            settles(&column, &format!("\"{text}\""));
        }
    }
}
