//! The tests of `client/`, which wants a newer compiler than the rest, libclang, and a server of the kitchen.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::summary::Summary;
use super::{DATABASE, stream};
use crate::{Result, workspace};

/// The oldest compiler that the crate powersync takes, as 1.MINOR.
const OLDEST: u32 = 96;

/// The name of the app: of its server's program, and of the role that it signs in as.
const APP: &str = "device";

/// Runs them, or says why not.
pub(crate) fn run(environment: &[(&str, OsString)], summary: &mut Summary) -> Result<()> {
    let name = "cargo test in client";
    let (Some(toolchain), Some(libclang)) = (toolchain(), libclang()) else {
        let why = "it wants rustc 1.96 or newer (rustup toolchain install nightly) and libclang \
                   (pip install libclang, or LIBCLANG_PATH)";
        summary.skip(name, why);
        return Ok(());
    };
    eprintln!("\n== {name}, by {toolchain}");
    let mut tests = Command::new("rustup");
    let manifest = workspace::root().join("client/Cargo.toml");
    tests
        .args(["run", &toolchain, "cargo", "test", "--no-fail-fast"])
        .arg("--manifest-path")
        .arg(manifest)
        .current_dir(workspace::root())
        .env("LIBCLANG_PATH", libclang)
        // Its own folder: another compiler would have the other one build all anew.
        .env("CARGO_TARGET_DIR", workspace::root().join("client/target"));
    if env::var_os("BINDGEN_EXTRA_CLANG_ARGS").is_none()
        && let Some(headers) = headers()
    {
        // The wheel of libclang comes without the compiler's own headers.
        tests.env("BINDGEN_EXTRA_CLANG_ARGS", format!("-I{headers}"));
    }
    // What the cargo that started us has set would have the tests call the wrong one.
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        tests.env_remove(name);
    }
    tests.envs(environment.iter().map(|(name, value)| (name, value)));
    if environment.iter().any(|(name, _)| *name == DATABASE) {
        let (folder, program) = server()?;
        tests
            .env("SYNCLINE_CLIENT_APP", folder)
            .env("SYNCLINE_CLIENT_SERVER", program);
    }
    stream::run(name, &mut tests, summary)
}

/// Generates and builds the server of tests/schemas/kitchen.toml: the folder of the app, and the program.
fn server() -> Result<(PathBuf, PathBuf)> {
    let root = workspace::root();
    let folder = workspace::cache().join("client");
    let failed =
        |error: std::io::Error| format!("cannot make the app of the client's tests: {error}");
    let source = fs::read_to_string(root.join("tests/schemas/kitchen.toml")).map_err(failed)?;
    let named = source.replacen("name = \"kitchen\"", &format!("name = \"{APP}\""), 1);
    let crates = format!("\n[rust]\ncrates = '{}'\n", root.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    fs::write(folder.join("syncline.toml"), named + &crates).map_err(failed)?;
    let mut generate = workspace::cargo();
    generate
        .args(["run", "--quiet", "--package", "syncline", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .args([
            "--", "--quiet", "generate", "--target", "postgres", "--target", "rust",
        ])
        .current_dir(&folder);
    done("syncline generate", &mut generate)?;
    let package = folder.join("generated/rust");
    // The same versions as the workspace's: built already, and nothing to download.
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).map_err(failed)?;
    let mut build = workspace::cargo();
    build
        .args(["build", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"));
    done("cargo build", &mut build)?;
    let program = workspace::target().join(format!("debug/{APP}-server"));
    Ok((folder, program.with_extension(env::consts::EXE_EXTENSION)))
}

/// Runs a command, whose words are of interest only where it fails.
fn done(what: &str, command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot run {what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{what} for the client's tests: {}\n{said}",
        output.status
    ))
}

/// The newest installed toolchain that is new enough.
fn toolchain() -> Option<String> {
    let list = said(Command::new("rustup").args(["toolchain", "list"]))?;
    let names = list
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let versions = names.filter_map(|name| {
        let version = said(Command::new("rustup").args(["run", name, "rustc", "--version"]))?;
        Some((minor(&version)?, name.to_owned()))
    });
    let newest = versions.max()?;
    (newest.0 >= OLDEST).then_some(newest.1)
}

/// 97 of `rustc 1.97.0-nightly (…)`.
fn minor(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(1)?;
    number.split('.').nth(1)?.parse().ok()
}

/// The folder of libclang: where it is said, where systems keep it, or that of Python's package.
fn libclang() -> Option<PathBuf> {
    let said_so = env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let python = "import clang, os; print(os.path.join(os.path.dirname(clang.__file__), 'native'))";
    let python = || said(Command::new("python3").args(["-c", python])).map(PathBuf::from);
    said_so
        .or_else(|| system().into_iter().find(|folder| has_libclang(folder)))
        .or_else(|| python().filter(|folder| has_libclang(folder)))
}

fn system() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("llvm-"))
        .map(|entry| entry.path().join("lib"))
        .collect();
    folders.sort();
    folders.reverse();
    let others = [
        "/usr/lib64",
        "/usr/lib",
        "/usr/local/lib",
        "/opt/homebrew/opt/llvm/lib",
    ];
    folders.extend(others.map(PathBuf::from));
    folders
}

fn has_libclang(folder: &Path) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Not libclang-cpp, which is another library.
        name.starts_with("libclang.") || name.starts_with("libclang-1") || name == "clang.dll"
    })
}

/// Where the C compiler keeps its own headers.
fn headers() -> Option<String> {
    said(Command::new("gcc").arg("-print-file-name=include"))
}

/// What a command prints, if it ends well.
fn said(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn versions_are_read() {
        assert_eq!(
            minor("rustc 1.97.0-nightly (e50aa6fba 2026-11-01)"),
            Some(97)
        );
        assert_eq!(minor("no"), None);
    }
}
