//! Timestamps, dates and times of day, from ISO 8601 text; timestamps also from numbers where the
//! column declares a unit.

use super::json::Raw;
use super::number::Number;
use crate::civil::{self, MICROS_PER_DAY};
use crate::column::Unit;
use crate::invalid::Problem;
use crate::value::{PG_EPOCH_MICROS, Value};

/// The largest offset from UTC that any place uses, in minutes.
const MAX_OFFSET: i64 = 14 * 60;

pub(super) fn timestamp(raw: Raw<'_>, unit: Option<Unit>) -> Result<Value, Problem> {
    if let Some(number) = number(&raw) {
        let places = match unit {
            Some(Unit::Milliseconds) => 3,
            Some(Unit::Seconds) => 6,
            None => return Err(Problem::NoUnit),
        };
        let micros = number.shifted(places).to_nearest_integer();
        return in_range(micros.ok_or(OUT_OF_RANGE)?).map(Value::Timestamp);
    }
    let mut cursor = cursor(&raw, "an ISO 8601 timestamp")?;
    let local = cursor.date_and_time()?;
    let offset = if cursor.had_time { cursor.offset()? } else { 0 };
    cursor.end()?;
    in_range(local - offset * 60_000_000).map(Value::Timestamp)
}

pub(super) fn local_timestamp(raw: Raw<'_>) -> Result<Value, Problem> {
    let mut cursor = cursor(&raw, "an ISO 8601 timestamp without offset")?;
    let local = cursor.date_and_time()?;
    cursor.end()?;
    in_range(local).map(Value::LocalTimestamp)
}

pub(super) fn date(raw: Raw<'_>) -> Result<Value, Problem> {
    let mut cursor = cursor(&raw, "a date as YYYY-MM-DD")?;
    let days = cursor.date()?;
    cursor.end()?;
    i32::try_from(days)
        .map(Value::Date)
        .map_err(|_| Problem::NoSuchDate)
}

pub(super) fn time(raw: Raw<'_>) -> Result<Value, Problem> {
    let mut cursor = cursor(&raw, "a time as HH:MM:SS")?;
    let micros = cursor.time()?;
    cursor.end()?;
    // A fraction that rounds up to midnight is PostgreSQL's 24:00:00.
    Ok(Value::Time((micros + 500) / 1_000 * 1_000))
}

pub(super) const OUT_OF_RANGE: Problem = Problem::OutOfRange("a timestamp (years 1 to 9999)");

/// A number, or a string of one: the device's view shows a stored number as text. No ISO form
/// looks like one.
fn number<'a>(raw: &'a Raw<'_>) -> Option<Number<'a>> {
    match raw {
        Raw::Number(text) => Number::parse(text),
        Raw::String(text) => Number::parse(text),
        _ => None,
    }
}

/// Rounds to the millisecond as PostgreSQL does, away from its own epoch at the half, and holds
/// the result within years 1 to 9999.
pub(super) fn in_range(micros: i64) -> Result<i64, Problem> {
    let days = micros.div_euclid(MICROS_PER_DAY);
    if !civil::DAYS.contains(&days) {
        return Err(OUT_OF_RANGE);
    }
    let since = micros - PG_EPOCH_MICROS;
    let rounded = since.signum() * ((since.abs() + 500) / 1_000 * 1_000) + PG_EPOCH_MICROS;
    if civil::DAYS.contains(&rounded.div_euclid(MICROS_PER_DAY)) {
        Ok(rounded)
    } else {
        Err(OUT_OF_RANGE)
    }
}

fn cursor<'a>(raw: &'a Raw<'_>, expected: &'static str) -> Result<Cursor<'a>, Problem> {
    let expected = Problem::Expected(expected);
    match raw {
        Raw::String(text) => Ok(Cursor {
            rest: text.as_bytes(),
            expected,
            had_time: false,
        }),
        _ => Err(expected),
    }
}

/// What is left of the text, and what to say where it does not go on as it should.
struct Cursor<'a> {
    rest: &'a [u8],
    expected: Problem,
    had_time: bool,
}

impl Cursor<'_> {
    /// A date with or without a time, in microseconds since 1970.
    fn date_and_time(&mut self) -> Result<i64, Problem> {
        let days = self.date()?;
        self.had_time = self.eat(b'T') || self.eat(b't') || self.eat(b' ');
        let micros = if self.had_time { self.time()? } else { 0 };
        Ok(days * MICROS_PER_DAY + micros)
    }

    /// `YYYY-MM-DD`, in days since 1970.
    fn date(&mut self) -> Result<i64, Problem> {
        let year = self.digits(4)?;
        self.expect(b'-')?;
        let month = self.digits(2)?;
        self.expect(b'-')?;
        let day = self.digits(2)?;
        civil::days(year, month, day).ok_or(Problem::NoSuchDate)
    }

    /// `HH:MM[:SS[.f…]]`, in microseconds. Like PostgreSQL it takes 60 as the second after
    /// 59, and 24:00:00 as the end of the day, but nothing past that.
    fn time(&mut self) -> Result<i64, Problem> {
        let hours = self.digits(2)?;
        self.expect(b':')?;
        let minutes = self.digits(2)?;
        let (mut seconds, mut micros) = (0, 0);
        if self.eat(b':') {
            seconds = self.digits(2)?;
            if self.eat(b'.') {
                micros = self.fraction()?;
            }
        }
        let total = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
        if minutes > 59 || seconds > 60 || total > MICROS_PER_DAY {
            return Err(Problem::NoSuchTime);
        }
        Ok(total)
    }

    /// Digits after the point, rounded to microseconds by way of a double, as PostgreSQL does.
    fn fraction(&mut self) -> Result<i64, Problem> {
        let length = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        let digits = std::str::from_utf8(digits).unwrap_or_default();
        if digits.is_empty() {
            return Err(self.expected);
        }
        self.rest = rest;
        let seconds: f64 = format!("0.{digits}").parse().map_err(|_| self.expected)?;
        // Between 0 and 1,000,000, so nothing is cut off.
        Ok((seconds * 1e6).round_ties_even() as i64)
    }

    /// `Z`, `±HH`, `±HH:MM`, `±HHMM` or nothing, in minutes east of UTC.
    fn offset(&mut self) -> Result<i64, Problem> {
        let sign = match self.rest.first() {
            None => return Ok(0),
            Some(b'Z' | b'z') => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                return Ok(0);
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return Err(self.expected),
        };
        self.rest = self.rest.get(1..).unwrap_or_default();
        let hours = self.digits(2)?;
        let minutes = if self.eat(b':') || !self.rest.is_empty() {
            self.digits(2)?
        } else {
            0
        };
        if minutes > 59 || hours * 60 + minutes > MAX_OFFSET {
            return Err(Problem::Offset);
        }
        Ok(sign * (hours * 60 + minutes))
    }

    fn digits(&mut self, count: usize) -> Result<i64, Problem> {
        let (digits, rest) = self.rest.split_at_checked(count).ok_or(self.expected)?;
        self.rest = rest;
        digits.iter().try_fold(0, |sum, digit| match digit {
            b'0'..=b'9' => Ok(sum * 10 + i64::from(digit - b'0')),
            _ => Err(self.expected),
        })
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((&first, rest)) if first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Problem> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(self.expected)
        }
    }

    fn end(&self) -> Result<(), Problem> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.expected)
        }
    }
}
