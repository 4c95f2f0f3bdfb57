//! The table "Values, by declared column type" of the upload contract, line by line: what each
//! type takes, what it makes of it, and what it refuses.

mod numbers;
mod structured;
mod text;
mod times;

use syncline_runtime::{Column, Role, Scalar, Value, decode};

/// A nullable column of the type.
fn column(scalar: Scalar) -> Column {
    Column::new("c", "c", scalar).nullable()
}

/// Each text decodes to the value beside it.
#[track_caller]
fn takes<const N: usize>(column: &Column, pairs: [(&str, Value); N]) {
    for (json, value) in pairs {
        assert_eq!(decode(column, json), Ok(value), "{json}");
    }
}

/// Each text is refused, by the contract's code, with a message that does not echo it.
#[track_caller]
fn refuses<const N: usize>(column: &Column, texts: [&str; N]) {
    for json in texts {
        let Err(invalid) = decode(column, json) else {
            panic!("{json} was taken")
        };
        assert_eq!(invalid.code(), "invalid_value");
        assert_eq!(invalid.column(), "c");
        let bare = json.trim_matches(['"', ' ']);
        assert!(
            bare.len() < 4 || !invalid.message().contains(bare),
            "{json} is echoed"
        );
    }
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

#[test]
fn null_goes_where_it_may() {
    let scalars = [
        Scalar::Text,
        Scalar::Boolean,
        Scalar::Json,
        Scalar::Timestamp,
        Scalar::Bytes,
    ];
    for scalar in scalars {
        takes(
            &column(scalar),
            [("null", Value::Null), (" null ", Value::Null)],
        );
        takes(&column(scalar).array(), [("null", Value::Null)]);
        let refused = decode(&Column::new("c", "c", scalar), "null").expect_err("null");
        assert_eq!(refused.to_string(), "c: is required and cannot be null");
    }
}

#[test]
fn what_is_not_one_json_value_is_refused() {
    for scalar in [Scalar::Text, Scalar::Integer, Scalar::Boolean, Scalar::Json] {
        refuses(
            &column(scalar),
            [
                "",
                " ",
                "nul",
                "nullx",
                "tru",
                "truee",
                "1 2",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "0x1",
                "NaN",
                "Infinity",
                "'a'",
                "\"",
                "\"a",
                "\"a\" \"b\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"a\nb\"",
                "[1,]",
                "[1",
                "[1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "\u{feff}1",
            ],
        );
    }
}

#[test]
fn the_id_column_takes_ids_only() {
    let id = Column::new("id", "id", Scalar::Text).role(Role::Id);
    assert_eq!(decode(&id, "\"a\""), Ok(text("a")));
    assert!(decode(&id, "\"\"").is_err());
    assert!(decode(&id, "null").is_err());
    assert!(decode(&id, &format!("\"{}\"", "a".repeat(129))).is_err());
}

#[test]
fn messages_name_the_rule() {
    let message = |column: &Column, json| decode(column, json).expect_err(json).message();
    let short = column(Scalar::Varchar(3));
    assert_eq!(message(&short, "\"secret\""), "is longer than 3 characters");
    let price = column(Scalar::Decimal {
        precision: 5,
        scale: 2,
    });
    assert_eq!(
        message(&price, "1.005"),
        "has more than 2 digits after the point"
    );
    assert_eq!(message(&price, "1000"), "out of range for decimal(5,2)");
    assert_eq!(
        message(&column(Scalar::SmallInt), "70000"),
        "out of range for smallint"
    );
    assert_eq!(
        message(&column(Scalar::Integer).array(), "[1,true]"),
        "element 1: expected an integer"
    );
    assert_eq!(
        message(&column(Scalar::Timestamp), "1700000000"),
        "a number is no timestamp unless the column declares its unit"
    );
}
