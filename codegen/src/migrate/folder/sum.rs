//! `syncline.sum`: what every file held when it was written.
//!
//! A line a file, sorted by path. Each hash covers the one before it, the path and the file's
//! bytes, so that lines cannot be taken out, put in or moved, and a merge of two branches is a
//! conflict that somebody sees. Since a line names the hash that the next one began with, a file
//! that was edited is still told from those behind it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::output::sha256;

/// The file's name.
pub const SUM: &str = "syncline.sum";

/// The first line; the number is the format's.
const TITLE: &str = "syncline.sum 1";

/// What follows it.
const ABOUT: &str =
    "# Made by Syncline: what every file of the migrations held when it was written. Do not edit.";

/// A file that is not as the sum says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mismatch {
    /// The sum does not know it.
    Added(String),
    /// It holds something else.
    Edited(String),
    /// It is gone.
    Removed(String),
    /// Lines of the sum itself were moved, taken out or put in here.
    Broken(String),
}

/// A sum as written: paths and hashes, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    lines: Vec<(String, String)>,
}

/// The hashes of files, by path with `/` below the folder.
pub(super) type Hashes = BTreeMap<String, String>;

impl Sum {
    /// The sum of these files.
    pub(super) fn of(files: &Hashes) -> Self {
        let mut last = String::new();
        let mut lines = Vec::with_capacity(files.len());
        for (path, hash) in files {
            last = link(&last, path, hash);
            lines.push((path.clone(), last.clone()));
        }
        Self { lines }
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        let mut out = format!("{TITLE}\n{ABOUT}\n");
        for (path, hash) in &self.lines {
            let _ = writeln!(out, "{hash} {path}");
        }
        out
    }

    /// Reads the file.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.lines().any(|line| line.starts_with("<<<<<<<")) {
            return Err(
                "it holds a merge that was not resolved: two branches added migrations".to_owned(),
            );
        }
        let mut lines = text.lines();
        match lines.next() {
            Some(TITLE) => {}
            Some(other) if other.starts_with("syncline.sum ") => {
                return Err(
                    "its format is a newer one: use the newer Syncline that wrote it".to_owned(),
                );
            }
            _ => return Err(format!("it does not begin with `{TITLE}`")),
        }
        let mut sum = Self::default();
        for (at, line) in lines.enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let entry = line.split_once(' ').filter(|(hash, path)| {
                hash.len() == 64
                    && hash.bytes().all(|it| it.is_ascii_hexdigit())
                    && !path.is_empty()
            });
            let Some((hash, path)) = entry else {
                return Err(format!("line {} is no hash and path", at + 2));
            };
            sum.lines.push((path.to_owned(), hash.to_owned()));
        }
        Ok(sum)
    }

    /// How the files differ from the sum; sorted.
    pub(super) fn compare(&self, files: &Hashes) -> Vec<Mismatch> {
        let mut out = Vec::new();
        let mut last = "";
        let mut known = BTreeMap::new();
        let mut path_before: Option<&str> = None;
        for (path, hash) in &self.lines {
            let moved = path_before.is_some_and(|before| before >= path.as_str());
            match files.get(path) {
                _ if moved => out.push(Mismatch::Broken(path.clone())),
                None => out.push(Mismatch::Removed(path.clone())),
                Some(now) if link(last, path, now) != *hash => {
                    out.push(Mismatch::Edited(path.clone()));
                }
                Some(_) => {}
            }
            known.insert(path.as_str(), ());
            path_before = Some(path);
            last = hash;
        }
        let added = files
            .keys()
            .filter(|path| !known.contains_key(path.as_str()));
        out.extend(added.cloned().map(Mismatch::Added));
        out.sort();
        out
    }
}

fn link(last: &str, path: &str, hash: &str) -> String {
    sha256(format!("{last}\n{path}\n{hash}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Hashes {
        let hashed = |(path, text): &(&str, &str)| ((*path).to_owned(), sha256(text.as_bytes()));
        list.iter().map(hashed).collect()
    }

    #[test]
    fn a_difference_names_the_file_and_no_other() {
        let before = files(&[("a/1.sql", "one"), ("a/2.sql", "two"), ("b/1.sql", "three")]);
        let text = Sum::of(&before).text();
        let sum = Sum::parse(&text).expect("a sum");
        assert_eq!(sum.compare(&before), []);
        let after = files(&[("a/1.sql", "one"), ("a/2.sql", "2"), ("b/0.sql", "new")]);
        assert_eq!(
            sum.compare(&after),
            [
                Mismatch::Added("b/0.sql".to_owned()),
                Mismatch::Edited("a/2.sql".to_owned()),
                Mismatch::Removed("b/1.sql".to_owned()),
            ]
        );
    }

    #[test]
    fn a_line_taken_out_or_moved_is_seen() {
        let now = files(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let text = Sum::of(&now).text();
        let lines: Vec<&str> = text.lines().collect();
        let of = |order: &[usize]| {
            let text: Vec<&str> = order.iter().map(|at| lines[*at]).collect();
            Sum::parse(&text.join("\n")).expect("a sum").compare(&now)
        };
        assert_eq!(of(&[0, 1, 2, 3, 4]), []);
        assert_ne!(of(&[0, 1, 2, 4]), []);
        assert_ne!(of(&[0, 1, 3, 2, 4]), []);
        assert_ne!(of(&[0, 1, 2, 2, 3, 4]), []);
    }

    #[test]
    fn what_is_no_sum_is_said() {
        for wrong in [
            "",
            "h1:abc",
            "syncline.sum 2\n",
            "syncline.sum 1\nx y\n",
            "<<<<<<< main\n",
        ] {
            assert!(Sum::parse(wrong).is_err(), "{wrong}");
        }
    }
}
