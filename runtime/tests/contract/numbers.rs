//! boolean, smallint, integer, bigint, real, double, decimal.

use syncline_runtime::{Scalar, Value};

use crate::{column, refuses, takes};

#[test]
fn boolean() {
    let flag = column(Scalar::Boolean);
    for json in ["1", "1.0", "1e0", "10e-1", "true", "\"1\"", "\"true\""] {
        takes(&flag, [(json, Value::Boolean(true))]);
    }
    for json in [
        "0",
        "0.0",
        "-0",
        "-0.0",
        "0e9",
        "false",
        "\"0\"",
        "\"false\"",
    ] {
        takes(&flag, [(json, Value::Boolean(false))]);
    }
    refuses(
        &flag,
        [
            "2", "-1", "0.5", "1e1", "9e999", "\"\"", "\" 1\"", "\"1.0\"", "\"TRUE\"", "\"t\"",
            "\"yes\"", "\"null\"", "[]", "[1]", "{}",
        ],
    );
}

#[test]
fn integer() {
    let integer = column(Scalar::Integer);
    for json in [
        "5", "5.0", "5.000", "5e0", "50e-1", "0.5e1", "\"5\"", "\"005\"", " 5 ",
    ] {
        takes(&integer, [(json, Value::Integer(5))]);
    }
    takes(
        &integer,
        [
            ("0", Value::Integer(0)),
            ("-0", Value::Integer(0)),
            ("-0.0", Value::Integer(0)),
            ("\"-0\"", Value::Integer(0)),
            ("\"-5\"", Value::Integer(-5)),
            ("1e2", Value::Integer(100)),
            ("2147483647", Value::Integer(i32::MAX)),
            ("-2147483648", Value::Integer(i32::MIN)),
        ],
    );
    refuses(
        &integer,
        [
            "5.5",
            "5e-1",
            "1e-400",
            "true",
            "false",
            "2147483648",
            "-2147483649",
            "1e10",
            "1e400",
            "9e999",
            "\"\"",
            "\"-\"",
            "\"+5\"",
            "\" 5\"",
            "\"5 \"",
            "\"5.0\"",
            "\"5e0\"",
            "\"0x5\"",
            "\"1_000\"",
            "\"five\"",
            "\"٣\"",
            "[]",
            "{}",
        ],
    );
}

#[test]
fn smallint() {
    let small = column(Scalar::SmallInt);
    takes(
        &small,
        [
            ("32767", Value::SmallInt(i16::MAX)),
            ("\"-32768\"", Value::SmallInt(i16::MIN)),
            ("1e4", Value::SmallInt(10_000)),
        ],
    );
    refuses(
        &small,
        ["32768", "-32769", "\"65536\"", "1e5", "1.5", "true"],
    );
}

#[test]
fn bigint_is_exact() {
    let big = column(Scalar::BigInt);
    takes(
        &big,
        [
            ("9007199254740993", Value::BigInt(9_007_199_254_740_993)),
            ("9007199254740993.0", Value::BigInt(9_007_199_254_740_993)),
            ("9.007199254740993e15", Value::BigInt(9_007_199_254_740_993)),
            ("\"9007199254740993\"", Value::BigInt(9_007_199_254_740_993)),
            ("9223372036854775807", Value::BigInt(i64::MAX)),
            ("\"-9223372036854775808\"", Value::BigInt(i64::MIN)),
            ("0e999999999999999999999999", Value::BigInt(0)),
        ],
    );
    refuses(
        &big,
        [
            "9223372036854775808",
            "\"-9223372036854775809\"",
            "9.2233720368547758075e18",
            "1e19",
            "1e999",
            "1e999999999999999999999999",
            "1e-999999999999999999999999",
            "0.1",
            "true",
            "\"1.0\"",
        ],
    );
}

#[test]
fn double() {
    let double = column(Scalar::Double);
    takes(
        &double,
        [
            ("1", Value::Double(1.0)),
            ("0.1", Value::Double(0.1)),
            ("-2.5e-3", Value::Double(-0.0025)),
            ("\"2.5\"", Value::Double(2.5)),
            ("\"1e3\"", Value::Double(1000.0)),
            ("1e308", Value::Double(1e308)),
            ("1e-400", Value::Double(0.0)),
            ("9e999", Value::Double(f64::INFINITY)),
            ("-9e999", Value::Double(f64::NEG_INFINITY)),
            ("9.0e+999", Value::Double(f64::INFINITY)),
            ("\"9e999\"", Value::Double(f64::INFINITY)),
        ],
    );
    refuses(
        &double,
        [
            "true",
            "{}",
            "[]",
            "[1]",
            "\"\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"inf\"",
            "\"1,5\"",
            "\" 1\"",
            "\"+1\"",
            "\".5\"",
            "\"5.\"",
            "\"0x1p3\"",
        ],
    );
}

#[test]
fn real() {
    let real = column(Scalar::Real);
    takes(
        &real,
        [
            ("0.1", Value::Real(0.1)),
            ("0.10000000149011612", Value::Real(0.1)),
            ("16777217", Value::Real(16_777_216.0)),
            ("\"-1.5\"", Value::Real(-1.5)),
            ("3.40282356e38", Value::Real(f32::MAX)),
            ("1e-50", Value::Real(0.0)),
            ("9e999", Value::Real(f32::INFINITY)),
            ("-9e999", Value::Real(f32::NEG_INFINITY)),
        ],
    );
    refuses(
        &real,
        ["3.40282357e38", "1e39", "-1e300", "{}", "\"NaN\"", "false"],
    );
}

#[test]
fn decimal() {
    let price = column(Scalar::Decimal {
        precision: 6,
        scale: 2,
    });
    let decimal = |text: &str| Value::Decimal(text.to_owned());
    takes(
        &price,
        [
            ("1", decimal("1.00")),
            ("1.5", decimal("1.50")),
            ("\"1.50\"", decimal("1.50")),
            ("1.500", decimal("1.50")),
            ("\"0001.5\"", decimal("1.50")),
            ("-0.05", decimal("-0.05")),
            ("-0.00", decimal("0.00")),
            ("0", decimal("0.00")),
            ("1e2", decimal("100.00")),
            ("1.5e-1", decimal("0.15")),
            ("\"1.0e+03\"", decimal("1000.00")),
            ("0e999999999999", decimal("0.00")),
            ("9999.99", decimal("9999.99")),
            ("\"-9999.99\"", decimal("-9999.99")),
        ],
    );
    refuses(
        &price,
        [
            "1.005",
            "0.001",
            "1e-3",
            "1e-999999999999",
            "10000",
            "9999.995",
            "1e4",
            "1e999999999999",
            "\"NaN\"",
            "\"Infinity\"",
            "\"\"",
            "\"1,5\"",
            "\"+1\"",
            "\" 1\"",
            "\"1.\"",
            "\".5\"",
            "true",
            "{}",
        ],
    );

    let whole = column(Scalar::Decimal {
        precision: 20,
        scale: 0,
    });
    takes(
        &whole,
        [
            ("12345678901234567890", decimal("12345678901234567890")),
            ("\"12345678901234567890\"", decimal("12345678901234567890")),
            ("-0", decimal("0")),
            ("5.0", decimal("5")),
        ],
    );
    refuses(&whole, ["0.5", "123456789012345678901"]);

    let tiny = column(Scalar::Decimal {
        precision: 2,
        scale: 4,
    });
    takes(
        &tiny,
        [("0.005", decimal("0.0050")), ("-99e-4", decimal("-0.0099"))],
    );
    refuses(&tiny, ["0.01", "1"]);
}
