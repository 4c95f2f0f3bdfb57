//! One file a verb.

pub(crate) mod check;
pub(crate) mod convert;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod generate;
pub(crate) mod import;
pub(crate) mod init;
mod live;
pub(crate) mod migrate;
pub(crate) mod schema;
mod scripts;
mod watch;
