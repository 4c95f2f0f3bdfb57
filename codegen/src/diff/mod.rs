//! What has to happen to PostgreSQL for one schema to become another.
//!
//! [`Step`] is the one word for a change. It has three sources and three readers: comparing two
//! schemas gives steps, and so does reading SQL; steps are printed as SQL, summed up for people,
//! weighed for hazards, and folded into a schema.

pub mod step;

pub use step::{ForeignKeyDef, Privileges, Step, TableName};
