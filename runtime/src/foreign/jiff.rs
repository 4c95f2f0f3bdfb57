//! `jiff::Timestamp` and `jiff::civil` as the four types of times. PostgreSQL keeps milliseconds:
//! what is below is cut off. Its `24:00:00` has no like in jiff and is a [`Mismatch`].

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, Unit};

use crate::row::Field;
use crate::typed_array::Mismatch;
use crate::value::Value;

const MICROS_PER_MILLI: i64 = 1_000;
const NANOS_PER_MICRO: i64 = 1_000;

/// What is below the millisecond goes; towards the past, before 1970 as well.
fn whole_millis(micros: i64) -> i64 {
    micros.div_euclid(MICROS_PER_MILLI) * MICROS_PER_MILLI
}

fn epoch() -> DateTime {
    Date::constant(1970, 1, 1).at(0, 0, 0, 0)
}

/// Microseconds since 1970 on the same clock.
fn micros(at: DateTime) -> i64 {
    let since = at.duration_since(epoch());
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

impl Field for Timestamp {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Timestamp(micros) => Self::from_microsecond(micros).map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::Timestamp(whole_millis(self.as_microsecond()))
    }
}

impl Field for DateTime {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::LocalTimestamp(micros) => epoch()
                .checked_add(SignedDuration::from_micros(micros))
                .map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        Value::LocalTimestamp(whole_millis(micros(self)))
    }
}

impl Field for Date {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Date(days) => epoch()
                .date()
                .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
                .map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        let days = epoch().date().until((Unit::Day, self));
        Value::Date(days.map_or(0, |span| span.get_days()))
    }
}

impl Field for Time {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Time(micros) => Self::midnight()
                .checked_add(SignedDuration::from_micros(micros))
                .map_err(|_| Mismatch),
            _ => Err(Mismatch),
        }
    }

    fn into_value(self) -> Value {
        let nanos = self.duration_since(Self::midnight()).as_nanos();
        let micros = i64::try_from(nanos).unwrap_or(0) / NANOS_PER_MICRO;
        Value::Time(whole_millis(micros))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_there_and_back() {
        let at = Value::Timestamp(1_767_323_045_678_000);
        let read = Timestamp::from_value(at.clone()).expect("a time");
        assert_eq!(read.to_string(), "2026-01-02T03:04:05.678Z");
        assert_eq!(read.into_value(), at);
        let at = Value::LocalTimestamp(-1_000);
        let read = DateTime::from_value(at.clone()).expect("a time");
        assert_eq!(read.to_string(), "1969-12-31T23:59:59.999");
        assert_eq!(read.into_value(), at);
        for days in [-719_162, -1, 0, 11_016, 2_932_896] {
            let read = Date::from_value(Value::Date(days)).expect("a day");
            assert_eq!(read.into_value(), Value::Date(days));
        }
        assert_eq!(
            Date::from_value(Value::Date(11_016))
                .expect("a day")
                .to_string(),
            "2000-02-29"
        );
        let at = Value::Time(86_399_999_000);
        let read = Time::from_value(at.clone()).expect("a time");
        assert_eq!(read.to_string(), "23:59:59.999");
        assert_eq!(read.into_value(), at);
        assert!(Time::from_value(Value::Time(86_400_000_000)).is_err());
    }
}
