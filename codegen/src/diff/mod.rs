//! What has to happen to PostgreSQL for one schema to become another.
//!
//! [`Step`] is the one word for a change. It has two sources and four readers: comparing two
//! schemas gives steps, and so does reading SQL; steps are printed as SQL, summed up for people,
//! weighed for hazards, and folded into a schema.
//!
//! [`diff`] compares what PostgreSQL holds of two schemas, whatever they were read from: a column's
//! type, not whether its words or its length asked for the check beside it.

mod access;
mod adopt;
mod cast;
mod column;
mod constraint;
mod enums;
mod facts;
pub mod fold;
pub mod hazard;
mod index;
mod renamed;
mod renames;
pub mod step;
mod table;
mod undeclared;

use syncline_schema::Schema;

pub use adopt::adopt;
pub use cast::{Cast, cast};
pub(crate) use column::fill as column_fill;
pub use facts::{Tables, foreign_keys, tables};
pub use renames::Renames;
pub use step::{ForeignKeyDef, Privileges, Step, TableName};
pub use undeclared::{Drops, undeclared};

/// Two of a kind: as it is, and as it shall be.
#[derive(Clone, Copy, Debug)]
pub struct Pair<T> {
    /// As it is.
    pub previous: T,
    /// As it shall be.
    pub next: T,
}

impl<T> Pair<T> {
    /// The two, borrowed.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair {
            previous: &self.previous,
            next: &self.next,
        }
    }
}

/// What of the two schemas is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Tables and all that belongs to them: for what was read from SQL or a database.
    Tables,
    /// Rights and the publication as well, which follow from a schema source.
    Declared,
}

/// The steps from one schema to another, in no order that PostgreSQL would take: ordering is
/// the plan's. A step that follows another on the same object comes after it.
pub fn diff(schemas: Pair<&Schema>, renames: &Renames, scope: Scope) -> Vec<Step> {
    let mut steps = Vec::new();
    let tables = Pair {
        previous: tables(schemas.previous),
        next: tables(schemas.next),
    };
    enums::diff(schemas, renames, &mut steps);
    table::diff(schemas, &tables, renames, &mut steps);
    if scope == Scope::Declared {
        access::diff(schemas, renames, &mut steps);
    }
    steps
}
