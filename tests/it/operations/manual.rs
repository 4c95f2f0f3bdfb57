//! docs/OPERATIONS.md holds every key and every metric, in the server's own words. `UPDATE_EXPECT=1` prints them again.

use std::process::Command;
use std::{env, fs};

use super::metrics::{make_busy, read};
use super::stand::{Stand, binary, eventually};

/// Puts a table between its marks, or compares it with what is there.
#[track_caller]
fn block(name: &str, table: &str) {
    let path = testkit::repo_root().join("docs/OPERATIONS.md");
    let page = fs::read_to_string(&path).expect("a page");
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = page.split_once(&begin).expect("a mark");
    let (own, after) = rest.split_once(&end).expect("a mark");
    if env::var_os("UPDATE_EXPECT").is_some() {
        let page = format!("{before}{begin}{table}{end}{after}");
        fs::write(&path, page).expect("a page");
    } else {
        assert_eq!(
            own, table,
            "docs/OPERATIONS.md is stale: UPDATE_EXPECT=1 prints its tables again"
        );
    }
}

#[test]
fn every_key_is_in_the_manual() {
    let output = Command::new(binary())
        .arg("--help")
        .output()
        .expect("the server's binary");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    let (_, keys) = help.split_once("Environment:\n").expect("keys");
    let mut table = String::from("| key | by default | what it does |\n|---|---|---|\n");
    let mut rows = 0;
    for line in keys.lines().filter(|it| !it.trim().is_empty()) {
        let (name, rest) = line.trim().split_once(' ').expect("a name");
        let (doc, default) = rest.trim().rsplit_once(" (").expect("a default");
        let default = match default.trim_end_matches(')') {
            "required" => "required".to_owned(),
            "empty by default" => "empty".to_owned(),
            it => format!("`{}`", it.trim_start_matches("default ")),
        };
        table.push_str(&format!("| `{name}` | {default} | {doc} |\n"));
        rows += 1;
    }
    assert!(rows > 25, "{table}");
    block("keys", &table);
}

#[test]
fn every_metric_is_in_the_manual() {
    testkit::needs!(postgres);
    let stand = Stand::start();
    let _slot = make_busy(&stand);
    eventually("the database is measured", || {
        read(&stand).contains("slot=")
    });
    let text = read(&stand);
    let after = |start: &str| {
        let mut found: Vec<_> = text
            .lines()
            .filter_map(|it| it.strip_prefix(start)?.split_once(' '))
            .filter(|(name, _)| name.starts_with("syncline_"))
            .collect();
        found.sort_unstable();
        found
    };
    let (docs, kinds) = (after("# HELP "), after("# TYPE "));
    let mut table = String::from("| metric | kind | what it says |\n|---|---|---|\n");
    for ((name, doc), (_, kind)) in docs.iter().zip(&kinds) {
        table.push_str(&format!("| `{name}` | {kind} | {doc} |\n"));
    }
    assert_eq!(docs.len(), kinds.len());
    assert!(docs.len() > 15, "{table}");
    block("metrics", &table);
}

/// What the container files tell the server, it reads.
#[test]
fn the_stack_names_keys_that_there_are() {
    let output = Command::new(binary())
        .arg("--help")
        .output()
        .expect("the server's binary");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    let generated = testkit::repo_root().join("generated");
    let mut found = 0;
    for file in ["powersync/compose.yaml", "rust/Dockerfile"] {
        let text = fs::read_to_string(generated.join(file)).expect("a generated file");
        for (at, _) in text.match_indices("SYNCLINE_") {
            let name = text[at..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let name = name.into_iter().next().expect("a name");
            assert!(help.contains(&format!("  {name} ")), "{file}: {name}");
            found += 1;
        }
    }
    assert!(found > 5, "{found}");
    for verb in ["bookkeeping", "healthy", "auth-tables"] {
        assert!(help.contains(&format!("\n  {verb}")), "{verb}\n{help}");
    }
}
