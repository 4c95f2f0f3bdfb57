//! What holds for every type, default and name.

use proptest::prelude::*;
use syncline_schema::model::{ColumnType, DefaultValue, Literal, Scalar};
use syncline_schema::names;
use syncline_schema::source::{TYPE_NAMES, load_str, parse_type};
use syncline_schema::{Code, Loaded, Schema};

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        prop::sample::select(vec![
            Scalar::Text,
            Scalar::Boolean,
            Scalar::SmallInt,
            Scalar::Integer,
            Scalar::BigInt,
            Scalar::Real,
            Scalar::Double,
            Scalar::Timestamp,
            Scalar::LocalTimestamp,
            Scalar::Date,
            Scalar::Time,
            Scalar::Uuid,
        ]),
        (1_u32..=10_485_760).prop_map(Scalar::Varchar),
        (1_u16..=1000)
            .prop_flat_map(|precision| (Just(precision), 0..=precision))
            .prop_map(|(precision, scale)| Scalar::Decimal { precision, scale }),
    ]
}

/// A source with one column `c` of one table `t`.
fn column(written: &str) -> Loaded {
    load_str(&format!(
        "[project]\nname = \"app\"\n\n[tables.t.columns]\nc = {written}\n"
    ))
}

fn default_of(schema: &Schema) -> Option<DefaultValue> {
    schema.table("t")?.column("c")?.default.clone()
}

/// Is this default taken, and as what?
fn default(ty: &str, value: &str) -> Result<DefaultValue, String> {
    let loaded = column(&format!("{{ type = \"{ty}\", default = {value} }}"));
    if loaded.diagnostics.has_errors() {
        let misfit = loaded
            .diagnostics
            .iter()
            .all(|found| found.code == Code::S005);
        assert!(misfit, "{:?}", loaded.diagnostics);
        return Err(value.to_owned());
    }
    default_of(&loaded.schema).ok_or_else(|| "none".to_owned())
}

/// A text as a TOML string.
fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Is it a day of the calendar? By counting days, unlike the code under test.
fn is_day(year: u32, month: u32, day: u32) -> bool {
    // Days from a civil date and back again (Howard Hinnant's algorithms, years from March).
    let shifted = i64::from(year) - i64::from(month <= 2);
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let month_index = (i64::from(month) + 9) % 12;
    let of_year = (153 * month_index + 2) / 5 + i64::from(day) - 1;
    let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    let back_of_era = (days - days / 1460 + days / 36524 - days / 146_096) / 365;
    let back_of_year = days - (365 * back_of_era + back_of_era / 4 - back_of_era / 100);
    let back_index = (5 * back_of_year + 2) / 153;
    let back_day = back_of_year - (153 * back_index + 2) / 5 + 1;
    back_of_era == of_era && back_index == month_index && back_day == i64::from(day)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_type_is_read_as_it_is_written(scalar in scalar(), array: bool, nullable: bool) {
        let ty = ColumnType { scalar, array };
        let written = format!("{ty}{}", if nullable { "?" } else { "" });
        prop_assert_eq!(parse_type(&written), Ok((ty, nullable)));
    }

    #[test]
    fn no_text_makes_the_type_reader_panic(text in "\\PC{0,40}|[a-z(),0-9\"?\\[\\] ]{0,24}") {
        if let Ok((ty, nullable)) = parse_type(&text) {
            // What is read can be written, and is read as the same again.
            let again = format!("{ty}{}", if nullable { "?" } else { "" });
            prop_assert_eq!(parse_type(&again), Ok((ty, nullable)));
        }
    }

    #[test]
    fn whole_numbers_fit_their_range(number: i64) {
        for (ty, fits) in [
            ("smallint", i16::try_from(number).is_ok()),
            ("integer", i32::try_from(number).is_ok()),
            ("bigint", true),
        ] {
            let expected = Ok(DefaultValue::Literal(Literal::Integer(number)));
            prop_assert_eq!(default(ty, &number.to_string()) == expected, fits, "{} of {}", number, ty);
        }
        prop_assert!(default("text", &number.to_string()).is_err());
        prop_assert!(default("boolean", &number.to_string()).is_err());
    }

    #[test]
    fn any_text_without_nul_is_a_default_as_it_is(text in "[^\\x00]{0,30}") {
        let keyword = ["uuid", "device"].contains(&text.as_str());
        let expected = DefaultValue::Literal(Literal::Text(text.clone()));
        let taken = default("text", &toml_string(&text));
        prop_assert!(keyword || taken == Ok(expected), "{taken:?}");
        let fits = text.chars().count() <= 10;
        prop_assert_eq!(default("varchar(10)", &toml_string(&text)).is_ok(), fits);
    }

    #[test]
    fn decimals_keep_their_digits(whole in "0|[1-9][0-9]{0,12}", fraction in "[0-9]{0,6}", negative: bool) {
        let sign = if negative { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        let text = format!("{sign}{whole}{point}{fraction}");
        let fits = (whole == "0" || whole.len() <= 8) && fraction.len() <= 3;
        let expected = Ok(DefaultValue::Literal(Literal::Number(text.clone())));
        prop_assert_eq!(default("decimal(11,3)", &format!("\"{text}\"")) == expected, fits, "{}", text);
    }

    #[test]
    fn days_are_those_of_the_calendar(year in 1_u32..10_000, month in 0_u32..15, day in 0_u32..34) {
        let text = format!("\"{year:04}-{month:02}-{day:02}\"");
        let expected = (1..=12).contains(&month) && day > 0 && is_day(year, month, day);
        prop_assert_eq!(default("date", &text).is_ok(), expected, "{}", text);
    }

    #[test]
    fn times_are_those_of_a_clock(hour in 0_u32..30, minute in 0_u32..70, second in 0_u32..70, millis in 0_u32..1000) {
        let fits = hour < 24 && minute < 60 && second < 60;
        let time = format!("{hour:02}:{minute:02}:{second:02}.{millis:03}");
        prop_assert_eq!(default("time", &format!("\"{time}\"")).is_ok(), fits);
        prop_assert_eq!(default("timestamp", &format!("\"2026-01-02T{time}Z\"")).is_ok(), fits);
        let without_zone = format!("\"2026-01-02T{time}\"");
        prop_assert!(default("timestamp", &without_zone).is_err());
        prop_assert_eq!(default("local_timestamp", &format!("\"2026-01-02T{time}\"")).is_ok(), fits);
    }

    #[test]
    fn fitted_names_fit_and_stay_apart(one in "\\PC{1,90}", other in "\\PC{1,90}") {
        let (a, b) = (names::fit(&one), names::fit(&other));
        prop_assert!(a.len() <= names::MAX_IDENTIFIER && b.len() <= names::MAX_IDENTIFIER);
        prop_assert_eq!(a == b, one == other);
        // Also where only the last letter of a long name differs.
        let long = |last: char| names::fit(&format!("{}{last}", one.repeat(70)));
        prop_assert_ne!(long('a'), long('b'));
        prop_assert_eq!(names::fit(&a), a.clone());
    }

    #[test]
    fn spelt_names_are_names(name in "\\PC{0,20}|[a-zA-Z0-9_ -]{0,20}") {
        for (spelt, first_upper) in [
            (names::camel(&name), false),
            (names::snake(&name), false),
            (names::pascal(&name), true),
            (names::rust_ident(&name), false),
            (names::typescript_ident(&name), false),
        ] {
            let body = spelt.strip_prefix("r#").unwrap_or(&spelt);
            let mut chars = body.chars();
            let begins = chars.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c));
            prop_assert!(begins && chars.all(unicode_ident::is_xid_continue), "{name:?} -> {spelt}");
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                prop_assert_eq!(body.starts_with(|c: char| c.is_ascii_uppercase()), first_upper, "{}", spelt);
            }
        }
        prop_assert!(!names::is_rust_keyword(&names::rust_ident(&name)));
        prop_assert!(!names::is_typescript_reserved(&names::typescript_ident(&name)));
    }

    /// SQL's own reader sees one identifier, of this name.
    #[test]
    fn quoted_names_mean_themselves(name in "[^\\x00]{1,20}|[a-z_]{1,8}") {
        let quoted = names::quote_sql(&name);
        let plain = quoted == name;
        prop_assert!(plain || quoted.starts_with('"') && quoted.ends_with('"'));
        let meant = if plain { name.to_lowercase() } else { quoted[1..quoted.len() - 1].replace("\"\"", "\"") };
        prop_assert_eq!(meant, name.clone());
        prop_assert!(!plain || name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
    }

    /// Leaving out a letter of a key is noticed, and the key is found again.
    #[test]
    fn a_key_with_a_letter_too_few_is_found(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let keys = syncline_schema::source::grammar::TABLE.keys;
        let key = which.get(keys).name;
        let mut misspelt = key.to_owned();
        misspelt.remove(at.index(key.len()));
        if keys.iter().any(|key| key.name == misspelt) {
            return Ok(());
        }
        let loaded = load_str(&format!("[project]\nname = \"app\"\n\n[tables.t]\n{misspelt} = true\n"));
        let found: Vec<_> = loaded.diagnostics.iter().collect();
        prop_assert_eq!(found.len(), 1, "{:?}", found);
        prop_assert_eq!(found[0].code, Code::S002);
        prop_assert!(found[0].help[0].starts_with("did you mean"), "{misspelt}: {:?}", found[0].help);
    }
}

/// Each type of the list has its row, its reader and its printer.
#[test]
fn every_type_name_is_read() {
    assert_eq!(TYPE_NAMES.len(), syncline_schema::types::TYPES.len());
    for (name, row) in TYPE_NAMES.iter().zip(syncline_schema::types::TYPES) {
        assert_eq!(*name, row.name);
        let written = match *name {
            "varchar" => "varchar(5)",
            "decimal" => "decimal(5,2)",
            "raw" => "raw(\"tsvector\")",
            name => name,
        };
        let (ty, _) =
            parse_type(written).unwrap_or_else(|error| panic!("{written}: {}", error.message));
        assert_eq!(syncline_schema::types::row_of(&ty.scalar).name, *name);
    }
}

/// The same schema from another order of keys within a line, other quotes, other white space.
#[test]
fn how_it_is_written_does_not_matter() {
    let one = "[project]\nname = \"app\"\n[tables.t]\nindexes = [[\"a\"]]\n[tables.t.columns]\na = { type = \"text\", default = \"x\" }\n";
    let other = "project.name = 'app'\n\n\n[tables]\n[tables.t]\ncolumns.a.default = 'x'\ncolumns.a.type = \"text\"\nindexes = [{ columns = ['a'], desc = false }] # a comment\n";
    let (one, other) = (load_str(one), load_str(other));
    assert!(
        one.diagnostics.is_empty() && other.diagnostics.is_empty(),
        "{:?}",
        other.diagnostics
    );
    assert_eq!(one.schema, other.schema);
}
