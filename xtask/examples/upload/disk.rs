//! How fast the disk makes writes durable: what a commit waits for.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Result;

/// How long is counted.
const TIME: Duration = Duration::from_millis(500);

/// fdatasync calls a second, each after a write of 8 KiB to the same place of a file in this folder.
pub(crate) fn syncs_a_second(folder: &Path) -> Result<f64> {
    let path = folder.join("syncs");
    let count = || -> std::io::Result<f64> {
        let mut file = File::create(&path)?;
        let page = [7; 8192];
        file.write_all(&page)?;
        file.sync_all()?;
        let start = Instant::now();
        let mut count = 0.0;
        while start.elapsed() < TIME {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&page)?;
            file.sync_data()?;
            count += 1.0;
        }
        Ok(count / start.elapsed().as_secs_f64())
    };
    let counted = count().map_err(|error| format!("{}: {error}", path.display()));
    // What stays goes with the folder.
    let _ = fs::remove_file(&path);
    counted
}

/// The kind of file system that the folder is on, as the system calls it.
pub(crate) fn file_system(folder: &Path) -> Option<String> {
    let folder = fs::canonicalize(folder).ok()?;
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let lines = mounts
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>());
    let holding = lines.filter(|line| line.len() > 2 && folder.starts_with(line[1]));
    // The last of the longest is on top.
    holding
        .max_by_key(|line| line[1].len())
        .map(|line| line[2].to_owned())
}
