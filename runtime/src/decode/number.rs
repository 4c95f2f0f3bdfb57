//! A decimal number as text, taken apart without rounding.
//!
//! In goes `-12.50e3`; out come its digits, the place of the point, and exact integers.

/// Exponents beyond this are as good as infinite, and would only overflow sums.
const HUGE: i64 = 1 << 40;

/// Why a number is not the integer that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotInteger {
    /// It has digits after the point.
    Fraction,
    /// It is beyond 64 bits.
    Range,
}

/// `negative` times 0.`digits` times ten to the power of `point`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    point: i64,
}

impl<'a> Number<'a> {
    /// Reads `-`, digits, `.digits`, an exponent, all but the digits optional; nothing else.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, mantissa),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let point = i64::try_from(whole.len()).ok()? + exponent;
        Some(Self {
            negative,
            whole,
            fraction,
            point,
        })
    }

    /// Reads `-` (optional) and digits only.
    pub(crate) fn parse_integer(text: &'a str) -> Option<Self> {
        Self::parse(text)
            .filter(|number| number.whole.len() + usize::from(number.negative) == text.len())
    }

    /// Like `007`, which JSON does not allow.
    pub(crate) fn has_leading_zeros(&self) -> bool {
        self.whole.len() > 1 && self.whole.starts_with('0')
    }

    /// Times ten to the power of `by`.
    pub(crate) fn shifted(mut self, by: i64) -> Self {
        self.point += by;
        self
    }

    /// Digits after the point once the exponent is applied; negative where zeros are missing
    /// before it.
    pub(crate) fn scale(&self) -> i64 {
        self.length() - self.point
    }

    /// The exact integer.
    pub(crate) fn to_integer(self) -> Result<i64, NotInteger> {
        match self.last_nonzero() {
            None => Ok(0),
            Some(last) if last >= self.point => Err(NotInteger::Fraction),
            Some(_) => self.truncated().ok_or(NotInteger::Range),
        }
    }

    /// The nearest integer, halves away from zero; none beyond 64 bits.
    pub(crate) fn to_nearest_integer(self) -> Option<i64> {
        let up = self.digit(self.point) >= 5;
        let away = if self.negative { -1 } else { 1 };
        self.truncated()?.checked_add(if up { away } else { 0 })
    }

    /// The number with exactly `scale` digits after the point and no leading zeros.
    pub(crate) fn to_decimal(self, precision: u16, scale: u16) -> Result<String, NotDecimal> {
        let (Some(first), Some(last)) = (self.first_nonzero(), self.last_nonzero()) else {
            return Ok(fixed(false, "0", &"0".repeat(usize::from(scale))));
        };
        if last - self.point >= i64::from(scale) {
            return Err(NotDecimal::Scale);
        }
        if self.point - first > i64::from(precision) - i64::from(scale) {
            return Err(NotDecimal::Precision);
        }
        // Both ranges are now at most as long as the declared digits.
        let digits = |range: std::ops::Range<i64>| -> String {
            range.map(|at| char::from(b'0' + self.digit(at))).collect()
        };
        let whole = digits(first.min(self.point)..self.point);
        let whole = if whole.is_empty() { "0" } else { &whole };
        Ok(fixed(
            self.negative,
            whole,
            &digits(self.point..self.point + i64::from(scale)),
        ))
    }

    /// Towards zero; none beyond 64 bits.
    fn truncated(&self) -> Option<i64> {
        let Some(first) = self.first_nonzero().filter(|&first| first < self.point) else {
            return Some(0);
        };
        if self.point - first > 19 {
            return None;
        }
        let sign = if self.negative { -1 } else { 1 };
        let magnitude =
            (first..self.point).fold(0_i128, |sum, at| sum * 10 + i128::from(self.digit(at)));
        i64::try_from(sign * magnitude).ok()
    }

    fn length(&self) -> i64 {
        // Texts are far shorter than 2^63 bytes.
        i64::try_from(self.whole.len() + self.fraction.len()).unwrap_or(HUGE)
    }

    /// The digit at this place, counted from the first; zeros go on on both sides.
    fn digit(&self, at: i64) -> u8 {
        let Ok(at) = usize::try_from(at) else {
            return 0;
        };
        let digit = match at.checked_sub(self.whole.len()) {
            None => self.whole.as_bytes().get(at),
            Some(at) => self.fraction.as_bytes().get(at),
        };
        digit.map_or(0, |digit| digit - b'0')
    }

    fn first_nonzero(&self) -> Option<i64> {
        let mut digits = self.whole.bytes().chain(self.fraction.bytes());
        digits
            .position(|digit| digit != b'0')
            .and_then(|at| i64::try_from(at).ok())
    }

    fn last_nonzero(&self) -> Option<i64> {
        let mut digits = self.fraction.bytes().rev().chain(self.whole.bytes().rev());
        let from_end = digits.position(|digit| digit != b'0')?;
        Some(self.length() - 1 - i64::try_from(from_end).ok()?)
    }
}

/// Why a number does not fit a `decimal(p,s)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDecimal {
    /// It would have to be rounded.
    Scale,
    /// It is too large.
    Precision,
}

fn fixed(negative: bool, whole: &str, fraction: &str) -> String {
    let sign = if negative { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A sign and digits, held within [`HUGE`].
fn read_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !all_digits(digits) {
        return None;
    }
    let magnitude = digits.parse::<i64>().unwrap_or(HUGE).min(HUGE);
    Some(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_exact() {
        let integer = |text| Number::parse(text).expect(text).to_integer();
        assert_eq!(integer("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(integer("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(integer("9223372036854775808"), Err(NotInteger::Range));
        assert_eq!(integer("9.007199254740993e15"), Ok(9_007_199_254_740_993));
        assert_eq!(integer("50e-1"), Ok(5));
        assert_eq!(integer("0.05e2"), Ok(5));
        assert_eq!(integer("0e999999999999999999999"), Ok(0));
        assert_eq!(integer("1e999999999999999999999"), Err(NotInteger::Range));
        assert_eq!(
            integer("1e-999999999999999999999"),
            Err(NotInteger::Fraction)
        );
        assert_eq!(integer("0000000000000000000000005"), Ok(5));
        assert_eq!(integer("5.000"), Ok(5));
        assert_eq!(integer("5.001"), Err(NotInteger::Fraction));
    }

    #[test]
    fn rounds_halves_away_from_zero() {
        let nearest = |text| Number::parse(text).expect(text).to_nearest_integer();
        assert_eq!(nearest("0.5"), Some(1));
        assert_eq!(nearest("-0.5"), Some(-1));
        assert_eq!(nearest("0.49999"), Some(0));
        assert_eq!(nearest("12.5e-1"), Some(1));
        assert_eq!(nearest("0.05"), Some(0));
        assert_eq!(nearest("9.5e-40"), Some(0));
        assert_eq!(nearest("9223372036854775807.5"), None);
        assert_eq!(nearest("1e40"), None);
    }

    #[test]
    fn other_text_is_no_number() {
        for text in [
            "", "-", ".", "5.", ".5", "+5", " 5", "5 ", "1e", "1e+", "--1", "1.2.3", "0x1", "NaN",
            "1_0", "٣",
        ] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
        for text in ["5.0", "5e0", "-"] {
            assert!(Number::parse_integer(text).is_none(), "{text}");
        }
        assert!(Number::parse_integer("-007").is_some());
    }
}
