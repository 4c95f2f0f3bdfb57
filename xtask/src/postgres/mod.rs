//! A PostgreSQL for the tests, without Docker.
//!
//! In: the machine. Out: the URL of a server on which tests may make databases. In this order: SYNCLINE_TEST_DATABASE_URL
//! or DATABASE_URL; a throw-away cluster of the machine's own binaries; the same of the binaries from npm.

mod binaries;
mod cluster;
pub(crate) mod guard;
mod npm_binaries;
mod scratch;
mod user;

use std::env;
use std::path::PathBuf;

use crate::Result;
use binaries::Binaries;
use cluster::{Cluster, Commits};
use npm_binaries::Version;
use scratch::Scratch;

/// A server for the tests; a throw-away one stops, and leaves nothing behind, when this is dropped.
pub(crate) struct Server {
    /// A superuser's URL.
    pub(crate) url: String,
    /// One line for people: which server it is.
    pub(crate) what: String,
    /// Where its data are, when it is ours.
    pub(crate) folder: Option<PathBuf>,
    _cluster: Option<Cluster>,
}

/// Finds or starts one. `Ok(None)`: there is no PostgreSQL for this machine.
pub(crate) fn start(npm: bool) -> Result<Option<Server>> {
    for name in ["SYNCLINE_TEST_DATABASE_URL", "DATABASE_URL"] {
        if let Some(url) = env::var(name).ok().filter(|url| !url.is_empty()) {
            let what =
                format!("the server of {name}; tests make databases named syncline_test_… there");
            return Ok(Some(Server {
                url,
                what,
                folder: None,
                _cluster: None,
            }));
        }
    }
    let own = binaries::of_this_machine();
    if own.is_none() && !(npm && npm_binaries::installed(Version::Usual)) {
        return Ok(None);
    }
    let scratch = Scratch::new()?;
    let binaries = own_or_unpacked(own, &scratch)?;
    started(scratch, &binaries, Commits::MayBeLost).map(Some)
}

/// Starts a throw-away one whose commits are durable, on a disk: for measurements. Its `pgbench` comes along, where there is one.
pub(crate) fn start_durable() -> Result<(Server, Option<PathBuf>)> {
    let own = binaries::of_this_machine();
    let scratch = Scratch::on_disk()?;
    let binaries = own_or_unpacked(own, &scratch)?;
    let pgbench = Some(binaries.program("pgbench")).filter(|it| it.is_file());
    started(scratch, &binaries, Commits::Durable).map(|server| (server, pgbench))
}

fn own_or_unpacked(own: Option<Binaries>, scratch: &Scratch) -> Result<Binaries> {
    match own {
        Some(binaries) => Ok(binaries),
        None => npm_binaries::unpack(scratch, Version::Usual),
    }
}

/// Starts the newest version, out of npm. `Ok(None)`: it is not installed.
pub(crate) fn start_newest() -> Result<Option<Server>> {
    if !npm_binaries::installed(Version::Newest) {
        return Ok(None);
    }
    let scratch = Scratch::new()?;
    let binaries = npm_binaries::unpack(&scratch, Version::Newest)?;
    started(scratch, &binaries, Commits::MayBeLost).map(Some)
}

fn started(scratch: Scratch, binaries: &Binaries, commits: Commits) -> Result<Server> {
    let what = format!("{} in {}", binaries.version, binaries.dir.display());
    let folder = scratch.path().to_path_buf();
    let cluster = Cluster::start(scratch, binaries, commits)?;
    Ok(Server {
        url: cluster.url(),
        what,
        folder: Some(folder),
        _cluster: Some(cluster),
    })
}
