//! Running programs: what they said, and how they ended.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What a program that has ended said.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output; not UTF-8 becomes `\u{fffd}`.
    pub stdout: String,
    /// Standard error, likewise.
    pub stderr: String,
}

impl Output {
    /// Fails the test, with everything the program said, unless it ended with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "unexpected exit code\n{self}");
        self
    }
}

impl fmt::Display for Output {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "exit code {}\n-- stdout\n{}\n-- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

/// Runs the built command line in a folder, without a terminal.
///
/// `binary` is `env!("CARGO_BIN_EXE_syncline")`, which cargo gives to the root package's own tests only.
#[track_caller]
pub fn syncline(
    binary: impl AsRef<Path>,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    cwd: impl AsRef<Path>,
) -> Output {
    let mut command = Command::new(binary.as_ref());
    command.args(args).current_dir(cwd);
    // What a developer has set must not change what a test sees.
    for name in [
        "CLICOLOR_FORCE",
        "NO_COLOR",
        "FORCE_COLOR",
        "DATABASE_URL",
        "POWERSYNC_URL",
        "POWERSYNC_TOKEN",
        "POWERSYNC_ADMIN_TOKEN",
        "CI",
        "GITHUB_ACTIONS",
    ] {
        command.env_remove(name);
    }
    run(command, "")
}

/// Runs a command to its end, with `stdin` as its input.
#[track_caller]
pub(crate) fn run(mut command: Command, stdin: &str) -> Output {
    let program = command.get_program().display().to_string();
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| panic!("cannot run {program}: {error}"));
    let pipe = child.stdin.take();
    let output = thread::scope(|scope| {
        // Beside the reading, or both sides could wait on a full pipe.
        scope.spawn(move || {
            if let Some(mut pipe) = pipe {
                // A program need not read its input to the end.
                let _ = pipe.write_all(stdin.as_bytes());
            }
        });
        child.wait_with_output()
    });
    let output = output.unwrap_or_else(|error| panic!("lost {program}: {error}"));
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
