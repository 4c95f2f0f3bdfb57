//! The names of migrations and of their files.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment in UTC to the second, as 14 digits: `YYYYMMDDHHMMSS`. Sorts by time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(String);

impl Stamp {
    /// Reads 14 digits that are a date and a time.
    pub fn parse(text: &str) -> Option<Self> {
        Self::seconds(text).map(|_| Self(text.to_owned()))
    }

    /// The stamp of a moment; before 1970 counts as 1970, after 9999 as its end.
    pub fn of(moment: SystemTime) -> Self {
        let seconds = moment
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
            .min(LAST);
        let (year, month, day) = date(seconds / DAY);
        let time = seconds % DAY;
        Self(format!(
            "{year:04}{month:02}{day:02}{:02}{:02}{:02}",
            time / 3600,
            time / 60 % 60,
            time % 60
        ))
    }

    /// The stamp of a moment, or the second after `other` where that is later.
    pub fn after(moment: SystemTime, other: Option<&Self>) -> Self {
        let now = Self::of(moment);
        let Some(other) = other.filter(|other| **other >= now) else {
            return now;
        };
        let seconds = Self::seconds(&other.0).unwrap_or(0);
        Self::of(UNIX_EPOCH + Duration::from_secs(seconds + 1))
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Seconds since 1970.
    fn seconds(text: &str) -> Option<u64> {
        if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |range: std::ops::Range<usize>| text[range].parse::<u64>().ok();
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        let (hour, minute, second) = (part(8..10)?, part(10..12)?, part(12..14)?);
        let real = (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in(year, month)
            && hour < 24
            && minute < 60
            && second < 60;
        real.then(|| days(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Seconds of a day.
const DAY: u64 = 86_400;

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

fn leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let years: u64 = (1970..year)
        .map(|it| if leap(it) { 366 } else { 365 })
        .sum();
    let months: u64 = (1..month).map(|it| days_in(year, it)).sum();
    years + months + day - 1
}

/// Year, month and day of a number of days since 1970-01-01.
fn date(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let mut month = 1;
    while days >= days_in(year, month) {
        days -= days_in(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

/// The longest name of a migration, so that paths and the history's rows stay readable.
const LONGEST: usize = 60;

/// A name for a folder, from what somebody typed: lower case, words joined by `_`.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if out.len() == LONGEST {
            break;
        }
    }
    let trimmed = out.trim_end_matches('_');
    if trimmed.is_empty() {
        "migration".to_owned()
    } else {
        trimmed.to_owned()
    }
}

/// Stamp and name of a migration's folder, `<stamp>_<name>`.
pub(super) fn of_migration(folder: &str) -> Option<(Stamp, String)> {
    let (stamp, name) = folder.split_once('_')?;
    (plain(name)).then_some((Stamp::parse(stamp)?, name.to_owned()))
}

/// The number of a SQL file, `<n>_<what>.sql`.
pub(super) fn of_file(file: &str) -> Option<u32> {
    let (number, what) = file.strip_suffix(".sql")?.split_once('_')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && plain(what) {
        number.parse().ok()
    } else {
        None
    }
}

/// A name that means the same on every disk and in every shell.
fn plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn stamps_are_moments_in_utc() {
        assert_eq!(Stamp::of(at(0)).as_str(), "19700101000000");
        assert_eq!(Stamp::of(at(951_827_696)).as_str(), "20000229123456");
        assert_eq!(Stamp::of(at(LAST + 5)).as_str(), "99991231235959");
        for seconds in [0, 59, DAY, 951_827_696, 4_107_542_399, LAST] {
            let stamp = Stamp::of(at(seconds));
            assert_eq!(Stamp::seconds(stamp.as_str()), Some(seconds));
        }
    }

    #[test]
    fn a_new_stamp_is_after_all_others() {
        let newest = Stamp::parse("20991231235959");
        let next = Stamp::after(at(0), newest.as_ref());
        assert_eq!(next.as_str(), "21000101000000");
        assert_eq!(Stamp::after(at(0), None).as_str(), "19700101000000");
    }

    #[test]
    fn what_is_no_moment_is_no_stamp() {
        for wrong in [
            "",
            "2026",
            "20261322000000",
            "20260229000000",
            "2026112216320é",
            "20261122246000",
        ] {
            assert_eq!(Stamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_of_folders_and_files() {
        assert_eq!(slug("Add title, and more!"), "add_title_and_more");
        assert_eq!(slug("··"), "migration");
        assert!(of_migration("20261122163200_add_title").is_some());
        assert!(of_migration("20261122163200_").is_none());
        assert!(of_migration("add_title").is_none());
        assert_eq!(of_file("10_fix_titles.sql"), Some(10));
        for wrong in [
            "fix.sql",
            "_x.sql",
            "1_.sql",
            "+1_x.sql",
            "1_x.SQL",
            "99999999999_x.sql",
        ] {
            assert_eq!(of_file(wrong), None, "{wrong}");
        }
    }
}
