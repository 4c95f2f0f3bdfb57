//! The types of the configuration's values.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::Duration;

/// A text that is never shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

/// A number with a unit.
fn quantity(text: &str, units: &[(&str, u64)], expected: &str) -> Result<u64, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = units.iter().find(|(name, _)| *name == unit.trim());
    let (Ok(number), Some((_, factor))) = (number.parse::<u64>(), factor) else {
        return Err(format!("is not {expected}"));
    };
    number
        .checked_mul(*factor)
        .ok_or_else(|| "is too large".to_owned())
}

/// A duration: `500ms`, `30s`, `10m`, `1h`, `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience(pub Duration);

impl FromStr for Patience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const UNITS: &[(&str, u64)] = &[
            ("ms", 1),
            ("s", 1_000),
            ("m", 60_000),
            ("h", 3_600_000),
            ("d", 86_400_000),
        ];
        let milliseconds = quantity(text, UNITS, "a duration such as 500ms, 30s, 10m, 1h or 30d")?;
        Ok(Self(Duration::from_millis(milliseconds)))
    }
}

/// A size: `512`, `64KiB`, `16MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(pub usize);

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const UNITS: &[(&str, u64)] = &[
            ("", 1),
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
        ];
        let bytes = quantity(text, UNITS, "a size such as 512, 64KiB or 16MiB")?;
        usize::try_from(bytes)
            .map(Self)
            .map_err(|_| "is too large".to_owned())
    }
}

/// A value that may be left empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maybe<T>(pub Option<T>);

impl<T: FromStr<Err: Display>> FromStr for Maybe<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let value = text.parse().map_err(|why: T::Err| why.to_string())?;
        Ok(Self(Some(value)))
    }
}

/// Values between commas; none where the text is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T: FromStr<Err: Display>> FromStr for List<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let items = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        let read = items.map(|it| it.parse().map_err(|why: T::Err| why.to_string()));
        read.collect::<Result<_, _>>().map(Self)
    }
}

/// The URL of a PowerSync Service, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(pub String);

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !is_web(text) || text.contains(['?', '#', '@']) {
            return Err("is not a URL such as https://sync.example".to_owned());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// A web origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `*`: any of them, without cookies.
    Any,
    /// `https://app.example`, as browsers write it.
    Named(String),
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Any);
        }
        // Apps have schemes of their own, such as capacitor://localhost.
        let named = text.split_once("://").is_some_and(|(scheme, host)| {
            let scheme = !scheme.is_empty() && scheme.bytes().all(|it| it.is_ascii_alphanumeric());
            scheme && !host.is_empty() && !host.contains(['/', '?', '#', '@', '*'])
        });
        if !named || !is_printable(text) {
            return Err("is not an origin such as https://app.example".to_owned());
        }
        Ok(Self::Named(text.to_ascii_lowercase()))
    }
}

fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://");
    let rest = rest.or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|it| !it.is_empty() && !it.starts_with('/')) && is_printable(text)
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_graphic())
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for Log {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("is neither text nor json".to_owned()),
        }
    }
}
