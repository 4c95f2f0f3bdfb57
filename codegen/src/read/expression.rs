//! SQL expressions, compared by meaning.

use crate::read::sql::token::{self, Kind};

/// One text for all spellings of an expression.
pub fn canonical(sql: &str) -> String {
    let words = token::tokens(sql);
    let words: Vec<_> = words
        .iter()
        .map(|it| match it.kind {
            Kind::Word => it.of(sql).to_lowercase(),
            _ => it.of(sql).to_owned(),
        })
        .collect();
    words.join(" ")
}

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
