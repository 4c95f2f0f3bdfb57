//! The proleptic Gregorian calendar: days and microseconds to and from years, months, days and
//! clock times. Pure arithmetic; in and out go plain numbers and ISO text.

use std::fmt::Write;

pub(crate) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// 0001-01-01 and 9999-12-31, in days since 1970-01-01.
pub(crate) const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;

/// Days since 1970-01-01; none where the calendar has no such day. Years 1 to 9999.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    // Years start in March, so that the leap day is the last one; eras are 400 years.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Appends `YYYY-MM-DD`.
pub(crate) fn write_date(out: &mut String, days: i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Writing to a String cannot fail.
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
}

/// Appends `YYYY-MM-DDTHH:MM:SS.mmm`; what is below the millisecond is left out.
pub(crate) fn write_timestamp(out: &mut String, micros: i64) {
    write_date(out, micros.div_euclid(MICROS_PER_DAY));
    out.push('T');
    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    write_time(out, of_day);
}

/// Appends `HH:MM:SS.mmm`; what is below the millisecond is left out.
pub(crate) fn write_time(out: &mut String, micros: i64) {
    write_clock(out, micros);
    // Writing to a String cannot fail.
    let _ = write!(out, ".{:03}", micros.rem_euclid(1_000_000) / 1_000);
}

fn write_clock(out: &mut String, micros: i64) {
    let seconds = micros.div_euclid(1_000_000);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let _ = write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_there_and_back() {
        let mut expected = *DAYS.start();
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(days(year, month, day), Some(expected));
                    if day == 1 || day >= 28 {
                        let mut text = String::new();
                        write_date(&mut text, expected);
                        assert_eq!(text, format!("{year:04}-{month:02}-{day:02}"));
                    }
                    expected += 1;
                }
                assert_eq!(days(year, month, days_in_month(year, month) + 1), None);
            }
        }
        assert_eq!(expected - 1, *DAYS.end());
    }

    #[test]
    fn known_days() {
        assert_eq!(days(1970, 1, 1), Some(0));
        assert_eq!(days(2000, 1, 1), Some(i64::from(crate::PG_EPOCH_DAYS)));
        assert_eq!(days(2000, 2, 29), Some(11_016));
        assert_eq!(days(1900, 2, 29), None);
        assert_eq!(days(2026, 0, 1), None);
        assert_eq!(days(2026, 13, 1), None);
        assert_eq!(days(2026, 1, 0), None);
        assert_eq!(days(0, 1, 1), None);
    }
}
