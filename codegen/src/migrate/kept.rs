//! What somebody did by hand in a migration's folder, so that planning it again keeps it.

use std::collections::BTreeMap;

use super::folder::Migration;

/// The beginning of every file that is planned.
const PLANNED: &str = "-- Phase ";

/// What is kept of a migration that is planned again.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Files of steps by hand, whole.
    pub files: Vec<(String, String)>,
    /// The lines that allow hazards, by the phase of the planned file that held them.
    allows: BTreeMap<String, Vec<String>>,
    /// Planned files that hold more than was planned: what was changed in them is not kept.
    pub edited: Vec<String>,
}

impl Kept {
    /// Reads a migration whose plan was `planned` once, as files.
    pub fn of(migration: &Migration, planned: &[(String, String)]) -> Self {
        let mut kept = Self::default();
        for file in &migration.files {
            if !file.text.starts_with(PLANNED) {
                kept.files.push((file.name.clone(), file.text.clone()));
                continue;
            }
            let lines = file.text.lines().filter(|it| is_allow(it));
            let lines: Vec<_> = lines.map(str::to_owned).collect();
            let before = planned.iter().find(|(name, _)| *name == file.name);
            if !before.is_some_and(|(_, text)| same(text, &file.text)) {
                kept.edited.push(file.name.clone());
            }
            if !lines.is_empty() {
                kept.allows.insert(phase(&file.name).to_owned(), lines);
            }
        }
        kept
    }

    /// Adds what is kept to the files of a new plan. A file by hand keeps its number; one whose
    /// name is taken is put behind.
    pub fn join(&self, mut files: Vec<(String, String)>) -> Vec<(String, String)> {
        for (name, text) in &mut files {
            if let Some(lines) = self.allows.get(phase(name)) {
                let head = text.find('\n').map_or(text.len(), |it| it + 1);
                text.insert_str(head, &format!("{}\n", lines.join("\n")));
            }
        }
        for (name, text) in &self.files {
            let mut name = name.clone();
            while files.iter().any(|(taken, _)| *taken == name) {
                name = name.replacen(".sql", "_by_hand.sql", 1);
            }
            files.push((name, text.clone()));
        }
        files
    }
}

fn is_allow(line: &str) -> bool {
    let comment = line.trim().strip_prefix("--");
    comment.is_some_and(|it| it.trim_start().starts_with("syncline:allow"))
}

/// `expand` of `1_expand.sql`.
fn phase(file: &str) -> &str {
    let name = file.split_once('_').map_or(file, |(_, it)| it);
    name.strip_suffix(".sql").unwrap_or(name)
}

/// The same statements, but for the lines that allow hazards?
fn same(planned: &str, now: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        let lines = text
            .lines()
            .filter(|it| !is_allow(it) && !it.trim().is_empty());
        lines.map(|it| it.trim_end().to_owned()).collect()
    };
    lines(planned) == lines(now)
}
