//! `cargo xtask bench derive`: what `#[derive(SyncTable)]` adds to the build of an app's models.
//!
//! Two crates of 200 structs with 12 fields: one with serde's derives, one with serde's and ours.
//! What they depend on is built before; only the crates themselves are timed, in turns.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use super::measure;
use crate::{Result, workspace};

const STRUCTS: usize = 200;
const FIELDS: usize = 12;
const RUNS: usize = 5;

const CRATES: [&str; 2] = ["with-serde", "with-both"];

/// The CPU seconds that it may add.
const LIMIT: f64 = 3.0;

/// Runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    let folder = workspace::cache().join("derive-bench");
    write(&folder).map_err(|error| format!("cannot write {}: {error}", folder.display()))?;
    let mut times = [Vec::new(), Vec::new()];
    for name in CRATES {
        build(&folder, name)?;
    }
    for _ in 0..RUNS {
        for (at, name) in CRATES.iter().enumerate() {
            touch(&folder, name)?;
            times[at].push(build(&folder, name)?);
        }
    }
    let [serde, both] = times.map(median);
    let added = both - serde;
    let verdict = if added < LIMIT { "" } else { " (over)" };
    println!("| {STRUCTS} structs of {FIELDS} fields | CPU s, median of {RUNS} |");
    println!("|---|---|");
    println!("| serde's derives | {serde:.2} |");
    println!("| serde's and SyncTable | {both:.2} |");
    println!("| added; limit {LIMIT:.1} | {added:.2}{verdict} |");
    Ok(ExitCode::SUCCESS)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// CPU seconds of one build.
fn build(folder: &Path, name: &str) -> Result<f64> {
    let mut command: Command = workspace::cargo();
    command
        .args(["build", "--quiet", "--package", name, "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folder.join("target"))
        .env("CARGO_INCREMENTAL", "0");
    let usage =
        measure::run(&command).map_err(|error| format!("{name} does not build: {error}"))?;
    Ok(usage.cpu())
}

/// Makes cargo build the crate again.
fn touch(folder: &Path, name: &str) -> Result<()> {
    let file = folder.join(name).join("src/lib.rs");
    let text = fs::read_to_string(&file).and_then(|text| fs::write(&file, text));
    text.map_err(|error| format!("cannot write {}: {error}", file.display()))
}

fn write(folder: &Path) -> std::io::Result<()> {
    let root = workspace::root();
    let root = root.display();
    fs::create_dir_all(folder)?;
    // The versions of this repository, which are on the machine already.
    fs::copy(
        workspace::root().join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )?;
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"with-serde\", \"with-both\"]\n",
    )?;
    for (name, derives, imports) in [
        ("with-serde", "", ""),
        (
            "with-both",
            ", syncline_macros::SyncTable",
            "syncline-macros",
        ),
    ] {
        let source = folder.join(name).join("src");
        fs::create_dir_all(&source)?;
        let macros = if imports.is_empty() {
            String::new()
        } else {
            format!("{imports} = {{ path = \"{root}/macros\" }}\n")
        };
        fs::write(
            folder.join(name).join("Cargo.toml"),
            format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nsyncline-runtime = {{ path = \"{root}/runtime\" }}\n{macros}"
            ),
        )?;
        fs::write(source.join("lib.rs"), structs(derives))?;
    }
    Ok(())
}

/// The structs. The types are those that serde has implementations for.
fn structs(derives: &str) -> String {
    const TYPES: [&str; 6] = [
        "String",
        "i64",
        "Option<String>",
        "bool",
        "f64",
        "Option<i32>",
    ];
    let mut out = String::new();
    for at in 0..STRUCTS {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "/// Table {at}.\n#[derive(serde::Serialize, serde::Deserialize{derives})]\npub struct Table{at} {{"
        );
        for field in 0..FIELDS {
            let ty = TYPES[field % TYPES.len()];
            let _ = writeln!(out, "    /// Field {field}.\n    pub field_{field}: {ty},");
        }
        out.push_str("}\n\n");
    }
    out
}
