//! docs/diagnostics: every page's examples are run.
//!
//! A page that begins with an example in a ```` ```toml wrong ```` block finds its code in it, and
//! not in the ```` ```toml right ```` block, which is sound but for notes.

use std::path::PathBuf;

use syncline_schema::source::load_str;
use syncline_schema::{Code, Loaded, Severity};

use super::{codes, human};

/// Pages about something else than a schema source: their examples use other fences.
const OTHER: &[Code] = &[
    Code::S016,
    Code::S027,
    Code::T001,
    Code::T002,
    Code::T003,
    Code::T004,
    Code::T005,
];

/// The codes of `check` and of migrations: their pages show subjects and SQL.
fn of_check(code: Code) -> bool {
    code.name().starts_with(['C', 'D', 'M', 'U'])
}

/// The insides of the page's blocks that begin with this fence.
fn blocks(page: &str, fence: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut inside: Option<String> = None;
    for line in page.lines() {
        match &mut inside {
            Some(text) if line == "```" => {
                blocks.push(std::mem::take(text));
                inside = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line == fence => inside = Some(String::new()),
            None => {}
        }
    }
    assert!(inside.is_none(), "a block of {fence} is not closed");
    blocks
}

/// The source as it is loaded, with what the targets say of it.
fn found(source: &str) -> (Vec<Code>, Loaded) {
    let mut loaded = load_str(source);
    if !loaded.diagnostics.has_errors() {
        loaded
            .diagnostics
            .extend(syncline_codegen::refusals(&loaded.schema));
    }
    if !loaded.diagnostics.has_errors() {
        let generated =
            syncline_codegen::generate(&loaded.schema, syncline_codegen::targets::TARGETS);
        loaded
            .diagnostics
            .extend(generated.expect("templates that fit").notes);
    }
    (codes(&loaded), loaded)
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let folder: PathBuf = testkit::repo_root().join("docs/diagnostics");
    let entries = std::fs::read_dir(folder).expect("docs/diagnostics");
    let mut pages: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    pages.sort();
    let mut expected: Vec<String> = Code::ALL
        .iter()
        .map(|code| format!("{}.md", code.name()))
        .collect();
    expected.sort();
    assert_eq!(pages, expected);
}

#[test]
fn a_page_begins_with_its_code_and_title_and_says_something() {
    for code in Code::ALL {
        let page = code.page();
        let first = page.lines().next().unwrap_or_default();
        assert_eq!(first, format!("# {}: {}", code.name(), code.title()));
        assert!(page.len() > 300, "{}: the page says nothing", code.name());
        assert!(
            page.ends_with('\n') && !page.ends_with("\n\n"),
            "{}",
            code.name()
        );
    }
}

#[test]
fn the_wrong_example_is_found_and_the_right_one_is_sound() {
    for code in Code::ALL.iter().copied().filter(|code| !of_check(*code)) {
        let (wrong, right) = (
            blocks(code.page(), "```toml wrong"),
            blocks(code.page(), "```toml right"),
        );
        let other = OTHER.contains(&code);
        assert_eq!(
            wrong.is_empty(),
            other,
            "{}: an example, or a line in OTHER",
            code.name()
        );
        assert!(
            other || !right.is_empty(),
            "{}: no mended example",
            code.name()
        );
        for source in wrong {
            let (codes, loaded) = found(&source);
            assert!(
                codes.contains(&code),
                "{} is not found in\n{source}\n{}",
                code.name(),
                human(&loaded)
            );
            // One mistake, so that the page shows what it is about.
            let others = loaded
                .diagnostics
                .iter()
                .filter(|it| it.code != code && it.severity == Severity::Error);
            assert_eq!(others.count(), 0, "{}:\n{}", code.name(), human(&loaded));
        }
        for source in right {
            let (codes, loaded) = found(&source);
            let quiet = |severity| loaded.diagnostics.count(severity) == 0;
            assert!(
                !codes.contains(&code) && quiet(Severity::Error) && quiet(Severity::Warning),
                "{}:\n{source}\n{}",
                code.name(),
                human(&loaded)
            );
        }
    }
}

/// Only what can be suppressed says when to.
#[test]
fn warnings_and_notes_say_when_to_suppress_them() {
    for code in Code::ALL.iter().copied().filter(|code| !of_check(*code)) {
        let says = code.page().contains("## When to suppress it");
        assert_eq!(says, code.severity() != Severity::Error, "{}", code.name());
    }
}

#[test]
fn every_toml_block_of_a_page_has_a_known_fence() {
    for code in Code::ALL.iter().copied().filter(|code| !of_check(*code)) {
        for line in code
            .page()
            .lines()
            .filter(|line| line.starts_with("```toml"))
        {
            assert!(
                ["```toml wrong", "```toml right"].contains(&line),
                "{}: {line}",
                code.name()
            );
        }
    }
}
