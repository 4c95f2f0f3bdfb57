//! Why a value was refused. Messages name the column and the rule, never the value: they end up
//! in logs.

use std::fmt;

/// A value that its column's type does not take.
///
/// `Display` gives `column: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    column: &'static str,
    element: Option<usize>,
    problem: Problem,
}

impl Invalid {
    pub(crate) fn new(column: &'static str, problem: Problem) -> Self {
        Self {
            column,
            element: None,
            problem,
        }
    }

    pub(crate) fn in_element(column: &'static str, element: usize, problem: Problem) -> Self {
        Self {
            column,
            element: Some(element),
            problem,
        }
    }

    /// The code that the upload contract gives it: `invalid_value`.
    pub fn code(&self) -> &'static str {
        "invalid_value"
    }

    /// The column, by its name in PostgreSQL.
    pub fn column(&self) -> &'static str {
        self.column
    }

    /// What the rule is; never holds the value.
    pub fn message(&self) -> String {
        match self.element {
            Some(element) => format!("element {element}: {}", self.problem),
            None => self.problem.to_string(),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.column, self.message())
    }
}

impl std::error::Error for Invalid {}

/// The rule that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The value is not of the type at all.
    Expected(&'static str),
    /// NULL in a required column.
    Required,
    /// A number outside the type.
    OutOfRange(&'static str),
    /// An integer with a fraction.
    Fraction,
    /// More digits after the point than the scale holds.
    Scale(u16),
    /// More digits before the point than precision and scale leave.
    Precision(u16, u16),
    /// Text over its limit, in characters.
    TooLong(u32),
    /// U+0000, which PostgreSQL cannot hold.
    Nul,
    /// Half of a surrogate pair.
    Surrogate,
    /// Not one of the enum's words.
    NotAWord,
    /// A day that no calendar has.
    NoSuchDate,
    /// A time that no clock shows.
    NoSuchTime,
    /// An offset that no place uses.
    Offset,
    /// A number for a timestamp that declares no unit.
    NoUnit,
    /// Text that is not one JSON document.
    NotJson,
    /// JSON nested too deep.
    Depth(usize),
    /// A number in JSON that is no finite double.
    JsonNumber,
    /// An id that is empty or too long.
    IdLength,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::Required => f.write_str("is required and cannot be null"),
            Self::OutOfRange(ty) => write!(f, "out of range for {ty}"),
            Self::Fraction => f.write_str("expected an integer, without a fraction"),
            Self::Scale(scale) => write!(f, "has more than {scale} digits after the point"),
            Self::Precision(precision, scale) => {
                write!(f, "out of range for decimal({precision},{scale})")
            }
            Self::TooLong(limit) => write!(f, "is longer than {limit} characters"),
            Self::Nul => f.write_str("holds a NUL character"),
            Self::Surrogate => f.write_str("holds a lone surrogate"),
            Self::NotAWord => f.write_str("is not one of the enum's values"),
            Self::NoSuchDate => f.write_str("there is no such date"),
            Self::NoSuchTime => f.write_str("there is no such time of day"),
            Self::Offset => f.write_str("has a UTC offset over 14 hours"),
            Self::NoUnit => {
                f.write_str("a number is no timestamp unless the column declares its unit")
            }
            Self::NotJson => f.write_str("is not valid JSON"),
            Self::Depth(limit) => write!(f, "is JSON nested deeper than {limit} levels"),
            Self::JsonNumber => f.write_str("holds a number beyond what a double can hold"),
            Self::IdLength => f.write_str("must be 1 to 128 bytes long"),
        }
    }
}
