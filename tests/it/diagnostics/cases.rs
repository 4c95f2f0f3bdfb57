//! `tests/diagnostics/<case>.toml` and what is said of it in `<case>.txt`.
//!
//! `UPDATE_EXPECT=1 cargo test --test it diagnostics` rewrites the expected texts: read the
//! difference before you commit it. A case that begins with `sound-` has nothing to say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syncline_codegen::disk::Disk;
use syncline_schema::{Code, Loaded};

use super::{codes, human};

fn folder() -> PathBuf {
    testkit::repo_root().join("tests/diagnostics")
}

/// The names of the files with this extension, without it, sorted.
fn names(extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("tests/diagnostics");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}

fn load(case: &str) -> Loaded {
    // Read through the folder, and shown without it: the expected text is the same everywhere.
    struct Case(Disk);
    impl syncline_schema::Files for Case {
        fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
            self.0.read(&folder().join(path))
        }
        fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
            let paths = self.0.glob(pattern)?;
            let below = |path: PathBuf| {
                path.strip_prefix(folder())
                    .map_or(path.clone(), Path::to_owned)
            };
            Ok(paths.into_iter().map(below).collect())
        }
    }
    let disk = Disk::new(&folder());
    syncline_schema::load(&Case(disk), Path::new(&format!("{case}.toml")))
}

#[test]
fn every_case_says_what_stands_beside_it() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for case in names("toml") {
        let said = human(&load(&case));
        let path = folder().join(format!("{case}.txt"));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if said == expected {
            continue;
        }
        if update && said.is_empty() {
            fs::remove_file(&path).expect("the expected text");
        } else if update {
            fs::write(&path, &said).expect("the expected text");
        } else {
            wrong.push(format!(
                "== {case}: expected\n{expected}\n-- but it says\n{said}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "UPDATE_EXPECT=1 accepts this:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_expected_text_has_its_case() {
    let cases = names("toml");
    let stray: Vec<_> = names("txt")
        .into_iter()
        .filter(|name| !cases.contains(name))
        .collect();
    assert!(stray.is_empty(), "no case for {stray:?}");
    assert!(cases.len() >= 40, "only {} cases", cases.len());
}

#[test]
fn sound_cases_have_nothing_to_say_and_the_others_do() {
    for case in names("toml") {
        let loaded = load(&case);
        let sound = case.starts_with("sound-");
        assert_eq!(
            loaded.diagnostics.is_empty(),
            sound,
            "{case}:\n{}",
            human(&loaded)
        );
    }
}

#[test]
fn every_code_of_the_language_is_found_somewhere() {
    let found: BTreeSet<Code> = names("toml")
        .iter()
        .flat_map(|case| codes(&load(case)))
        .collect();
    // Found by a target, when it cannot say what the source asks for.
    let elsewhere = [Code::L015];
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| code.name().starts_with(['S', 'L']))
        .filter(|code| !found.contains(code) && !elsewhere.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case finds {missing:?}");
}

#[test]
fn a_dozen_mistakes_are_reported_in_one_run() {
    let loaded = load("dozen");
    let codes = codes(&loaded);
    assert!(codes.len() >= 15, "{codes:?}");
}

/// Machine output names the same findings, at places that exist.
#[test]
fn json_tells_the_same() {
    for case in names("toml") {
        let loaded = load(&case);
        let json = syncline_codegen::render::json(&loaded.diagnostics, &loaded.sources);
        let list = json.as_array().expect("a list");
        assert_eq!(list.len(), loaded.diagnostics.iter().count(), "{case}");
        for one in list {
            for label in one["labels"].as_array().expect("labels") {
                assert!(label["line"].as_u64() >= Some(1), "{case}: {one:#}");
                let (start, end) = (label["line"].as_u64(), label["end_line"].as_u64());
                assert!(end >= start, "{case}: {one:#}");
            }
        }
    }
}
