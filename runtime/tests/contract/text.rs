//! text, varchar, enum, uuid, bytes.

use syncline_runtime::{Scalar, Value};

use crate::{column, refuses, takes, text};

#[test]
fn strings_as_they_are() {
    takes(
        &column(Scalar::Text),
        [
            ("\"\"", text("")),
            ("\" a \"", text(" a ")),
            ("\"null\"", text("null")),
            ("\"5\"", text("5")),
            ("\"äöü 😀\"", text("äöü 😀")),
            (
                r#""\u00e4\ud83d\ude00\"\\\/\b\f\n\r\t.""#,
                text("ä😀\"\\/\u{8}\u{c}\n\r\t."),
            ),
            (r#""\\u0000""#, text("\\u0000")),
            (r#""\uffff""#, text("\u{ffff}")),
        ],
    );
}

#[test]
fn numbers_as_sqlite_shows_them() {
    takes(
        &column(Scalar::Text),
        [
            ("5", text("5")),
            ("5.0", text("5.0")),
            ("-0", text("0")),
            ("0.1", text("0.1")),
            ("1e21", text("1.0e+21")),
            ("9007199254740993", text("9007199254740993")),
            ("9223372036854775808", text("9.223372036854776e+18")),
            ("9e999", text("Inf")),
        ],
    );
}

#[test]
fn text_refuses() {
    refuses(
        &column(Scalar::Text),
        [
            "true",
            "false",
            "{}",
            "[]",
            "{\"a\":1}",
            r#""a\u0000b""#,
            r#""\ud800""#,
            r#""\udc00""#,
            r#""\ud800\ud800""#,
            r#""\ud800x""#,
            r#""\ud800\n""#,
            r#""\udc00\ud800""#,
        ],
    );
}

#[test]
fn lengths_are_in_characters() {
    for short in [
        column(Scalar::Varchar(3)),
        column(Scalar::Text).max_length(3),
        column(Scalar::Varchar(9)).max_length(3),
        column(Scalar::Varchar(3)).max_length(9),
    ] {
        takes(
            &short,
            [
                ("\"abc\"", text("abc")),
                ("\"ä😀ö\"", text("ä😀ö")),
                ("123", text("123")),
            ],
        );
        refuses(
            &short,
            ["\"abcd\"", "\"abc \"", "\"ä😀öü\"", "1234", "5.00e9"],
        );
    }
}

#[test]
fn enum_by_membership() {
    let status = column(Scalar::Enum(&["open", "on hold", ""]));
    takes(
        &status,
        [
            ("\"open\"", text("open")),
            ("\"on hold\"", text("on hold")),
            ("\"\"", text("")),
        ],
    );
    refuses(
        &status,
        [
            "\"Open\"",
            "\"open \"",
            "\"closed\"",
            "0",
            "true",
            "[\"open\"]",
        ],
    );
    refuses(&column(Scalar::Enum(&["1"])), ["1"]);
}

#[test]
fn uuid() {
    let bytes = 0x7d0c_4f5e_9c1a_4f0e_8a53_9a1f_3e0a_1b2c_u128.to_be_bytes();
    let uuid = column(Scalar::Uuid);
    takes(
        &uuid,
        [
            (
                "\"7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c\"",
                Value::Uuid(bytes),
            ),
            (
                "\"7D0C4F5E-9C1A-4F0E-8A53-9A1F3E0A1B2C\"",
                Value::Uuid(bytes),
            ),
            ("\"7d0c4f5e9c1a4f0e8a539a1f3e0a1b2c\"", Value::Uuid(bytes)),
            (
                "\"00000000-0000-0000-0000-000000000000\"",
                Value::Uuid([0; 16]),
            ),
        ],
    );
    refuses(
        &uuid,
        [
            "\"\"",
            "\"{7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c}\"",
            "\"urn:uuid:7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c\"",
            "\"7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2\"",
            "\"7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2g\"",
            "\"7d0c4f5e9-c1a-4f0e-8a53-9a1f3e0a1b2c\"",
            "\"7d0c4f5e-9c1a-4f0e-8a53-9a1f3e0a1b2c \"",
            "\"+d0c4f5e9c1a4f0e8a539a1f3e0a1b2c\"",
            "5",
            "true",
            "{}",
        ],
    );
}

#[test]
fn bytes() {
    let bytes = column(Scalar::Bytes);
    takes(
        &bytes,
        [
            ("\"\"", Value::Bytes(vec![])),
            ("\"AA==\"", Value::Bytes(vec![0])),
            ("\"+/8=\"", Value::Bytes(vec![0xfb, 0xff])),
            (r#""+\/8=""#, Value::Bytes(vec![0xfb, 0xff])),
        ],
    );
    refuses(
        &bytes,
        [
            "\"AA\"",
            "\"AA=\"",
            "\"AB==\"",
            "\"-_8=\"",
            "\"AA==\\n\"",
            "\"A A==\"",
            "\"\\\\x00\"",
            "1",
            "[0]",
            "true",
            "{}",
        ],
    );
}
