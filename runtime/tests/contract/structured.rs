//! json and arrays.

use syncline_runtime::{MAX_JSON_DEPTH, Scalar, Value, decode};

use crate::{column, refuses, takes, text};

fn json(text: &str) -> Value {
    Value::Json(text.to_owned())
}

#[test]
fn json_strings_hold_documents() {
    takes(
        &column(Scalar::Json),
        [
            (r#""{\"a\":1}""#, json(r#"{"a":1}"#)),
            (r#"{"a":1}"#, json(r#"{"a":1}"#)),
            (r#"" [1, \"b\"]\n""#, json(r#"[1, "b"]"#)),
            (r#""\"a\"""#, json(r#""a""#)),
            (r#""null""#, json("null")),
            (r#""5""#, json("5")),
            ("5", json("5")),
            ("-0.5e3", json("-0.5e3")),
            ("true", json("true")),
            ("false", json("false")),
            ("[]", json("[]")),
            (
                r#"{"a":{"b":[null,true,"\u00e4\ud83d\ude00\n\\u0000"]}}"#,
                json(r#"{"a":{"b":[null,true,"\u00e4\ud83d\ude00\n\\u0000"]}}"#),
            ),
            ("9007199254740993", json("9007199254740993")),
            ("1e308", json("1e308")),
        ],
    );
}

#[test]
fn json_refuses_what_jsonb_refuses() {
    refuses(
        &column(Scalar::Json),
        [
            r#""""#,
            r#"" ""#,
            r#""plain words""#,
            r#""{a:1}""#,
            r#""{\"a\":1}}""#,
            r#""[1,]""#,
            r#""01""#,
            r#""NaN""#,
            r#""\"a\nb\"""#,
            r#"{"a":"\u0000"}"#,
            r#"{"\u0000":1}"#,
            r#""{\"a\":\"\\u0000\"}""#,
            r#""a\u0000""#,
            r#"["\ud800"]"#,
            r#""[\"\\ud800\"]""#,
            "9e999",
            "[-1e309]",
            "1e131072",
            "1e-401",
            "1e-99999999999999999999",
        ],
    );
}

#[test]
fn json_depth_is_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let document = column(Scalar::Json);
    for wrap in [|text: String| text, |text: String| format!("\"{text}\"")] {
        assert!(decode(&document, &wrap(nested(MAX_JSON_DEPTH))).is_ok());
        assert!(decode(&document, &wrap(nested(MAX_JSON_DEPTH + 1))).is_err());
        assert!(decode(&document, &wrap("[".repeat(1_000_000))).is_err());
        assert!(decode(&document, &wrap(nested(1_000_000))).is_err());
    }
    assert!(decode(&document, &"{\"a\":".repeat(1_000_000)).is_err());
}

#[test]
fn arrays_by_the_scalar_rule() {
    takes(
        &column(Scalar::Integer).array(),
        [
            ("[]", Value::Array(vec![])),
            ("\"[]\"", Value::Array(vec![])),
            (
                " [ 1 , 2.0 , \"3\" ] ",
                Value::Array([1, 2, 3].map(Value::Integer).to_vec()),
            ),
            (
                "\" [1,null] \"",
                Value::Array(vec![Value::Integer(1), Value::Null]),
            ),
        ],
    );
    takes(
        &column(Scalar::Boolean).array(),
        [(
            "\"[1,0,true]\"",
            Value::Array([true, false, true].map(Value::Boolean).to_vec()),
        )],
    );
    takes(
        &column(Scalar::Varchar(2)).array(),
        [(
            r#""[\"ab\",\"\\n\",5]""#,
            Value::Array(["ab", "\n", "5"].map(text).to_vec()),
        )],
    );
    takes(
        &column(Scalar::Real).array(),
        [("[9e999]", Value::Array(vec![Value::Real(f32::INFINITY)]))],
    );
    takes(
        &column(Scalar::BigInt).array(),
        [(
            "[9007199254740993]",
            Value::Array(vec![Value::BigInt(9_007_199_254_740_993)]),
        )],
    );
    takes(
        &column(Scalar::Json).array(),
        [(
            r#"[{"a":[1]},"[2]"]"#,
            Value::Array(vec![json(r#"{"a":[1]}"#), json("[2]")]),
        )],
    );
}

#[test]
fn arrays_refuse() {
    refuses(
        &column(Scalar::Integer).array(),
        [
            "1",
            "true",
            "{}",
            "\"\"",
            "\"1\"",
            "\"null\"",
            "\"{1,2}\"",
            "\"[1\"",
            "\"[1,]\"",
            "\"[1]]\"",
            "[[1]]",
            "\"[[1]]\"",
            "[1.5]",
            "[true]",
            "[\"a\"]",
            "[2147483648]",
        ],
    );
    refuses(
        &column(Scalar::Text).array(),
        [r#"["\u0000"]"#, r#""[\"\\u0000\"]""#, r#"["\ud800"]"#],
    );
    refuses(&column(Scalar::Varchar(2)).array(), ["[\"abc\"]"]);
}
