//! Runs one program and says what it used, all its children included.
//!
//! The kernel adds up what ended children used. To have one program's sum alone, this program starts itself again as a
//! go-between (`xtask __measure`) which has no other child.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::{Result, workspace};

/// What one run used.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// CPU seconds in programs.
    pub(crate) user: f64,
    /// CPU seconds in the kernel.
    pub(crate) system: f64,
    /// Seconds on the wall's clock.
    pub(crate) wall: f64,
    /// The largest resident size of one process of the run, in MiB.
    pub(crate) peak: f64,
}

impl Usage {
    /// CPU seconds.
    pub(crate) fn cpu(&self) -> f64 {
        self.user + self.system
    }
}

/// Runs the command, its output unseen, and measures it. An error holds the end of what it said.
pub(crate) fn run(command: &Command) -> Result<Usage> {
    let folder = workspace::cache();
    let result = folder.join(format!("usage-{}", std::process::id()));
    let this = env::current_exe()
        .map_err(|error| format!("cannot find this program's own file: {error}"))?;
    let mut outer = Command::new(this);
    outer
        .arg("__measure")
        .arg(&result)
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let output = outer
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start a measurement: {error}"))?;
    let numbers = fs::read_to_string(&result).unwrap_or_default();
    // A result that stays is overwritten by the next.
    let _ = fs::remove_file(&result);
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let last: Vec<&str> = said
            .lines()
            .rev()
            .filter(|line| !line.trim().is_empty())
            .take(3)
            .collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(format!("{}: {}", output.status, last.join(" / ")));
    }
    parse(&numbers).ok_or_else(|| "a measurement gave no numbers".into())
}

/// The go-between: runs the rest of `words`, and writes the numbers to the file that is the first of them.
pub(crate) fn inside(words: &[OsString]) -> Result<ExitCode> {
    let [result, program, arguments @ ..] = words else {
        return Err("__measure is for `cargo xtask bench` only".into());
    };
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .status()
        .map_err(|error| format!("cannot run {}: {error}", Path::new(program).display()))?;
    let wall = start.elapsed().as_secs_f64();
    let (user, system, peak) = children()?;
    fs::write(result, format!("{user} {system} {wall} {peak}"))
        .map_err(|error| format!("cannot write {}: {error}", result.display()))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn parse(numbers: &str) -> Option<Usage> {
    let numbers: Vec<f64> = numbers
        .split(' ')
        .filter_map(|number| number.parse().ok())
        .collect();
    let [user, system, wall, peak] = numbers[..] else {
        return None;
    };
    Some(Usage {
        user,
        system,
        wall,
        peak,
    })
}

/// User and system seconds of all ended children, and the largest one's peak in MiB.
#[cfg(unix)]
fn children() -> Result<(f64, f64, f64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage =
        getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| format!("getrusage: {error}"))?;
    let seconds = |time: nix::sys::time::TimeVal| time.num_microseconds() as f64 / 1e6;
    // Kilobytes, but for Apple's bytes.
    let unit = if cfg!(target_vendor = "apple") {
        1024.0 * 1024.0
    } else {
        1024.0
    };
    Ok((
        seconds(usage.user_time()),
        seconds(usage.system_time()),
        usage.max_rss() as f64 / unit,
    ))
}

/// There is no getrusage elsewhere.
#[cfg(not(unix))]
fn children() -> Result<(f64, f64, f64)> {
    Err("the benchmarks measure by getrusage, which needs Unix".into())
}
