//! Every value of every column type: what is accepted, as what it is stored, and what is refused.

use super::stand::{Stand, results};

struct Case {
    table: &'static str,
    column: &'static str,
    /// JSON texts, and what PostgreSQL then shows.
    accepted: &'static [(&'static str, &'static str)],
    /// JSON texts.
    refused: &'static [&'static str],
}

/// A row of each table, whose columns the cases replace one by one.
const BASES: &[(&str, &str)] = &[
    ("every_nullable", "{}"),
    (
        "every_type",
        r#"{"a_text":"","a_varchar":"","a_boolean":0,"a_smallint":0,"a_integer":0,"a_bigint":0,"a_real":0,"a_double":0,
            "a_decimal":"0","a_timestamp":"2026-01-01","a_local_timestamp":"2026-01-01","a_date":"2026-01-01",
            "a_time":"00:00","a_uuid":"00000000-0000-4000-8000-000000000000","a_json":"{}","a_bytes":"","an_enum":"red"}"#,
    ),
    (
        "every_array",
        r#"{"texts":"[]","booleans":"[]","smallints":"[]","bigints":"[]","reals":"[]","doubles":"[]","decimals":"[]",
            "timestamps":"[]","local_timestamps":"[]","dates":"[]","times":"[]","uuids":"[]"}"#,
    ),
];

const CASES: &[Case] = &[
    Case {
        table: "every_nullable",
        column: "a_boolean",
        accepted: &[
            ("0", "false"),
            ("1", "true"),
            ("0.0", "false"),
            ("1.0", "true"),
            ("true", "true"),
            ("false", "false"),
            (r#""0""#, "false"),
            (r#""1""#, "true"),
            (r#""true""#, "true"),
            (r#""false""#, "false"),
            ("null", "NULL"),
        ],
        refused: &[
            "2",
            "-1",
            "0.5",
            r#""yes""#,
            r#""TRUE""#,
            r#""""#,
            "[]",
            "{}",
            r#""t""#,
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_smallint",
        accepted: &[
            ("32767", "32767"),
            ("-32768", "-32768"),
            (r#""7""#, "7"),
            ("7.0", "7"),
        ],
        refused: &["32768", "-32769", "1.5", "true", r#""""#, r#""0x1""#],
    },
    Case {
        table: "every_nullable",
        column: "a_integer",
        accepted: &[
            ("5", "5"),
            ("5.0", "5"),
            ("5e0", "5"),
            ("-0", "0"),
            (r#""5""#, "5"),
            (r#""-2147483648""#, "-2147483648"),
            ("2147483647", "2147483647"),
        ],
        refused: &[
            "2147483648",
            "5.5",
            "1e400",
            "1e10",
            "true",
            r#""5.5""#,
            r#"" 5""#,
            r#""""#,
            r#""five""#,
            "[5]",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_bigint",
        accepted: &[
            ("9007199254740993", "9007199254740993"),
            (r#""9007199254740993""#, "9007199254740993"),
            ("9007199254740993.0", "9007199254740993"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            (r#""9223372036854775807""#, "9223372036854775807"),
        ],
        refused: &[
            "9223372036854775808",
            "-9223372036854775809",
            r#""9223372036854775808""#,
            "18446744073709551616",
            "1.5",
            "1e400",
            "false",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_real",
        accepted: &[
            ("0.5", "0.5"),
            (r#""0.5""#, "0.5"),
            ("9e999", "Infinity"),
            ("-9e999", "-Infinity"),
        ],
        refused: &["{}", "[]", "true", r#""NaN""#, r#""""#],
    },
    Case {
        table: "every_nullable",
        column: "a_double",
        accepted: &[
            ("0.1", "0.1"),
            ("1e300", "1e+300"),
            ("9e999", "Infinity"),
            (r#""-2.5e-3""#, "-0.0025"),
            ("9007199254740993", "9.007199254740992e+15"),
        ],
        refused: &["{}", "false", r#""Infinity""#, r#""1,5""#],
    },
    Case {
        table: "every_nullable",
        column: "a_decimal",
        accepted: &[
            ("1.5", "1.50"),
            (r#""1.50""#, "1.50"),
            ("15e-1", "1.50"),
            ("9999999999.99", "9999999999.99"),
            (r#""-0.01""#, "-0.01"),
            ("1.500", "1.50"),
        ],
        refused: &[
            "1.505",
            "10000000000",
            r#""1.001""#,
            "true",
            r#""NaN""#,
            r#""""#,
            "9e999",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_text",
        accepted: &[
            (r#""it's \"fine\" \\ ☃ 😀""#, "it's \"fine\" \\ ☃ 😀"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""""#, ""),
            (r#""null""#, "null"),
            ("5", "5"),
            ("5.0", "5.0"),
            ("1e21", "1.0e+21"),
            ("9223372036854775807", "9223372036854775807"),
        ],
        refused: &[
            r#""a\u0000b""#,
            r#""\u0000""#,
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            r#""\ud800x""#,
            "true",
            "{}",
            "[]",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_varchar",
        accepted: &[(
            r#""ääääääääääääääääääääääääääääääääääääääää""#,
            "ääääääääääääääääääääääääääääääääääääääää",
        )],
        refused: &[r#""12345678901234567890123456789012345678901""#],
    },
    Case {
        table: "every_nullable",
        column: "a_timestamp",
        accepted: &[
            (
                r#""2026-02-03T04:05:06.789Z""#,
                "2026-02-03 04:05:06.789+00",
            ),
            (r#""2026-02-03 04:05:06""#, "2026-02-03 04:05:06+00"),
            (r#""2026-02-03T04:05:06+02:00""#, "2026-02-03 02:05:06+00"),
            (r#""2026-02-03T04:05:06-0330""#, "2026-02-03 07:35:06+00"),
            (r#""2026-02-03T04:05:06+14:00""#, "2026-02-02 14:05:06+00"),
            (r#""2026-02-03""#, "2026-02-03 00:00:00+00"),
            ("null", "NULL"),
        ],
        refused: &[
            r#""now""#,
            r#""infinity""#,
            r#""-infinity""#,
            r#""epoch""#,
            r#""2026-02-30T00:00:00Z""#,
            r#""2026-02-03T25:00:00Z""#,
            r#""2026-02-03T04:05:06+14:01""#,
            r#""2026-02-03T04:05:06+15:00""#,
            r#""""#,
            "1770091506789",
            r#""1770091506789""#,
            "true",
        ],
    },
    Case {
        table: "every_type",
        column: "a_timestamp",
        accepted: &[
            ("1770091506789", "2026-02-03 04:05:06.789+00"),
            (r#""1770091506789""#, "2026-02-03 04:05:06.789+00"),
            (r#""2026-02-03T04:05:06Z""#, "2026-02-03 04:05:06+00"),
        ],
        refused: &["null", "1e300", r#""now""#],
    },
    Case {
        table: "every_nullable",
        column: "a_local_timestamp",
        accepted: &[(r#""2026-02-03T04:05:06.789""#, "2026-02-03 04:05:06.789")],
        refused: &[
            r#""2026-02-03T04:05:06Z""#,
            r#""2026-02-03T04:05:06+01:00""#,
            "0",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_date",
        accepted: &[(r#""2028-02-29""#, "2028-02-29")],
        refused: &[
            r#""2026-02-29""#,
            r#""2026-2-9""#,
            r#""today""#,
            r#""2026-02-03T00:00:00Z""#,
            "20260203",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_time",
        accepted: &[
            (r#""04:05""#, "04:05:00"),
            (r#""04:05:06.789""#, "04:05:06.789"),
        ],
        refused: &[r#""25:00""#, r#""4:05""#, r#""now""#, r#""04:05:06Z""#, "0"],
    },
    Case {
        table: "every_nullable",
        column: "a_uuid",
        accepted: &[
            (
                r#""A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11""#,
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            ),
            (
                r#""a0eebc999c0b4ef8bb6d6bb9bd380a11""#,
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            ),
        ],
        refused: &[
            r#""a0eebc99""#,
            r#""{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}""#,
            r#""""#,
            "5",
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_json",
        accepted: &[
            (r#""{\"a\":[1,null]}""#, r#"{"a": [1, null]}"#),
            (r#"{"a":[1,null]}"#, r#"{"a": [1, null]}"#),
            ("[1]", "[1]"),
            ("5", "5"),
            ("true", "true"),
            (r#""5""#, "5"),
            (r#""\"text\"""#, r#""text""#),
            (
                r#"{"big":9007199254740993}"#,
                r#"{"big": 9007199254740993}"#,
            ),
        ],
        refused: &[
            r#""text""#,
            r#""{""#,
            r#""""#,
            r#""{\"a\":\"\\u0000\"}""#,
            r#"{"a":"\u0000"}"#,
            r#"{"a\u0000":1}"#,
            r#"{"a":"\ud800"}"#,
            r#""1 2""#,
        ],
    },
    Case {
        table: "every_nullable",
        column: "a_bytes",
        accepted: &[
            (r#""AAH/""#, "\\x0001ff"),
            (r#""""#, "\\x"),
            (r#""AA==""#, "\\x00"),
        ],
        refused: &[
            r#""AA""#,
            r#""_-8=""#,
            r#""\\x00""#,
            r#""AA ==""#,
            "5",
            "[0]",
        ],
    },
    Case {
        table: "every_nullable",
        column: "an_enum",
        accepted: &[(r#""red""#, "red"), ("null", "NULL")],
        refused: &[r#""green""#, r#""RED""#, r#""""#, "0"],
    },
    Case {
        table: "every_array",
        column: "texts",
        accepted: &[
            (r#""[\"a\",null,\"b,\\\"c\"]""#, r#"{a,NULL,"b,\"c"}"#),
            (r#"["a"]"#, "{a}"),
            ("[5]", "{5}"),
        ],
        refused: &[
            "null",
            r#""a""#,
            "{}",
            "5",
            r#"["a\u0000"]"#,
            "[[]]",
            r#"[true]"#,
            r#""[""#,
        ],
    },
    Case {
        table: "every_array",
        column: "bigints",
        accepted: &[
            ("[9007199254740993]", "{9007199254740993}"),
            (r#""[\"5\"]""#, "{5}"),
        ],
        refused: &["[9223372036854775808]", "[1.5]", "[true]"],
    },
    Case {
        table: "every_array",
        column: "varchars",
        accepted: &[("null", "NULL"), (r#"["12345678"]"#, "{12345678}")],
        refused: &[r#"["123456789"]"#],
    },
    Case {
        table: "every_array",
        column: "uuids",
        accepted: &[(
            r#"["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]"#,
            "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        )],
        refused: &[r#"["a0eebc99"]"#],
    },
    Case {
        table: "every_array",
        column: "decimals",
        accepted: &[(r#"[1.5,"2"]"#, "{1.50,2.00}")],
        refused: &["[1.505]"],
    },
    Case {
        table: "every_array",
        column: "timestamps",
        accepted: &[(
            r#"["2026-02-03T04:05:06Z"]"#,
            "{\"2026-02-03 04:05:06+00\"}",
        )],
        refused: &[r#"["now"]"#, "[0]"],
    },
    Case {
        table: "every_array",
        column: "booleans",
        accepted: &[(r#"[0,true,"1"]"#, "{f,t,t}")],
        refused: &["[2]"],
    },
];

#[test]
fn every_type_takes_its_values_and_no_others() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let mut device = stand.device("ada");
    let mut wrong = Vec::new();
    for (at, case) in CASES.iter().enumerate() {
        let base = BASES.iter().find(|(table, _)| *table == case.table);
        let base = base.expect("a row").1;
        let values = case.accepted.iter().map(|(json, _)| json);
        let all: Vec<_> = values.chain(case.refused).collect();
        // A transaction for each, all in one request: a refused one must not hold the others up.
        let transactions: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(place, json)| {
                // The column once only: the base may have it.
                let base = without(base, case.column);
                let comma = if base.len() > 1 { "," } else { "" };
                format!(
                    r#"{{"op_id":"{at}.{place}","ops":[{{"op":"PUT","table":"{}","id":"{at}.{place}","data":{base}{comma}"{}":{json}}}}}]}}"#,
                    case.table, case.column
                )
            })
            .collect();
        let body = format!(
            r#"{{"client_id":"values","transactions":[{}]}}"#,
            transactions.join(",")
        );
        let answer = device.send("PUT", testkit::device::UPLOAD, body.as_bytes());
        let results = results(answer.expect("an answer"));
        for (place, (json, result)) in all.iter().zip(&results).enumerate() {
            let stored = stand.rows(&format!(
                "SELECT coalesce({}::text, 'NULL') AS v FROM {} WHERE id = '{at}.{place}'",
                case.column, case.table
            ));
            let stored = stored[0]["v"].as_str();
            let expected = case.accepted.get(place).map(|(_, shown)| *shown);
            let fits = match expected {
                Some(_) => result["status"] == "applied",
                None => result["code"] == "invalid_value" && result["column"] == case.column,
            };
            if !fits || stored != expected {
                wrong.push(format!(
                    "{}.{} {json}: {result}, stored {stored:?}, expected {expected:?}",
                    case.table, case.column
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An object's text without its last brace, and without a member.
fn without(object: &str, name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(object).expect("JSON");
    let mut value = value.as_object().expect("an object").clone();
    value.shift_remove(name);
    let text = serde_json::Value::from(value).to_string();
    text.strip_suffix('}').expect("an object").to_owned()
}
