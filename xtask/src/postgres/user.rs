//! PostgreSQL refuses to run as root: there it runs as another user.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::Result;

/// A user and its group.
#[derive(Clone, Copy)]
pub(crate) struct User {
    /// User id.
    pub(crate) uid: u32,
    /// Group id.
    pub(crate) gid: u32,
}

/// Runs the command as that user, in a process group of its own: Ctrl-C is for us, and the guard tells PostgreSQL.
pub(crate) fn run_as<'a>(command: &'a mut Command, user: Option<&User>) -> &'a mut Command {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
        if let Some(user) = user {
            command.uid(user.uid).gid(user.gid);
        }
    }
    let _ = user;
    command
}

/// The user to run as when we are root, as the owner of a folder we just made shows.
#[cfg(unix)]
pub(crate) fn other_if_root(ours: &Path) -> Result<Option<User>> {
    use std::os::unix::fs::MetadataExt;
    let owner = ours
        .metadata()
        .map_err(|error| format!("cannot look at {}: {error}", ours.display()))?
        .uid();
    if owner != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let other = ["postgres", "nobody", "daemon"]
        .iter()
        .find_map(|name| entry(&users, name));
    other.map(Some).ok_or_else(|| {
        "PostgreSQL does not run as root, and no user `postgres` or `nobody` is here: \
         run the tests as another user, or set DATABASE_URL"
            .into()
    })
}

/// There is no root elsewhere.
#[cfg(not(unix))]
pub(crate) fn other_if_root(_ours: &Path) -> Result<Option<User>> {
    Ok(None)
}

/// Whether every user may pass through the folder and all of its parents.
#[cfg(unix)]
pub(crate) fn open_to_all(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let passable = |folder: &Path| {
        folder
            .metadata()
            .is_ok_and(|folder| folder.permissions().mode() & 0o001 != 0)
    };
    folder
        .canonicalize()
        .is_ok_and(|folder| folder.ancestors().all(passable))
}

/// Elsewhere the same user runs everything.
#[cfg(not(unix))]
pub(crate) fn open_to_all(_folder: &Path) -> bool {
    true
}

/// Lets every user look into a folder of ours, whatever the umask.
pub(crate) fn open(folder: &Path) -> io::Result<()> {
    set_mode(folder, 0o755)
}

/// Hands a file or folder over, closed to everyone else.
pub(crate) fn give(path: &Path, user: Option<&User>) -> io::Result<()> {
    set_mode(path, if path.is_dir() { 0o700 } else { 0o600 })?;
    #[cfg(unix)]
    if let Some(user) = user {
        std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid))?;
    }
    let _ = user;
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    let _ = (path, mode);
    Ok(())
}

/// A line of /etc/passwd: `name:x:uid:gid:…`.
#[cfg(unix)]
fn entry(users: &str, name: &str) -> Option<User> {
    let fields = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields[0] == name)?;
    Some(User {
        uid: fields.get(2)?.parse().ok()?,
        gid: fields.get(3)?.parse().ok()?,
    })
}
