//! Random damage to good sources: it ends in findings, whose places are in the text, and never in
//! a panic.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use syncline_codegen::render;
use syncline_schema::Loaded;
use syncline_schema::source::load_str;

use super::{Memory, human, load_bytes};

fn read(paths: &[&str]) -> Vec<String> {
    let root = testkit::repo_root();
    let text = |path: &&str| std::fs::read_to_string(root.join(path)).expect("a sample");
    paths.iter().map(text).collect()
}

fn toml_samples() -> Vec<String> {
    read(&[
        "syncline.toml",
        "tests/schemas/kitchen.toml",
        "tests/schemas/awkward.toml",
        "tests/diagnostics/sound-everything.toml",
        "tests/diagnostics/sound-streams.toml",
        "tests/diagnostics/sound-unicode.toml",
        "tests/diagnostics/streams-unknown-names.toml",
        "tests/diagnostics/dozen.toml",
    ])
}

fn rust_samples() -> Vec<String> {
    read(&[
        "tests/diagnostics/rust/sound.rs",
        "tests/diagnostics/rust/wrong.rs",
        "tests/models/src/documents.rs",
    ])
}

/// What damage puts in: the signs of TOML, of SQL, of Rust and of the language, and letters of many bytes.
const PIECES: &[&str] = &[
    "",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "\n",
    "\r\n",
    "#",
    "\\",
    "?",
    "[]",
    "(",
    ")",
    ".",
    "é",
    "🙂",
    "\u{feff}",
    "\u{301}",
    "\"\"\"",
    "'''",
    "5",
    "-1e9",
    "true",
    "2026-01-01",
    "null",
    "text",
    "local",
    "server",
    "SELECT ",
    " FROM ",
    " AS x",
    "*",
    " IN ",
    "(SELECT ",
    "::",
    "--",
    "/*",
    "$$",
    ";",
    "id",
    "owner_id",
    "columns",
    "syncline-ignore L012: x",
    " = NULL",
    "\\u0000",
    "type",
    "#[sync(",
    "#[derive(SyncTable)] ",
    "//! ",
    "&'a ",
    "Vec<",
    "Option<",
    "r#",
    "mod a;",
];

/// A place, how much is cut there, and what is put in.
type Cut = (Index, usize, usize);

fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    prop::collection::vec((any::<Index>(), 0_usize..12, 0..PIECES.len()), 1..5)
}

fn damage(mut text: String, cuts: Vec<Cut>) -> String {
    for (at, length, piece) in cuts {
        let boundary = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(at.index(text.len() + 1));
        let end = boundary((start + length).min(text.len())).max(start);
        text.replace_range(start..end, PIECES[piece]);
    }
    text
}

/// Every place is in its text, and every way of drawing comes to an end.
fn is_well_said(loaded: &Loaded) -> Result<(), TestCaseError> {
    for label in loaded.diagnostics.iter().flat_map(|found| &found.labels) {
        if let (Some(file), Some(range)) = (label.place.file(), label.place.range()) {
            let source = &loaded.sources.get(file).expect("a file that was read").text;
            let shown = source.get(range.clone());
            prop_assert!(shown.is_some(), "{range:?} of {} bytes", source.len());
        }
    }
    human(loaded);
    render::human(&loaded.diagnostics, &loaded.sources, true);
    render::json(&loaded.diagnostics, &loaded.sources);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_toml_is_read_to_an_end(which in any::<Index>(), cuts in cuts()) {
        let text = damage(which.get(&toml_samples()).clone(), cuts);
        is_well_said(&load_str(&text))?;
    }

    #[test]
    fn damaged_structs_are_read_to_an_end(which in any::<Index>(), cuts in cuts()) {
        let text = damage(which.get(&rust_samples()).clone(), cuts);
        let source = b"[project]\nname = \"app\"\n[source]\nrust = \"models.rs\"\n";
        let files = [("syncline.toml", source.as_slice()), ("models.rs", text.as_bytes())];
        is_well_said(&syncline_schema::load(&Memory(&files), Path::new("syncline.toml")))?;
    }

    #[test]
    fn any_bytes_at_all_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let loaded = load_bytes(&bytes);
        prop_assert!(loaded.diagnostics.has_errors());
        is_well_said(&loaded)?;
    }
}
