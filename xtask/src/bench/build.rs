//! `cargo xtask bench build`: CPU seconds of cold builds in the project's own dev profile.

use std::fs;
use std::process::{Command, ExitCode};

use super::measure::{self, Usage};
use crate::{Result, workspace};

/// A build, and the CPU seconds it shall stay under.
struct Build {
    name: &'static str,
    arguments: &'static [&'static str],
    limit: f64,
}

const BUILDS: [Build; 2] = [
    Build {
        name: "light compiler",
        arguments: &["build", "--no-default-features"],
        limit: 65.0,
    },
    Build {
        name: "full command line",
        arguments: &["build"],
        limit: 190.0,
    },
];

/// Runs the command.
pub(crate) fn run() -> Result<ExitCode> {
    // What is downloaded is not built.
    let fetched = workspace::cargo().arg("fetch").status();
    if !fetched.is_ok_and(|status| status.success()) {
        return Err("`cargo fetch` failed, see above".into());
    }
    println!("| cold build | command | CPU s (user + system) | wall s | limit, CPU s |");
    println!("|---|---|---|---|---|");
    for build in BUILDS {
        let usage = cold(&build)?;
        let Build {
            name,
            arguments,
            limit,
        } = build;
        let (user, system, wall) = (usage.user, usage.system, usage.wall);
        let cpu = usage.cpu();
        let verdict = if cpu <= limit { "" } else { " (over)" };
        let command = arguments.join(" ");
        println!(
            "| {name} | `cargo {command}` | {cpu:.1} ({user:.1} + {system:.1}) | {wall:.1} | {limit:.0}{verdict} |"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds into a new folder, which is removed again.
fn cold(build: &Build) -> Result<Usage> {
    let folder = workspace::cache().join("cold-build");
    let clear = || match fs::remove_dir_all(&folder) {
        Err(error) if folder.exists() => {
            Err(format!("cannot remove {}: {error}", folder.display()))
        }
        _ => Ok(()),
    };
    clear()?;
    let mut command: Command = workspace::cargo();
    command
        .args(build.arguments)
        .args(["--package", "syncline", "--target-dir"])
        .arg(&folder);
    // A compiler cache would make the build less than cold.
    for name in [
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_RUSTC_WRAPPER",
    ] {
        command.env_remove(name);
    }
    let usage = measure::run(&command);
    clear()?;
    usage.map_err(|error| format!("`cargo {}` failed: {error}", build.arguments.join(" ")))
}
