//! The machine's own PostgreSQL programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version the project supports (PowerSync's bucket storage on the same server needs it).
const OLDEST: u32 = 14;

/// A folder with `initdb`, `postgres` and `pg_ctl`.
pub(crate) struct Binaries {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// What `postgres --version` says.
    pub(crate) version: String,
}

impl Binaries {
    /// The programs of one folder, if all are there and new enough.
    pub(crate) fn at(dir: &Path) -> Option<Self> {
        let binaries = Self {
            dir: dir.to_path_buf(),
            version: version(&program(dir, "postgres"))?,
        };
        let complete = ["initdb", "pg_ctl"]
            .iter()
            .all(|name| program(dir, name).is_file());
        (complete && major(&binaries.version)? >= OLDEST).then_some(binaries)
    }

    /// One of the programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        program(&self.dir, name)
    }
}

/// Looks on PATH, then where Debian and Homebrew keep servers, the newest first.
pub(crate) fn of_this_machine() -> Option<Binaries> {
    let path = env::var_os("PATH").unwrap_or_default();
    // PATH often holds a link; the programs find their other files beside the real one.
    let on_path = env::split_paths(&path).filter_map(|dir| {
        let real = fs::canonicalize(program(&dir, "postgres")).ok()?;
        real.parent().map(Path::to_path_buf)
    });
    let installed = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
        .into_iter()
        .flat_map(versions);
    on_path.chain(installed).find_map(|dir| Binaries::at(&dir))
}

/// The `bin` folders below `base`, highest version first.
fn versions(base: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(base)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name
                .to_str()?
                .trim_start_matches("postgresql@")
                .parse()
                .ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, dir)| dir).collect()
}

fn program(dir: &Path, name: &str) -> PathBuf {
    dir.join(name).with_extension(env::consts::EXE_EXTENSION)
}

fn version(postgres: &Path) -> Option<String> {
    let output = Command::new(postgres).arg("--version").output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// 15 of `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_of_releases_and_betas() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major("postgres (PostgreSQL) 19beta2"), Some(19));
        assert_eq!(major("something else"), None);
    }
}
