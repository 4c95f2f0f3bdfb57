//! Target `rust`, judged by rustfmt, clippy, and PostgreSQL through the crate that it makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use testkit::postgres::database;

use crate::postgres::{Output, random, sources};

const KITCHEN: &str = include_str!("../schemas/kitchen.toml");

/// A folder that stays from run to run, so that cargo need not build everything again.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("rust")
        .join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes the crate of a source into the folder and gives the crate's folder.
pub(crate) fn write_crate(source: &str, into: &Path) -> PathBuf {
    let root = testkit::repo_root();
    let output = Output::with(source, &["rust"], |schema| {
        schema.settings.rust.crates = Some(root.display().to_string());
    });
    // What an earlier run has left must not be judged.
    let _ = fs::remove_dir_all(into.join("rust/src"));
    for (path, text) in output.iter() {
        let path = into.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    lock(&into.join("rust"));
    into.join("rust")
}

/// The workspace's own lock: the same versions, built already, and nothing to download.
fn lock(package: &Path) {
    let own = testkit::repo_root().join("Cargo.lock");
    fs::copy(own, package.join("Cargo.lock")).expect("a lock file");
}

/// Where cargo builds, for the crates of the tests as for the tests themselves.
pub(crate) fn target() -> PathBuf {
    // <target>/debug/deps/it-…
    let here = std::env::current_exe().expect("a path");
    let target = here.ancestors().nth(3);
    target.expect("a folder of cargo's").to_path_buf()
}

#[track_caller]
pub(crate) fn cargo(package: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(args).current_dir(package);
    command.env("CARGO_TARGET_DIR", target());
    let output = command.output().expect("cargo");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {args:?} in {}\n{text}\n{errors}",
        package.display()
    );
    text
}

#[track_caller]
fn rustfmt(package: &Path) {
    let output = Command::new("rustfmt")
        .args(["--edition", "2024", "--check", "src/lib.rs"])
        .current_dir(package)
        .output()
        .expect("rustfmt");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
}

/// Docs and names that Rust, rustfmt or clippy could take for something else.
const HOSTILE: &str = r#"
[project]
name = "hostile"
[tables.tables]
doc = """
    indented code, not a test
* a list
that goes on lazily
   - and	tabs
```
fn main() { broken
```
[link]: nowhere  \u202e
*/ /* \r\n
"""
removed_columns = { "old \"name" = "2026-11-22" }
[tables.tables.columns]
self = { type = "text", default = "\" \\ \r \u0007 {} ${x}", doc = "/// //! */" }
super = "text?"
crate = "text?"
fn = "text?"
gen = "text?"
"Ω" = "text?"
a_column_whose_name_takes_all_of_the_sixty_three_bytes_there_ar = "local_timestamp[]?"
a_column_whose_name_takes_all_of_the_sixty_three_bytes_there_is = "text?"
a_column_whose_name_takes_a_little_less_than_that_many_by = "local_timestamp[]?"
a_column_whose_name_takes_a_little_less_than_that_many_b = "local_timestamp[]?"
[tables.mod]
access = "public"
timestamps = false
delete = "hard"
[tables.r]
insert_only = true
[tables."日本"]
key = "owner"
[removed_tables]
"older \"table\\" = "2026-11-22"
"#;

const EMPTY: &str = "[project]\nname = \"empty\"\n";

#[test]
fn crates_are_clean() {
    let mut all = sources();
    all.push(("hostile".to_owned(), HOSTILE.to_owned()));
    all.push(("empty".to_owned(), EMPTY.to_owned()));
    for (name, source) in &all {
        let stem = Path::new(name).file_stem().expect("a name");
        let package = write_crate(source, &folder(&stem.to_string_lossy()));
        rustfmt(&package);
        if testkit::judges() {
            cargo(
                &package,
                &["clippy", "--offline", "--quiet", "--", "-D", "warnings"],
            );
        }
    }
}

#[test]
fn random_crates_are_formatted() {
    let into = folder("random");
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..24 {
        let source = random::source()
            .new_tree(&mut runner)
            .expect("a source")
            .current();
        rustfmt(&write_crate(&source, &into));
    }
}

#[test]
fn statements_are_what_they_were() {
    let output = Output::of(KITCHEN, &["rust"]);
    insta::assert_snapshot!(output.text("rust/src/tables/folders.rs"));
}

#[test]
fn crates_find_the_runtime() {
    let runtime = |crates: Option<&str>, dir: &str| {
        let output = Output::with(EMPTY, &["rust"], |schema| {
            schema.settings.rust.crates = crates.map(str::to_owned);
            schema.settings.output = dir.to_owned();
        });
        let manifest = output.text("rust/Cargo.toml");
        let line = manifest
            .lines()
            .find(|line| line.starts_with("syncline-runtime"));
        line.expect("a dependency").to_owned()
    };
    let path = |path: &str| format!("syncline-runtime = {{ path = \"{path}\" }}");
    assert_eq!(runtime(None, "generated"), "syncline-runtime = \"0.1\"");
    assert_eq!(runtime(Some("."), "generated"), path("../../runtime"));
    assert_eq!(
        runtime(Some("../syncline/"), "out/put"),
        path("../../../../syncline/runtime")
    );
    assert_eq!(runtime(Some("/opt/s"), "generated"), path("/opt/s/runtime"));
}

/// Builds the crate of a source, with a driver of the tests that uses it, and runs that on a
/// database. Gives what it says.
pub(crate) fn drive(
    source: &str,
    name: &str,
    main: &str,
    db: &testkit::postgres::TestDb,
) -> String {
    let into = folder(name);
    let package = write_crate(source, &into);
    let manifest = fs::read_to_string(package.join("Cargo.toml")).expect("a manifest");
    let line = manifest.lines().find(|line| line.starts_with("name = "));
    let package = line.expect("a name").split('"').nth(1).expect("a name");
    let driver = into.join("driver");
    fs::create_dir_all(&driver).expect("a folder");
    let root = testkit::repo_root();
    // The profile is the workspace's: so the dependencies are built already.
    let manifest = format!(
        "[package]\nname = \"{name}-driver\"\nedition = \"2024\"\n\
         [[bin]]\nname = \"{name}-driver\"\npath = {:?}\n\
         [dependencies]\n{package} = {{ path = \"../rust\" }}\n\
         syncline-runtime = {{ path = {:?} }}\n\
         serde_json = \"1\"\n\
         postgres = {{ version = \"0.19\", default-features = false }}\n\
         [workspace]\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\
         [profile.dev.package.\"*\"]\ndebug = false\n",
        root.join(main),
        root.join("runtime"),
    );
    fs::write(driver.join("Cargo.toml"), manifest).expect("a manifest");
    lock(&driver);
    cargo(&driver, &["run", "--offline", "--quiet", "--", db.url()])
}

/// Builds the kitchen's crate with `rust/driver`, and lets that drive the statements.
#[test]
fn statements_do_what_they_promise() {
    testkit::needs!(postgres);
    let schema = Output::of(KITCHEN, &["postgres"]);
    let db = database("driver");
    db.execute(schema.text("postgres/schema.sql"));
    let said = drive(KITCHEN, "driven", "tests/it/rust/driver/main.rs", &db);
    // A driver that did nothing would pass, too.
    assert!(said.ends_with("12 promises kept\n"), "{said}");
}
