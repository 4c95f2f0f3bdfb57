//! The example app's server (generated/rust), on a database.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::postgres::{Client, NoTls};
use crate::{Issuer, repo_root};

/// The role that the server signs in as, and its password on servers that are only for tests.
const ROLE: &str = "notes_app";
const PASSWORD: &str = "pass_of_notes_app";

/// Builds the server, once in a test process, and gives its program.
#[track_caller]
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let target = target();
        let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--manifest-path"])
            .arg(repo_root().join("generated/rust/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .stdin(Stdio::null())
            .status();
        assert!(
            built.is_ok_and(|status| status.success()),
            "generated/rust does not build"
        );
        target
            .join("debug/notes-server")
            .with_extension(std::env::consts::EXE_EXTENSION)
    })
}

/// Where `cargo xtask test` builds it too.
fn target() -> PathBuf {
    let root = repo_root();
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// Makes the server's role and its own tables in a database that has the app's; gives the URL that the server signs in with.
/// `url` is a superuser's.
///
/// # Errors
/// What PostgreSQL or the server said.
pub fn set_up(server: &Path, url: &str) -> Result<String, String> {
    let file = repo_root().join("generated/postgres/setup.sql");
    let sql =
        std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut client =
        Client::connect(url, NoTls).map_err(|error| crate::postgres::explain(&error))?;
    client
        .batch_execute(&format!("SET syncline.app_password = '{PASSWORD}'"))
        .and_then(|()| client.batch_execute(&sql))
        .map_err(|error| format!("setup.sql: {}", crate::postgres::explain(&error)))?;
    let output = Command::new(server)
        .arg("bookkeeping")
        .env("DATABASE_URL", url)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {}: {error}", server.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("bookkeeping: {said}"));
    }
    Ok(crate::postgres::with_user(url, ROLE, PASSWORD))
}

/// The server, configured to listen where there is room. `url` is from [`set_up`], `keys` what the issuer has published.
pub fn command(server: &Path, url: &str, issuer: &Issuer, keys: &Path) -> Command {
    let mut command = Command::new(server);
    command
        .env("DATABASE_URL", url)
        .env("SYNCLINE_LISTEN", "127.0.0.1:0")
        .env("SYNCLINE_AUTH_JWKS_FILE", keys)
        .env("SYNCLINE_AUTH_ISSUER", &issuer.name)
        .env("SYNCLINE_AUTH_AUDIENCE", &issuer.audience);
    command
}
