//! `syncline init`.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::Exit;
use crate::args::Init;
use crate::ui::Ui;

/// The starter: a small sound app that shows what most tables need.
const STARTER: &str = include_str!("../../templates/init/syncline.toml");

pub(crate) fn run(ui: &Ui, args: &Init) -> Exit {
    let file = args.dir.join("syncline.toml");
    if let Err(error) = fs::create_dir_all(&args.dir) {
        ui.fail(&format!("cannot make {}: {error}", args.dir.display()));
        return Exit::Failed;
    }
    let text = STARTER.replacen("\"my-app\"", &format!("\"{}\"", project_name(&args.dir)), 1);
    let made = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file);
    match made.and_then(|mut it| it.write_all(text.as_bytes())) {
        Ok(()) => {
            ui.say(&format!("wrote {}", file.display()));
            ui.say("edit it, then run `syncline generate`");
            Exit::Clean
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            ui.fail(&format!("{} exists and is left as it is", file.display()));
            Exit::Findings
        }
        Err(error) => {
            ui.fail(&format!("cannot write {}: {error}", file.display()));
            Exit::Failed
        }
    }
}

/// The folder's name as a project may be called.
pub(super) fn project_name(dir: &Path) -> String {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let name = full
        .file_name()
        .map(|it| it.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let kept: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '-'
            }
        })
        .collect();
    let kept = kept.trim_matches(|c: char| c == '-' || c.is_ascii_digit());
    let kept: String = kept.chars().take(50).collect();
    if kept.is_empty() {
        "my-app".to_owned()
    } else {
        kept
    }
}
