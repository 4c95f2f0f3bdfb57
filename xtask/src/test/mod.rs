//! `cargo xtask test`: everything the tests need, then all tests, then one line.
//!
//! In: the machine. Out: exit code 0 when all passed, 1 when a test failed, 2 (as an error) when they could not run.

mod client;
mod stream;
mod summary;

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use crate::args::TestOptions;
use crate::{Result, node, npm, postgres, workspace};
use summary::Summary;

/// Environment variables that tell the tests (through `testkit`) what there is.
const JUDGES: &str = "SYNCLINE_JUDGES";
const NODE: &str = "SYNCLINE_NODE";
const DATABASE: &str = "SYNCLINE_TEST_DATABASE_URL";

/// Runs the command.
pub(crate) fn run(options: &TestOptions) -> Result<ExitCode> {
    let mut environment: Vec<(&str, OsString)> =
        vec![(JUDGES, if options.fast { "0" } else { "1" }.into())];
    let mut server = None;
    if !options.fast {
        judges(&mut environment)?;
        server = postgres::start(npm::present())?;
        match &server {
            Some(server) => {
                eprintln!("PostgreSQL: {}", server.what);
                environment.push((DATABASE, server.url.clone().into()));
            }
            None => eprintln!(
                "no PostgreSQL here: tests that need one are skipped; install it, or set DATABASE_URL"
            ),
        }
    }
    let mut summary = Summary::default();
    for (name, mut command) in steps(options) {
        eprintln!("\n== {name}");
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        stream::run(name, &mut command, &mut summary)?;
    }
    if !options.fast && options.only.is_empty() {
        client::run(&environment, &mut summary)?;
    }
    drop(server);
    if !options.fast && options.only.is_empty() {
        newest(&environment, &mut summary)?;
    }
    print!("{summary}");
    Ok(if summary.failed() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// What reads catalogs and runs migrations, on the newest PostgreSQL as well.
fn newest(environment: &[(&str, OsString)], summary: &mut Summary) -> Result<()> {
    let Some(server) = postgres::start_newest()? else {
        return Ok(());
    };
    let name = "cargo test on the newest PostgreSQL";
    eprintln!("\n== {name}: {}", server.what);
    let mut tests = workspace::cargo();
    tests.args([
        "test",
        "--no-fail-fast",
        "--package",
        "syncline",
        "--test",
        "it",
        "--",
    ]);
    tests.args(["live::", "postgres::", "diff::", "migrate::"]);
    tests.envs(environment.iter().map(|(name, value)| (name, value)));
    tests.env(DATABASE, &server.url);
    stream::run(name, &mut tests, summary)
}

/// Installs the npm packages and puts the right Node first.
fn judges(environment: &mut Vec<(&str, OsString)>) -> Result<()> {
    if !npm::present() {
        eprintln!(
            "npm is not here: tests that need Node are skipped; install Node with npm to run them"
        );
        return Ok(());
    }
    npm::install()?;
    let node = node::find()?;
    environment.push(("PATH", node::path_with(&node)?));
    environment.push((NODE, node.into()));
    Ok(())
}

/// What is run, by name.
fn steps(options: &TestOptions) -> Vec<(&'static str, Command)> {
    let mut tests = workspace::cargo();
    tests.args(["test", "--no-fail-fast"]);
    if !options.only.is_empty() {
        tests.args(&options.only);
        return vec![("cargo test", tests)];
    }
    tests.arg("--workspace");
    let mut light = workspace::cargo();
    light.args(["build", "--package", "syncline", "--no-default-features"]);
    let mut steps = vec![
        ("cargo test --workspace", tests),
        ("cargo build --no-default-features", light),
    ];
    let generated = workspace::root().join("generated/rust/Cargo.toml");
    if generated.exists() {
        let mut app = workspace::cargo();
        app.args(["test", "--no-fail-fast", "--manifest-path"])
            .arg(generated);
        steps.push(("cargo test in generated/rust", app));
    }
    steps
}
