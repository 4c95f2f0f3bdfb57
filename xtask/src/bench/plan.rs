//! `cargo xtask bench plan`: a migration's plan between two schemas, beside drizzle-kit's.
//!
//! The tables are those of `bench generate`; a hundred of them change. Planning is what a process
//! that plans ten times uses beyond one that only loads the two sources, by ten.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::measure::{self, Usage};
use super::peers::Peers;
use super::schemas;
use crate::{Result, workspace};

const TABLES: usize = 1_000;
const RUNS: usize = 7;
const TIMES: u32 = 10;

/// The CPU seconds that planning may take.
const LIMIT: f64 = 0.2;

/// Runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    let planner = build()?;
    let folder = workspace::cache().join("bench-plan");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    schemas::write(TABLES, &folder)?;
    let before = folder.join(schemas::SYNCLINE).join("syncline.toml");
    let after = folder.join(schemas::SYNCLINE).join("after.toml");
    change(
        &before,
        &after,
        [
            (
                "due_at = \"timestamp?\"\n",
                "due_at = \"timestamp?\"\nstars = \"integer?\"\n",
            ),
            ("body = \"text?\"\n", ""),
            ("indexes = [", "indexes = [{ columns = [\"position\"] }, "),
        ],
    )?;
    let process = |times: u32| {
        let mut command = Command::new(&planner);
        command.args([&before, &after]).arg(times.to_string());
        command
    };
    let (loading, planning, once) = (process(0), process(TIMES), process(1));
    let peer = peer(&folder);
    let (mut loads, mut plans, mut onces, mut peers) = (vec![], vec![], vec![], vec![]);
    for round in 1..=RUNS {
        eprintln!("round {round} of {RUNS}");
        loads.push(measure::run(&loading)?.cpu());
        plans.push(measure::run(&planning)?.cpu());
        onces.push(measure::run(&once)?.cpu());
        if let Ok((command, out)) = &peer {
            // Its journal is as it was before the first round.
            restore(out)?;
            peers.push(measure::run(command).map(|it: Usage| it.cpu())?);
        }
    }
    let (load, once) = (median(&mut loads), median(&mut onces));
    let plan = (median(&mut plans) - load) / f64::from(TIMES);
    let verdict = if plan < LIMIT { "" } else { " (over)" };
    println!("| medians of {RUNS}, {TABLES} tables, 100 changes | CPU s | limit |");
    println!("|---|---:|---:|");
    println!(
        "| planning alone: steps, phases, hazards, the files' text | {plan:.3}{verdict} | {LIMIT} |"
    );
    println!("| a process that loads both sources and plans | {once:.3} | |");
    match peer {
        Ok(_) => println!(
            "| drizzle-kit generate, one source and its last snapshot | {:.3} | |",
            median(&mut peers)
        ),
        Err(why) => println!("| drizzle-kit generate | not measured: {why} | |"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the source with a hundred changes: a third of the tables gains a column, another loses
/// one, the last gains an index.
fn change(before: &Path, after: &Path, changes: [(&str, &str); 3]) -> Result<()> {
    let failed = |error: std::io::Error| format!("{}: {error}", before.display());
    let text = fs::read_to_string(before).map_err(failed)?;
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split_inclusive("\n\n").enumerate() {
        let step = TABLES / 100;
        if at % step == 0 && at > 0 {
            let (from, to) = changes[at / step % 3];
            out.push_str(&part.replacen(from, to, 1));
        } else {
            out.push_str(part);
        }
    }
    fs::write(after, out).map_err(failed)
}

/// drizzle-kit, with the tables planned once, and changed since.
fn peer(folder: &Path) -> Result<(Command, PathBuf)> {
    let command = Peers::install().drizzle(folder)?;
    measure::run(&command)?;
    let source = folder.join(schemas::DRIZZLE).join("pg.ts");
    change(
        &source,
        &source,
        [
            (
                "  body: text(\"body\"),\n",
                "  body: text(\"body\"),\n  stars: integer(\"stars\"),\n",
            ),
            ("  body: text(\"body\"),\n", ""),
            ("}, (t) => [\n", "}, (t) => [\n  index().on(t.position),\n"),
        ],
    )?;
    let out = folder.join(schemas::DRIZZLE).join("out");
    let kept = out.with_extension("kept");
    fs::rename(&out, &kept).map_err(|error| format!("{}: {error}", out.display()))?;
    Ok((command, out))
}

/// Puts the peer's output back as it was.
fn restore(out: &Path) -> Result<()> {
    let copy = || -> std::io::Result<()> {
        if out.exists() {
            fs::remove_dir_all(out)?;
        }
        copy_dir(&out.with_extension("kept"), out)
    };
    copy().map_err(|error| format!("{}: {error}", out.display()))
}

fn copy_dir(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_dir(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The planner, optimised.
fn build() -> Result<PathBuf> {
    let status = workspace::cargo()
        .args([
            "build",
            "--release",
            "--package",
            "syncline-codegen",
            "--example",
            "plan",
        ])
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err("`cargo build --release --example plan` failed".into());
    }
    Ok(workspace::target()
        .join("release/examples/plan")
        .with_extension(std::env::consts::EXE_EXTENSION))
}

/// The middle one.
pub(super) fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
