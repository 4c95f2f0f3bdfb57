//! `cargo xtask corpus PATH`: schema pairs of other tools, on PostgreSQL.
//!
//! In: a file of pairs, which stays where it is. Out: exit code 0 when none is wrong, 1 when one is.
//! The work is done by a test that is ignored otherwise (tests/it/diff/corpus.rs): it has the judges
//! of the other plans at hand, and this crate stays without the compiler in its tree.

use std::ffi::OsStr;
use std::fs;
use std::process::ExitCode;

use crate::{Result, npm, postgres, workspace};

/// Runs the command.
pub(crate) fn run(path: &OsStr) -> Result<ExitCode> {
    let file = fs::canonicalize(path)
        .map_err(|error| format!("{}: {error}: name a file of pairs", path.display()))?;
    let server = postgres::start(npm::present())?
        .ok_or("no PostgreSQL here: install it, or set DATABASE_URL")?;
    eprintln!("PostgreSQL: {}", server.what);
    let mut test = workspace::cargo();
    test.args(["test", "--quiet", "--test", "it", "--"])
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("diff::corpus::every_pair_holds_or_is_refused")
        .env("SYNCLINE_CORPUS", file)
        .env("SYNCLINE_TEST_DATABASE_URL", &server.url);
    let status = test
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
