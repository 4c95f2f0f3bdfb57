//! The npm packages of tests/node and of the folders below it: installed by lockfile, once per lockfile.
//!
//! In: package-lock.json. Out: node_modules beside it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Result, workspace};

/// The folder of the packages and of the scripts that judges run.
pub(crate) fn folder() -> PathBuf {
    workspace::root().join("tests/node")
}

/// Where an installed package lives.
pub(crate) fn package(name: &str) -> PathBuf {
    folder().join("node_modules").join(name)
}

/// Whether the machine has npm at all.
pub(crate) fn present() -> bool {
    npm()
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Installs the packages of tests/node.
pub(crate) fn install() -> Result<()> {
    install_in(&folder())
}

/// Installs the packages of a folder, unless node_modules was made from this very lockfile on this platform.
///
/// No package's script runs: what is installed is what the lockfile's hashes say.
pub(crate) fn install_in(folder: &Path) -> Result<()> {
    let _only_us = lock()?;
    let lockfile = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lockfile)
        .map(|text| {
            format!(
                "{} {}\n{text}",
                std::env::consts::OS,
                std::env::consts::ARCH
            )
        })
        .map_err(|error| format!("cannot read {}: {error}", lockfile.display()))?;
    let stamp = folder.join("node_modules/.syncline-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!(
        "installing the npm packages of {} (once per lockfile)",
        folder.display()
    );
    let status = npm()
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--loglevel=error",
        ])
        .current_dir(folder)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("cannot run npm: {error}"))?;
    if !status.success() {
        return Err(format!(
            "`npm ci` failed in {}; `cargo xtask test --fast` runs what needs no npm packages",
            folder.display()
        ));
    }
    fs::write(&stamp, wanted).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

/// Two test runs in one checkout must not install over each other. Released when the file is closed.
fn lock() -> Result<File> {
    let dir = workspace::cache();
    fs::create_dir_all(&dir)
        .and_then(|()| File::create(dir.join("npm.lock")))
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| format!("cannot lock {}: {error}", dir.join("npm.lock").display()))
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}
