//! Node, with the packages and scripts of tests/node.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::Output;
use crate::binary;

/// What the packages need.
const OLDEST: u32 = 22;

/// Whether there is a Node that is new enough, and the packages are installed.
pub fn available() -> bool {
    node().is_some() && folder().join("node_modules/.syncline-lock").exists()
}

/// The folder of the packages and scripts: `node_modules/<tool>/…` below it are the judges.
pub fn folder() -> PathBuf {
    crate::repo_root().join("tests/node")
}

/// Runs a script, named from tests/node (`"judge.mjs"`, `"node_modules/typescript/bin/tsc"`), in that folder.
#[track_caller]
pub fn run(
    script: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    stdin: &str,
) -> Output {
    run_in(folder(), script, args, stdin)
}

/// The same, in another folder. Tools that look for `node_modules` upwards find it through [`link_packages`].
#[track_caller]
pub fn run_in(
    cwd: impl AsRef<Path>,
    script: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    stdin: &str,
) -> Output {
    binary::run(command(cwd, script, args), stdin)
}

/// The same, not started yet: for scripts that are talked to.
#[track_caller]
pub fn command(
    cwd: impl AsRef<Path>,
    script: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Command {
    let Some(node) = node() else {
        panic!("no Node {OLDEST} or newer: begin the test with `testkit::needs!(node);`");
    };
    let mut command = Command::new(node);
    command
        .arg(folder().join(script.as_ref()))
        .args(args)
        .current_dir(cwd);
    // Tools that start `node` themselves get the same one.
    let old = env::var_os("PATH").unwrap_or_default();
    let first = node.parent().map(Path::to_path_buf);
    if let Ok(path) = env::join_paths(first.into_iter().chain(env::split_paths(&old))) {
        command.env("PATH", path);
    }
    command
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .env_remove("NODE_OPTIONS");
    command
}

/// Makes the packages visible from another folder, by a `node_modules` link in it.
#[track_caller]
pub fn link_packages(folder: impl AsRef<Path>) {
    let packages = self::folder().join("node_modules");
    let link = folder.as_ref().join("node_modules");
    if link.exists() {
        return;
    }
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(packages, &link);
    #[cfg(windows)]
    let made = std::os::windows::fs::symlink_dir(packages, &link);
    made.unwrap_or_else(|error| panic!("cannot link {}: {error}", link.display()));
}

/// SYNCLINE_NODE, else the one on PATH, else the one among the packages; looked for once.
fn node() -> Option<&'static Path> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let node = NODE.get_or_init(|| {
        let named = env::var_os("SYNCLINE_NODE").map(PathBuf::from);
        let packages = [
            "linux-x64",
            "linux-arm64",
            "bin-darwin-arm64",
            "darwin-x64",
            "win-x64",
        ]
        .into_iter();
        let packaged =
            packages.map(|name| folder().join(format!("node_modules/node-{name}/bin/node")));
        named
            .into_iter()
            .chain([PathBuf::from("node")])
            .chain(packaged)
            .find(|node| new_enough(node))
    });
    node.as_deref()
}

fn new_enough(node: &Path) -> bool {
    let output = Command::new(node).arg("--version").output();
    let version = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let major = version.and_then(|text| {
        text.trim()
            .strip_prefix('v')?
            .split('.')
            .next()?
            .parse()
            .ok()
    });
    major.is_some_and(|major: u32| major >= OLDEST)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_script_gets_its_arguments_and_input() {
        crate::needs!(node);
        let output = super::run("node_modules/typescript/bin/tsc", ["--version"], "").expect(0);
        assert!(output.stdout.starts_with("Version "), "{output}");
        let folder = std::env::temp_dir().join(format!("syncline-testkit-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let script = folder.join("echo.mjs");
        let text = "import fs from 'node:fs';\nconsole.log(process.argv[2] + fs.readFileSync(0, 'utf8'));\n";
        std::fs::write(&script, text).expect("a script");
        let output = super::run(&script, ["a "], "b").expect(0);
        assert_eq!(output.stdout, "a b\n");
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
