//! Stops the throw-away PostgreSQL, whatever happens to us.
//!
//! The guard is this same program, started again in a process group of its own, with a pipe from us as its input. When
//! the pipe closes (we are done, have failed, or were killed by Ctrl-C or worse) it stops the server and removes the folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use super::binaries::Binaries;
use super::scratch::Scratch;
use super::user::{User, run_as};
use crate::Result;

/// Our end of the guard.
pub(crate) struct Guard(Child);

impl Guard {
    /// Starts the guard of one folder, before anything is in it.
    pub(crate) fn start(scratch: &Scratch, binaries: &Binaries) -> Result<Self> {
        let program = env::current_exe()
            .map_err(|error| format!("cannot find this program's own file: {error}"))?;
        let id = |id: Option<u32>| id.map_or_else(|| "-".into(), |id| id.to_string());
        let mut command = Command::new(program);
        command
            .arg("__guard")
            .arg(scratch.path())
            .arg(binaries.program("pg_ctl"));
        command
            .arg(id(scratch.user().map(|user| user.uid)))
            .arg(id(scratch.user().map(|user| user.gid)));
        // Its output must not hold open a pipe that somebody reads our output from.
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir(env::temp_dir());
        let child = run_as(&mut command, None).spawn();
        child
            .map(Self)
            .map_err(|error| format!("cannot start the guard of PostgreSQL: {error}"))
    }

    /// Closes the pipe and waits until the server is gone.
    pub(crate) fn stop(&mut self) {
        drop(self.0.stdin.take());
        // A guard that failed has left a folder behind; the tests' result stands.
        let _ = self.0.wait();
    }
}

/// The guard itself: waits for the end of its input, then cleans up.
pub(crate) fn watch(words: &[OsString]) -> Result<ExitCode> {
    let [folder, pg_ctl, uid, gid] = words else {
        return Err("__guard is for `cargo xtask test` only".into());
    };
    let number = |word: &OsString| word.to_str().and_then(|word| word.parse().ok());
    let user = number(uid)
        .zip(number(gid))
        .map(|(uid, gid)| User { uid, gid });
    // An error is an end too.
    let _ = io::stdin().read_to_end(&mut Vec::new());
    stop(Path::new(folder), pg_ctl, user.as_ref());
    for _ in 0..50 {
        // A process that is just ending may still write.
        if fs::remove_dir_all(folder).is_ok() || !Path::new(folder).exists() {
            return Ok(ExitCode::SUCCESS);
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(format!("cannot remove {}", folder.display()))
}

fn stop(folder: &Path, pg_ctl: &OsString, user: Option<&User>) {
    let data = folder.join("home/data");
    if !data.join("postmaster.pid").exists() {
        return;
    }
    let mut command = Command::new(pg_ctl);
    command
        .args(["stop", "--mode=immediate", "--silent", "-D"])
        .arg(&data)
        .current_dir(folder);
    // If it was not running any more, there is nothing to stop.
    let _ = run_as(&mut command, user).status();
}
