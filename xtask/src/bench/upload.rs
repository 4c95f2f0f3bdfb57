//! `cargo xtask bench upload`: what uploads cost, beside the handler that guides teach and the machine's limits.
//!
//! In: options. Out: a table in docs/BENCHMARKS.md. Here everything is made ready: a durable PostgreSQL of its own with the
//! app's migrations, the app's server, Node and the handler. `examples/upload` measures; it is built optimised, so that it is
//! not what is measured.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use super::report;
use crate::postgres::Server;
use crate::{Result, node, npm, postgres, workspace};

/// The app's server among generated/rust's programs.
const SERVER: &str = "notes-server";

/// Options of `bench upload`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct UploadOptions {
    /// Only print: leave docs/BENCHMARKS.md alone.
    pub(crate) print: bool,
    /// What the measuring program reads itself.
    pub(crate) passed: Vec<OsString>,
}

/// Runs the command.
pub(crate) fn run(options: &UploadOptions) -> Result<ExitCode> {
    let program = built(
        &["--package", "xtask", "--example", "upload"],
        "examples/upload",
    )?;
    let server = server();
    let handler = handler();
    let (postgres, pgbench) = postgres::start_durable()?;
    eprintln!("PostgreSQL: {}", postgres.what);
    migrate(&postgres)?;
    let mut command = Command::new(program);
    command.arg("--url").arg(&postgres.url);
    if let Some(folder) = &postgres.folder {
        command.arg("--folder").arg(folder);
    }
    if let Some(pgbench) = pgbench {
        command.arg("--pgbench").arg(pgbench);
    }
    match server {
        Ok(path) => command.arg("--server").arg(path),
        Err(why) => command.arg("--no-server").arg(why),
    };
    match handler {
        Ok((node, script)) => command.arg("--node").arg(node).arg("--peer").arg(script),
        Err(why) => command.arg("--no-node").arg(why),
    };
    let output = command
        .args(&options.passed)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run the measuring program: {error}"))?;
    drop(postgres);
    if !output.status.success() {
        return Err("the measurement failed".into());
    }
    let table = String::from_utf8_lossy(&output.stdout);
    print!("{table}");
    if !options.print {
        report::write("upload", &table)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The app's server, optimised.
fn server() -> Result<PathBuf> {
    let manifest = workspace::root().join("generated/rust/Cargo.toml");
    if !fs::read_to_string(&manifest).is_ok_and(|text| text.contains("syncline-server")) {
        return Err("generated/rust has no server".into());
    }
    let manifest = manifest.display().to_string();
    built(&["--manifest-path", &manifest, "--bin", SERVER], SERVER)
}

/// Node, and the handler with its packages.
fn handler() -> Result<(PathBuf, PathBuf)> {
    if !npm::present() {
        return Err("no npm".into());
    }
    // A new enough Node may be among these.
    npm::install()?;
    let folder = npm::folder().join("peer");
    npm::install_in(&folder)?;
    Ok((node::find()?, folder.join("server.mjs")))
}

/// Brings the app's tables, and the record of them, into the database.
fn migrate(postgres: &Server) -> Result<()> {
    let status = workspace::cargo()
        .args([
            "run",
            "--quiet",
            "--package",
            "syncline",
            "--",
            "migrate",
            "apply",
        ])
        .env("DATABASE_URL", &postgres.url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    if status.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err("`syncline migrate apply` failed on the bench's database".into())
}

/// Builds a program in release mode; where it is, below target/release.
fn built(what: &[&str], path: &str) -> Result<PathBuf> {
    let status = workspace::cargo()
        .args(["build", "--quiet", "--release"])
        .args(what)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(format!("`cargo build --release {}` failed", what.join(" ")));
    }
    let program = workspace::target().join("release").join(path);
    Ok(program.with_extension(std::env::consts::EXE_EXTENSION))
}
