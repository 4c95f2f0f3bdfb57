//! docs/SCHEMA.md shows its tables in both forms: behind each example in TOML stand its structs.
//!
//! `UPDATE_EXPECT=1 cargo test --test it convert::manual` prints them again.

use std::fs;

use syncline_schema::source::{load_str, print};

/// Where the tables begin; what stands before is about the file.
const FROM: &str = "\n## Tables\n";

const START: &str = "<!-- as structs -->\n\n```rust\n";
const END: &str = "```\n\n<!-- end -->\n";

/// The page with its structs printed again, and how many examples have them.
fn printed(page: &str) -> (String, usize) {
    let (before, mut rest) = page.split_at(page.find(FROM).expect("a part about tables"));
    let (mut out, mut count) = (before.to_owned(), 0);
    while let Some((text, behind)) = rest.split_once("```toml\n") {
        let (example, behind) = behind.split_once("```\n").expect("the end of an example");
        out.push_str(&format!("{text}```toml\n{example}```\n"));
        let old = behind.trim_start().strip_prefix(START);
        rest = old.map_or(behind, |old| {
            old.split_once(END).expect("the end of structs").1
        });
        let Some(structs) = structs(example) else {
            continue;
        };
        out.push_str(&format!("\n{START}{structs}{END}"));
        count += 1;
        if old.is_none() && !rest.starts_with('\n') {
            out.push('\n');
        }
    }
    out.push_str(rest);
    (out, count)
}

/// The tables of an example as structs; none where it has none, or only lines of one.
fn structs(example: &str) -> Option<String> {
    let project = "[project]\nname = \"app\"\n\n";
    let whole = example.contains("[project]");
    let source = if whole {
        example.to_owned()
    } else {
        format!("{project}{example}")
    };
    let tables = load_str(&source).schema.tables;
    (!tables.is_empty()).then(|| print::declared(&tables))
}

#[test]
fn each_example_stands_there_in_both_forms() {
    let path = testkit::repo_root().join("docs/SCHEMA.md");
    let page = fs::read_to_string(&path).expect("docs/SCHEMA.md");
    let (printed, count) = printed(&page);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &printed).expect("docs/SCHEMA.md");
    } else {
        assert!(
            page == printed,
            "docs/SCHEMA.md is stale: UPDATE_EXPECT=1 prints its structs again"
        );
    }
    assert!(count >= 15, "{count}");
}
