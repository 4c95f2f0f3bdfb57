//! Who sends a request: a token of an issuer's (`jwks`, `cache`, `fetch`), a session of Better Auth's
//! (`better_auth`), or a user whom this server signs in itself (`issuer`). `open` puts the ways
//! together that the configuration asks for.

pub(crate) mod better_auth;
mod cache;
mod fetch;
pub(crate) mod issuer;
mod jwks;
mod open;
pub(crate) mod published;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

pub(crate) use fetch::place;
pub use issuer::{Algorithm, Issuer};
pub use open::{Auth, open};

/// A user, as a token names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct User {
    /// The token's `sub`: the owner of what is uploaded.
    pub id: String,
}

/// Why a request was not authenticated. What it says is for the server's log only: it never holds
/// a part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAuthenticated {
    /// The request names nobody; the answer is the same bytes always.
    Nobody(&'static str),
    /// Nobody can say now, since the issuer or the database is down: to be tried again.
    Later(&'static str),
}

impl fmt::Display for NotAuthenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody(why) | Self::Later(why) => f.write_str(why),
        }
    }
}

/// What authenticating ends with.
pub type Authenticated<'a> =
    Pin<Box<dyn Future<Output = Result<User, NotAuthenticated>> + Send + 'a>>;

/// What authenticates a request.
pub trait Authenticate: Send + Sync {
    /// The user that the headers of a request that writes name.
    fn authenticate<'a>(&'a self, headers: &'a HeaderMap) -> Authenticated<'a>;

    /// The user that the headers of a request that only reads name. A browser's cookie needs no
    /// allowed origin here, since no other origin can read the answer.
    fn authenticate_read<'a>(&'a self, headers: &'a HeaderMap) -> Authenticated<'a> {
        self.authenticate(headers)
    }

    /// Can users be told from each other now? `/readyz` shows the reason where not: it is for
    /// everyone to read.
    ///
    /// # Errors
    ///
    /// What is missing, in a line.
    fn ready(&self) -> Result<(), String> {
        Ok(())
    }
}

/// The bearer token of a request with exactly one Authorization header.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, NotAuthenticated> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else {
        return Err(NotAuthenticated::Nobody(
            "there is not exactly one Authorization header",
        ));
    };
    let text = one
        .to_str()
        .map_err(|_| NotAuthenticated::Nobody("the header is not ASCII"))?;
    let (scheme, token) = text
        .split_once(' ')
        .ok_or(NotAuthenticated::Nobody("no bearer token"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(NotAuthenticated::Nobody("no bearer token"));
    }
    Ok(token.trim())
}
