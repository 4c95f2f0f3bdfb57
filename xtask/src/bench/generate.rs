//! `cargo xtask bench generate`: `syncline generate` against its peers, on the same tables.
//!
//! Runs alternate (each round runs everyone once), so that a busy minute of the machine hits all alike.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::measure::{self, Usage};
use super::peers::Peers;
use super::report::{self, Row};
use super::schemas;
use crate::args::GenerateOptions;
use crate::{Result, workspace};

/// From here on a round takes minutes, and three are enough for a median.
const LARGE: usize = 10_000;

/// Runs the command.
pub(crate) fn run(options: &GenerateOptions) -> Result<ExitCode> {
    let syncline = build();
    let peers = Peers::install();
    let mut rows = Vec::new();
    let all = workspace::cache().join("bench");
    clear(&all)?;
    for &tables in &options.sizes {
        let runs = if tables >= LARGE {
            options.runs.min(3)
        } else {
            options.runs
        };
        let folder = all.join(tables.to_string());
        schemas::write(tables, &folder)?;
        let mut contenders = contenders(&folder, &syncline, &peers);
        for round in 1..=runs {
            eprintln!("{tables} tables, round {round} of {runs}");
            for contender in &mut contenders {
                contender.run();
            }
        }
        rows.extend(
            contenders
                .into_iter()
                .map(|contender| contender.row(tables)),
        );
    }
    // Not before all have run: see `set_aside`.
    clear(&all)?;
    let text = report::markdown(&rows, options.runs);
    println!("{text}");
    if !options.print {
        report::write("generate", &text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One program, and what it has used so far.
struct Contender {
    name: &'static str,
    /// A first run, as opposed to one after which nothing changes.
    fresh: bool,
    /// What it writes; set aside before a first run.
    output: PathBuf,
    command: Result<Command>,
    usages: Vec<Usage>,
}

impl Contender {
    fn run(&mut self) {
        let Ok(command) = &self.command else { return };
        let cleared = if self.fresh {
            set_aside(&self.output, self.usages.len())
        } else {
            Ok(())
        };
        let usage = cleared
            .and_then(|()| measure::run(command))
            .and_then(|usage| {
                if self.output.exists() {
                    Ok(usage)
                } else {
                    Err(format!("wrote no {}", self.output.display()))
                }
            });
        match usage {
            Ok(usage) => self.usages.push(usage),
            Err(message) => self.command = Err(message),
        }
    }

    fn row(self, tables: usize) -> Row {
        let Self {
            name,
            fresh,
            command,
            usages,
            ..
        } = self;
        Row {
            tables,
            name,
            fresh,
            usages: command.map(|_| usages),
        }
    }
}

/// Moves the output of an earlier run away. Deleting it would make the next run pay: ext4 does not
/// take inodes again that were freed a moment ago, and looks at each of them.
fn set_aside(output: &Path, run: usize) -> Result<()> {
    if !output.exists() {
        return Ok(());
    }
    let name = format!("{}-{run}", output.display());
    fs::rename(output, &name).map_err(|error| format!("cannot move {}: {error}", output.display()))
}

/// Everyone, a first run before the unchanged one that needs its output.
fn contenders(folder: &Path, syncline: &Result<PathBuf>, peers: &Peers) -> Vec<Contender> {
    let own = |folder: &Path| {
        syncline.clone().map(|program| {
            let mut command = Command::new(program);
            command
                .arg("generate")
                .current_dir(folder.join(schemas::SYNCLINE));
            command
        })
    };
    let contender = |name, fresh, output: &str, command| {
        let output = folder.join(output);
        Contender {
            name,
            fresh,
            output,
            command,
            usages: Vec::new(),
        }
    };
    vec![
        contender("syncline", true, "syncline/generated", own(folder)),
        contender("syncline", false, "syncline/generated", own(folder)),
        contender("drizzle-kit", true, "drizzle/out", peers.drizzle(folder)),
        contender("drizzle-kit", false, "drizzle/out", peers.drizzle(folder)),
        contender("sqlc", true, "sqlc/out", peers.sqlc(folder)),
    ]
}

/// The release binary.
pub(super) fn build() -> Result<PathBuf> {
    let status = workspace::cargo()
        .args(["build", "--release", "--package", "syncline"])
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err("`cargo build --release` failed".into());
    }
    Ok(workspace::target()
        .join("release/syncline")
        .with_extension(std::env::consts::EXE_EXTENSION))
}

fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if folder.exists() => {
            Err(format!("cannot remove {}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}
