//! Who sends a request.

mod jwks;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

pub use jwks::{JwksFile, JwksRules};

/// A user, as a token names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct User {
    /// The token's `sub`: the owner of what is uploaded.
    pub id: String,
}

/// The request names nobody. Why is for the server's log; the answer is the same bytes always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unauthorized(pub &'static str);

impl fmt::Display for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What authenticates a request.
pub trait Authenticate: Send + Sync {
    /// The user that the headers name.
    fn authenticate<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> Pin<Box<dyn Future<Output = Result<User, Unauthorized>> + Send + 'a>>;

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
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Unauthorized> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else {
        return Err(Unauthorized(
            "there is not exactly one Authorization header",
        ));
    };
    let text = one
        .to_str()
        .map_err(|_| Unauthorized("the header is not ASCII"))?;
    let (scheme, token) = text
        .split_once(' ')
        .ok_or(Unauthorized("no bearer token"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Unauthorized("no bearer token"));
    }
    Ok(token.trim())
}
