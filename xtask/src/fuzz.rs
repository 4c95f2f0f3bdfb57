//! `cargo xtask fuzz`: any bytes at all into each reader, for a while. For the nightly run: it wants
//! a nightly compiler and cargo-fuzz.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::{Result, workspace};

/// A target, and what the names of its seeds end in.
const TARGETS: &[(&str, &str)] = &[
    ("toml_source", ".toml"),
    ("rust_source", ".rs"),
    ("drizzle_sqlite", "sqlite.ts"),
    ("drizzle_pg", "pg.ts"),
    ("app_schema", "schema.ts"),
    ("handler", "handler.ts"),
    ("auth", "auth.ts"),
    ("sync_config", "sync-config.yaml"),
    ("service", "service.yaml"),
    ("compose", "compose.yaml"),
    ("sqlite", ".db"),
    ("sql", ".sql"),
];

/// Options of `fuzz`.
#[derive(Debug, PartialEq)]
pub(crate) struct FuzzOptions {
    /// How long each target runs.
    pub(crate) seconds: u32,
    /// Only these targets; empty means all.
    pub(crate) only: Vec<String>,
}

impl Default for FuzzOptions {
    fn default() -> Self {
        Self {
            seconds: 60,
            only: Vec::new(),
        }
    }
}

/// Runs the targets one after the other. Exit 1 where one of them found something.
pub(crate) fn run(options: &FuzzOptions) -> Result<ExitCode> {
    let root = workspace::root();
    available(&root)?;
    let mut failed = Vec::new();
    let chosen = TARGETS
        .iter()
        .filter(|(name, _)| options.only.is_empty() || options.only.iter().any(|it| it == name));
    for (name, ending) in chosen {
        let seeds = root.join("fuzz/seeds").join(name);
        let corpus = root.join("fuzz/corpus").join(name);
        seed(&root, &seeds, ending)?;
        fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
        println!("== {name}, {} s", options.seconds);
        let status = Command::new("cargo")
            .args(["+nightly", "fuzz", "run", name])
            .args([&corpus, &seeds])
            .args(["--", "-timeout=20", "-rss_limit_mb=4096", "-max_len=65536"])
            .arg(format!("-max_total_time={}", options.seconds))
            .current_dir(&root)
            .status()
            .map_err(|error| format!("cargo fuzz does not run: {error}"))?;
        if !status.success() {
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{} found something: the inputs are in fuzz/artifacts",
        failed.join(", ")
    );
    Ok(ExitCode::FAILURE)
}

fn available(root: &Path) -> Result<()> {
    let works = Command::new("cargo")
        .args(["+nightly", "fuzz", "--version"])
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success());
    if works {
        return Ok(());
    }
    Err("fuzzing wants a nightly compiler and cargo-fuzz: rustup toolchain install nightly && cargo install cargo-fuzz".to_owned())
}

/// Copies the tests' own files of a kind, so that a target begins with what makes sense.
fn seed(root: &Path, to: &Path, ending: &str) -> Result<()> {
    let problem = |error: std::io::Error| format!("{}: {error}", to.display());
    fs::create_dir_all(to).map_err(problem)?;
    let mut folders: Vec<PathBuf> = [
        "tests/check",
        "tests/diagnostics",
        "tests/drizzle",
        "tests/schemas",
        "generated",
    ]
    .iter()
    .map(|it| root.join(it))
    .collect();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.flatten().map(|it| it.path()) {
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(ending) {
                let shown = path.strip_prefix(root).unwrap_or(&path);
                let flat = shown.to_string_lossy().replace(['/', '\\'], "_");
                fs::copy(&path, to.join(flat)).map_err(problem)?;
            }
        }
    }
    Ok(())
}
