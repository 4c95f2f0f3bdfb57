//! `syncline fmt`: white space only, once and for all.

use proptest::prelude::*;
use syncline_schema::source::format::format;
use syncline_schema::source::load_str;

const SAMPLES: &[&str] = &[
    include_str!("../../syncline.toml"),
    include_str!("../../templates/init/syncline.toml"),
    include_str!("../schemas/kitchen.toml"),
];

/// The schema that a text means, places left out.
fn meaning(text: &str) -> String {
    serde_json::to_string(&load_str(text).schema).expect("a schema is JSON")
}

#[test]
fn settles_white_space() {
    let messy = "[project]\nname=\"a\"   # the name\n\n\n\n[ defaults ]\nid   =  'uuid' # x\n[tables.t]\nindexes=[ [\"a\",\"b\" ] ,\n{columns=['c'],desc=true}, # last\n]\n[tables.t.columns]\r\na='text'#c\nbb = {type='text',default=''}   # d\n# above\n[tables.u]\n\n\n";
    insta::assert_snapshot!(format(messy), @r#"
    [project]
    name = "a"  # the name

    [defaults]
    id = 'uuid'  # x

    [tables.t]
    indexes = [["a", "b"],
      { columns = ['c'], desc = true },  # last
    ]
    [tables.t.columns]
    a = 'text'                            #c
    bb = { type = 'text', default = '' }  # d

    # above
    [tables.u]
    "#);
}

#[test]
fn what_init_and_the_examples_hold_is_formatted() {
    for sample in SAMPLES {
        assert_eq!(format(sample), *sample);
    }
}

#[test]
fn strings_over_lines_stay_as_they_are() {
    let text = "[streams.s]\nquery = \"\"\"\n  SELECT *\n\n\n    FROM t   # no comment\n\"\"\"\n";
    assert_eq!(format(text), text);
}

proptest! {
    /// Any change of white space between tokens is undone, and means the same.
    #[test]
    fn is_stable_and_keeps_the_meaning(sample in 0..SAMPLES.len(), noise in proptest::collection::vec(0..4_usize, 1..200)) {
        let mut noise = noise.into_iter().cycle();
        let mut messy = String::new();
        for line in SAMPLES[sample].lines() {
            messy.push_str(&" ".repeat(noise.next().unwrap_or(0)));
            messy.push_str(line);
            messy.push_str(&" ".repeat(noise.next().unwrap_or(0)));
            messy.push_str(&"\n".repeat(1 + noise.next().unwrap_or(0)));
        }
        let once = format(&messy);
        prop_assert_eq!(format(&once), once.clone());
        prop_assert_eq!(meaning(&once), meaning(SAMPLES[sample]));
    }
}
