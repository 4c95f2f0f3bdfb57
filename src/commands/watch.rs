//! `--watch`: runs again whenever a file that was read is saved.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};

use crate::Exit;
use crate::project::Project;
use crate::ui::Ui;

/// Editors save in several steps: what comes within this time is one save.
const SETTLE: Duration = Duration::from_millis(80);

/// Runs once, then after every save, until the process is stopped. `once` gives the files read.
pub(crate) fn run(ui: &Ui, project: &Project, once: impl Fn() -> Vec<PathBuf>) -> Exit {
    let (sender, receiver) = mpsc::channel();
    let mut watcher = match notify::recommended_watcher(sender) {
        Ok(watcher) => watcher,
        Err(error) => {
            ui.fail(&format!("cannot watch files here: {error}"));
            return Exit::Failed;
        }
    };
    let mut folders = BTreeSet::new();
    loop {
        let mut files = once();
        if !project.file.as_os_str().is_empty() {
            files.push(project.file.clone());
        }
        // Folders, not files: an editor that saves by renaming leaves a watched file behind.
        for folder in files.iter().map(|file| parent(file)) {
            if folders.insert(folder.clone())
                && let Err(error) = watcher.watch(&folder, RecursiveMode::NonRecursive)
            {
                ui.fail(&format!("cannot watch {}: {error}", folder.display()));
                return Exit::Failed;
            }
        }
        ui.say(&format!("watching {}", watched(project, &files)));
        let names: BTreeSet<_> = files
            .iter()
            .filter_map(|file| file.canonicalize().ok())
            .collect();
        let kinds: BTreeSet<_> = files.iter().filter_map(|file| file.extension()).collect();
        loop {
            let Ok(event) = receiver.recv() else {
                return Exit::Failed;
            };
            let touched = event.is_ok_and(|event| {
                !event.kind.is_access()
                    && event
                        .paths
                        .iter()
                        .any(|path| is_source(path, &names, &kinds))
            });
            if touched {
                break;
            }
        }
        while receiver.recv_timeout(SETTLE).is_ok() {}
    }
}

fn watched(project: &Project, files: &[PathBuf]) -> String {
    if !project.file.as_os_str().is_empty() {
        return project.file.display().to_string();
    }
    let several = files.iter().collect::<BTreeSet<_>>().len();
    let plural = if several == 1 { "" } else { "s" };
    format!("{several} file{plural}")
}

/// A file that was read, or a new one of their kinds beside them that a glob may match.
fn is_source(path: &Path, names: &BTreeSet<PathBuf>, kinds: &BTreeSet<&OsStr>) -> bool {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let kind = path.extension();
    names.contains(&full) || kind.is_some_and(|it| it == "rs" || kinds.contains(it))
}

fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
