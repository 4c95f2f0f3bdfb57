//! Folders of migrations: which files are scripts, and in which order they ran.

use std::cmp::Ordering;

/// The file in which drizzle-kit keeps the order.
pub const JOURNAL: &str = "meta/_journal.json";

/// The scripts of a folder, in order.
#[derive(Debug, Default)]
pub struct Order {
    /// Positions in the files that were given.
    pub scripts: Vec<usize>,
    /// What the journal names and the folder lacks, without `.sql`.
    pub missing: Vec<String>,
}

/// The scripts of a folder in the order in which they are applied. `files` are pairs of a path
/// below the folder, with `/`, and its text. Ways back (`down.sql`) are left out.
///
/// drizzle-kit's journal decides where there is one; else the paths do, numbers by their value.
pub fn in_order(files: &[(String, String)]) -> Order {
    let journal = files.iter().find(|(path, _)| path == JOURNAL);
    if let Some(tags) = journal.and_then(|(_, text)| tags(text)) {
        let mut order = Order::default();
        for tag in tags {
            let path = format!("{tag}.sql");
            match files.iter().position(|(it, _)| *it == path) {
                Some(at) => order.scripts.push(at),
                None => order.missing.push(tag),
            }
        }
        return order;
    }
    let mut scripts: Vec<usize> = (0..files.len())
        .filter(|&at| is_script(&files[at].0))
        .collect();
    scripts.sort_by(|&a, &b| by_number(&files[a].0, &files[b].0));
    Order {
        scripts,
        missing: Vec::new(),
    }
}

/// The tags of drizzle-kit's journal, in order.
fn tags(journal: &str) -> Option<Vec<String>> {
    let json: serde_json::Value = serde_json::from_str(journal).ok()?;
    let entries = json.get("entries")?.as_array()?;
    let mut tags: Vec<(i64, String)> = entries
        .iter()
        .filter_map(|it| {
            let at = it.get("idx")?.as_i64()?;
            Some((at, it.get("tag")?.as_str()?.to_owned()))
        })
        .collect();
    tags.sort();
    Some(tags.into_iter().map(|(_, tag)| tag).collect())
}

fn is_script(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".sql") && name != "down.sql" && !name.ends_with(".down.sql")
}

/// `9_b` comes before `10_a`.
fn by_number(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (n, m) = (digits(a), digits(b));
        if n > 0 && m > 0 {
            let (x, y) = (
                a[..n].trim_start_matches('0'),
                b[..m].trim_start_matches('0'),
            );
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
            if order.is_ne() {
                return order;
            }
            (a, b) = (&a[n..], &b[m..]);
            continue;
        }
        match (a.chars().next(), b.chars().next()) {
            (None, None) => return Ordering::Equal,
            (x, y) if x != y => return x.cmp(&y),
            (Some(c), _) => (a, b) = (&a[c.len_utf8()..], &b[c.len_utf8()..]),
            (None, Some(_)) => return Ordering::Less,
        }
    }
}

/// The part of a script that leads upward: dbmate and goose keep the way back behind a comment.
pub fn upward(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mark = line.trim();
        if mark.eq_ignore_ascii_case("-- +goose down")
            || mark.to_ascii_lowercase().starts_with("-- migrate:down")
        {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        let order = in_order(&files);
        assert!(order.missing.is_empty());
        let scripts = order.scripts.into_iter();
        scripts.map(|at| files[at].0.clone()).collect()
    }

    #[test]
    fn folders_of_every_tool_run_in_their_order() {
        assert_eq!(
            ordered(&[
                ("0000_b.sql", ""),
                ("0001_a.sql", ""),
                (
                    "meta/_journal.json",
                    r#"{"entries":[{"idx":1,"tag":"0000_b"},{"idx":0,"tag":"0001_a"}]}"#
                ),
            ]),
            ["0001_a.sql", "0000_b.sql"]
        );
        assert_eq!(
            ordered(&[
                ("20260102_b/2_concurrent.sql", ""),
                ("20260102_b/1_expand.sql", ""),
                ("20260102_b/down.sql", ""),
                ("20260102_b/snapshot.json", ""),
                ("20260101_a/1_expand.sql", ""),
                ("20260101_a/10_more.sql", ""),
                ("20260101_a/9_more.sql", ""),
            ]),
            [
                "20260101_a/1_expand.sql",
                "20260101_a/9_more.sql",
                "20260101_a/10_more.sql",
                "20260102_b/1_expand.sql",
                "20260102_b/2_concurrent.sql",
            ]
        );
    }

    #[test]
    fn the_way_back_is_cut_off() {
        assert_eq!(
            upward("-- +goose Up\nA;\n-- +goose Down\nB;"),
            "-- +goose Up\nA;\n"
        );
        assert_eq!(upward("A;"), "A;");
    }
}
