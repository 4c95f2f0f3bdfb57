//! From a database URL to what a connection needs, with libpq's meaning of `sslmode` and its
//! environment.
//!
//! In: the URL, and the cryptography that the caller has already. Out: an [`Address`] to connect
//! to, a [`Connector`] for the TLS on the way, and a [`ConnectError`] that helps.

mod address;
mod binding;
mod error;
mod tls;
mod verify;

pub use address::Address;
pub use error::{ConnectError, Refusal};
pub use tls::Connector;
