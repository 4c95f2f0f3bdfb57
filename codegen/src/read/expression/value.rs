//! Constants whose text PostgreSQL writes anew: times, intervals, JSON.

/// A time in ISO 8601 with milliseconds, in UTC (`Z`) where it has a zone: one text for all that
/// PostgreSQL reads as it. None for what is no plain time, or has more digits.
pub fn instant(text: &str, zone: bool) -> Option<String> {
    let (day, rest) = text.split_once(['T', ' '])?;
    let at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, offset) = rest.split_at(at);
    let minutes = match (zone, offset) {
        (true, "Z" | "z") | (false, "") => 0,
        (true, offset) if !offset.is_empty() => {
            let (hours, minutes) = offset[1..].split_once(':').unwrap_or((&offset[1..], "0"));
            let all = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if offset.starts_with('-') { -all } else { all }
        }
        _ => return None,
    };
    let mut date = day.split('-').map(str::parse::<i64>);
    let (y, m, d) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.split(':').map(str::parse::<i64>);
    let (h, min) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let s = parts.next().map_or(Some(0), Result::ok)?;
    let digits = fraction.bytes().all(|b| b.is_ascii_digit());
    let sound = (1..=9999).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d);
    let in_day = (0..24).contains(&h) && (0..60).contains(&min) && (0..60).contains(&s);
    if !sound || !in_day || !digits || fraction.len() > 3 || minutes.abs() > 24 * 60 {
        return None;
    }
    let day = days(y, m, d) * 24 * 60 + h * 60 + min - minutes;
    let (y, m, d) = date_of(day.div_euclid(24 * 60));
    let minute = day.rem_euclid(24 * 60);
    let (h, min) = (minute / 60, minute % 60);
    let z = if zone { "Z" } else { "" };
    Some(format!(
        "{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}.{fraction:0<3}{z}"
    ))
}

/// Days since 1970 of a day of the Gregorian calendar.
fn days(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let (era, year) = (y.div_euclid(400), y.rem_euclid(400));
    let day = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day - 719_468
}

/// The day of the calendar, the other way round.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let d = of_year - (153 * month + 2) / 5 + 1;
    let m = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(m <= 2), m, d)
}

/// A time of day with its seconds.
pub(super) fn time(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let two = |at: usize| bytes[at].is_ascii_digit() && bytes[at + 1].is_ascii_digit();
    match bytes.len() {
        5 if two(0) && bytes[2] == b':' && two(3) => Some(format!("{text}:00")),
        _ => None,
    }
}

/// An interval in PostgreSQL's own spelling, from its years down to its seconds. None for what is
/// not spelled in plain units.
pub(super) fn interval(text: &str) -> Option<String> {
    let (mut months, mut days, mut seconds) = (0_i64, 0_i64, 0_i64);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word.contains(':') {
            seconds = seconds.checked_add(clock(word)?)?;
            at += 1;
            continue;
        }
        let split = word
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(word.len());
        let (number, unit) = if split < word.len() {
            (&word[..split], &word[split..])
        } else {
            at += 1;
            (*word, *words.get(at)?)
        };
        at += 1;
        let n: i64 = number.parse().ok()?;
        let unit = unit.to_ascii_lowercase();
        let (of, times) = match unit.strip_suffix('s').unwrap_or(&unit) {
            "year" | "y" | "yr" => (&mut months, 12),
            "month" | "mon" => (&mut months, 1),
            "week" | "w" => (&mut days, 7),
            "day" | "d" => (&mut days, 1),
            "hour" | "h" | "hr" => (&mut seconds, 3_600),
            "minute" | "min" | "m" => (&mut seconds, 60),
            "second" | "sec" | "" => (&mut seconds, 1),
            _ => return None,
        };
        *of = of.checked_add(n.checked_mul(times)?)?;
    }
    (!words.is_empty()).then(|| format!("P{months}M{days}DT{seconds}S"))
}

/// `[-]HH:MM[:SS]` in seconds.
fn clock(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let mut all = 0_i64;
    let mut count = 0;
    for part in digits.split(':') {
        all = all
            .checked_mul(60)?
            .checked_add(part.parse::<u32>().ok()?.into())?;
        count += 1;
    }
    match count {
        2 => Some(sign * all * 60),
        3 => Some(sign * all),
        _ => None,
    }
}

/// A JSON document in one spelling: no spaces, keys sorted, the last of equal keys.
pub(super) fn json(text: &str) -> Option<String> {
    let mut value: serde_json::Value = serde_json::from_str(text).ok()?;
    value.sort_all_objects();
    Some(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_has_one_text() {
        for (text, zone, means) in [
            ("2026-01-02 03:04:05+00", true, "2026-01-02T03:04:05.000Z"),
            (
                "2026-01-01 23:34:05.5-03:30",
                true,
                "2026-01-02T03:04:05.500Z",
            ),
            ("2024-03-01T00:00Z", true, "2024-03-01T00:00:00.000Z"),
            ("2024-03-01T00:30+01", true, "2024-02-29T23:30:00.000Z"),
            ("1970-01-01 00:00:00", false, "1970-01-01T00:00:00.000"),
        ] {
            assert_eq!(instant(text, zone).as_deref(), Some(means), "{text}");
        }
        for text in [
            "now",
            "2026-01-02",
            "infinity",
            "2026-13-01 00:00+00",
            "2026-01-02 03:04:05.1234+00",
        ] {
            assert_eq!(instant(text, true), None, "{text}");
        }
    }

    #[test]
    fn one_interval_has_one_text() {
        for (a, b) in [
            ("24 hours", "24:00:00"),
            ("90 minutes", "01:30:00"),
            ("1 year 2 months", "1 year 2 mons"),
            ("1 week", "7 days"),
            ("30d", "30 days"),
            ("-1 day", "-1 days"),
        ] {
            assert!(interval(a).is_some(), "{a}");
            assert_eq!(interval(a), interval(b), "{a} | {b}");
        }
        assert_ne!(interval("1 day"), interval("24 hours"));
        assert_eq!(interval("P1D"), None);
    }
}
