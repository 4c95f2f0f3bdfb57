//! `cargo xtask bench catalog`: reading the catalog of a live PostgreSQL.
//!
//! The tables are those of `bench generate`. Measured is the reader's process, from connecting to
//! the last table; what PostgreSQL itself works shows in the wall's time.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::{measure, schemas};
use crate::{Result, npm, postgres, workspace};

const TABLES: usize = 1_000;
const RUNS: usize = 9;
const DATABASE: &str = "syncline_test_bench_catalog";

/// The seconds that it may take.
const LIMIT: f64 = 1.0;

/// Runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    let reader = build()?;
    let server = postgres::start(npm::present())?
        .ok_or("no PostgreSQL here: install one, or set DATABASE_URL")?;
    let folder = workspace::cache().join("bench-catalog");
    schemas::write(TABLES, &folder)?;
    let schema = folder.join(schemas::SQLC).join("schema.sql");
    let command = |verb: &str| {
        let mut command = Command::new(&reader);
        command.args([verb, &server.url, DATABASE]);
        command
    };
    said(command("drop"))?;
    said(with(command("make"), &schema))?;
    let measured = measured(&command("read"));
    let what = said(command("read"));
    said(command("drop"))?;
    let (mut walls, mut cpus) = measured?;
    let (wall, cpu) = (median(&mut walls), median(&mut cpus));
    let verdict = if wall < LIMIT { "" } else { " (over)" };
    println!("{}: {}", server.what, what?.trim());
    println!("| medians of {RUNS} | wall s | CPU s of the reader | limit, wall s |");
    println!("|---|---:|---:|---:|");
    println!("| {TABLES} tables | {wall:.3}{verdict} | {cpu:.3} | {LIMIT:.1} |");
    Ok(ExitCode::SUCCESS)
}

fn with(mut command: Command, file: &Path) -> Command {
    command.arg(file);
    command
}

/// The reader, optimised.
fn build() -> Result<PathBuf> {
    let status = workspace::cargo()
        .args(["build", "--release", "--package", "syncline-codegen"])
        .args(["--features", "live", "--example", "catalog"])
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err("`cargo build --release --example catalog` failed".into());
    }
    Ok(workspace::target()
        .join("release/examples/catalog")
        .with_extension(std::env::consts::EXE_EXTENSION))
}

/// Wall and CPU seconds of each run.
fn measured(command: &Command) -> Result<(Vec<f64>, Vec<f64>)> {
    let mut usages = Vec::new();
    for _ in 0..RUNS {
        usages.push(measure::run(command)?);
    }
    let walls = usages.iter().map(|it| it.wall).collect();
    Ok((walls, usages.iter().map(measure::Usage::cpu).collect()))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

fn said(mut command: Command) -> Result<String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot run {}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
