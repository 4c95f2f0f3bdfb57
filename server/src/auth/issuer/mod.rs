//! Signs users in itself, for teams without Better Auth: on its tables, with its bodies, so that
//! they can move there, or back.

mod attempts;
mod der;
pub(crate) mod development;
pub(crate) mod key;
mod ring;
mod users;

use std::net::IpAddr;
use std::sync::Arc;

use deadpool_postgres::Pool;
use serde_json::json;

use super::better_auth::cookie::Cookies;
use super::better_auth::password::Passwords;
use super::better_auth::session::allowed;
use super::better_auth::tables::Statements;
use super::jwks::now;
use crate::config::{Config, Secret};
use attempts::Attempts;
use axum::http::HeaderMap;
use axum::http::header::{COOKIE, ORIGIN};

pub use key::Algorithm;
pub(crate) use ring::{Ring, said};
pub(crate) use users::{Refused, SignIn, SignUp, SignedIn};

/// How long a token lives, in seconds, as Better Auth has it.
pub(crate) const TOKEN_LIFE: i64 = 15 * 60;

/// How long a session lives, in seconds: a week, or a day where it is not to be remembered.
pub(crate) const SESSION_LIFE: i64 = 7 * 86_400;
pub(crate) const SHORT_SESSION_LIFE: i64 = 86_400;

/// Signs users up, in and out, and gives them tokens.
pub struct Issuer {
    pool: Pool,
    pub(crate) ring: Arc<Ring>,
    statements: Statements,
    pub(crate) cookies: Cookies,
    passwords: Passwords,
    attempts: Attempts,
    origins: Vec<String>,
    sign_up: bool,
    name: String,
    audience: String,
    /// The header in which a proxy names the client.
    address_header: Option<String>,
}

impl Issuer {
    /// One by the configuration.
    pub(crate) fn new(pool: Pool, ring: Arc<Ring>, secret: &Secret, config: &Config) -> Self {
        let cookies = Cookies::new(secret.expose(), config.auth_secure_cookies);
        Self {
            attempts: Attempts::new(pool.clone(), config),
            pool,
            ring,
            statements: Statements::new(&config.auth_schema),
            cookies,
            passwords: Passwords::new(),
            origins: config.named_origins(),
            sign_up: config.auth_sign_up,
            name: config.auth_issuer_name().to_owned(),
            audience: config.auth_audience.clone(),
            address_header: Some(config.auth_address_header.clone()).filter(|it| !it.is_empty()),
        }
    }

    /// May this request change anything? Browsers name the page that it comes from; what is no
    /// browser sends no cookie and needs none.
    pub(crate) fn may_write(&self, headers: &HeaderMap) -> bool {
        let browser = [COOKIE.as_str(), ORIGIN.as_str(), "sec-fetch-site"];
        allowed(headers, &self.origins) || !browser.iter().any(|it| headers.contains_key(*it))
    }

    /// A token of this user, for PowerSync and for uploads.
    pub(crate) async fn token(&self, user: &str) -> Result<String, Refused> {
        let claims = claims(user, &self.name, &self.audience, TOKEN_LIFE);
        self.ring.sign(&claims).await.map_err(|why| {
            tracing::error!(%why, "no token could be signed");
            Refused::Later
        })
    }

    /// Where a request comes from: the connection, or what the proxy says in its header.
    pub(crate) fn address(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
        // What stands before the last comma is what the client claims; the rest is the proxy's.
        let forwarded = || {
            let name = self.address_header.as_ref()?;
            let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
            line.rsplit(',').next()?.trim().parse().ok()
        };
        forwarded().or(peer)
    }
}

/// The claims of a token that begins now.
pub(crate) fn claims(user: &str, issuer: &str, audience: &str, life: i64) -> serde_json::Value {
    let now = now();
    json!({ "iat": now, "sub": user, "exp": now + life, "iss": issuer, "aud": audience })
}
