//! Streams that the user wrote.

use crate::place::Place;

/// A stream beyond the derived ones.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stream {
    /// Its name, which clients subscribe to.
    pub name: String,
    /// What it is for.
    pub doc: Option<String>,
    /// Do clients get it without asking?
    pub auto_subscribe: bool,
    /// 0 syncs first, 3 last.
    pub priority: Option<u8>,
    /// Named queries that the others may use.
    pub with: Vec<(String, Query)>,
    /// What it sends.
    pub queries: Vec<Query>,
    /// Said on purpose: access may depend on what the client claims.
    pub accept_potentially_dangerous_queries: bool,
    /// Where the source declares it.
    #[serde(skip)]
    pub place: Place,
}

/// SQL in the dialect of Sync Streams, as the user wrote it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Query {
    /// The text.
    pub sql: String,
    /// The string in the source, quotes included.
    #[serde(skip)]
    pub place: Place,
}

impl Query {
    /// The place of the bytes `range` of the query within the source.
    ///
    /// The whole string where its escapes make that unclear: the source's bytes are then more
    /// than the value's and the quotes.
    pub fn place_of(&self, range: std::ops::Range<usize>) -> Place {
        let (Some(file), Some(literal)) = (self.place.file(), self.place.range()) else {
            return self.place;
        };
        let open = match literal.len().saturating_sub(self.sql.len()) {
            2 => 1,
            extra @ 6..=8 if self.sql.contains('\n') => extra - 3,
            _ => return self.place,
        };
        let start = literal.start + open;
        let cut = |at: usize| start + at.min(self.sql.len());
        Place::new(file, cut(range.start)..cut(range.end))
    }
}
