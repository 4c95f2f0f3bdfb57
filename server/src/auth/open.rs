//! The ways to authenticate that the configuration asks for, put together.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use deadpool_postgres::Pool;
use tokio::task::JoinSet;

use super::NotAuthenticated::Nobody;
use super::better_auth::cookie::Cookies;
use super::better_auth::session::Sessions;
use super::better_auth::tables::Statements;
use super::cache::{KeyCache, Source};
use super::fetch::Endpoint;
use super::issuer::development::Development;
use super::issuer::{Issuer, Ring};
use super::jwks::{JwksRules, Keys};
use super::{Authenticate, Authenticated, NotAuthenticated, User, bearer};
use crate::config::Config;

/// What authenticates requests, and what makes tokens where this server does.
pub struct Auth {
    /// Authenticates requests.
    pub requests: Box<dyn Authenticate>,
    /// Signs users in, in issuer mode.
    pub issuer: Option<Arc<Issuer>>,
    /// The JWKS of the development key, where there is one.
    pub development_jwks: Option<String>,
    /// What reads keys in the background; it ends with this value.
    pub tasks: JoinSet<()>,
}

/// Opens the ways that the configuration asks for.
///
/// # Errors
///
/// A line that says what is wrong. An issuer that is down is no error: it will come back.
pub async fn open(config: &Config, pool: &Pool) -> Result<Auth, String> {
    let rules = JwksRules {
        audience: config.auth_audience.clone(),
        issuer: Some(config.auth_issuer_name().to_owned()).filter(|it| !it.is_empty()),
    };
    let statements = Statements::new(&config.auth_schema);
    let mut front = Front::default();
    let mut issuer = None;
    let mut development_jwks = None;
    if let Some(path) = &config.auth_jwks_file.0 {
        let keys = Keys::open(path)?;
        front.fixed.push((keys, rules.clone()));
    }
    if let Some(path) = &config.auth_development_key.0 {
        let jwks = Development::open(path)?.published()?;
        front.fixed.push((Keys::read(&jwks)?, rules.clone()));
        development_jwks = Some(jwks);
        tracing::warn!("tokens of the development key are taken: this is no server for users");
    }
    let mut sources = Vec::new();
    if let Some(url) = &config.auth_jwks_url.0 {
        let endpoint = Endpoint::new(url);
        let endpoint = endpoint.map_err(|why| format!("SYNCLINE_AUTH_JWKS_URL: {why}"))?;
        sources.push(Source::Endpoint(endpoint));
    }
    if let Some(secret) = &config.auth_secret.0 {
        if secret.expose().chars().count() < 32 {
            tracing::warn!("SYNCLINE_AUTH_SECRET is shorter than 32 characters: it can be guessed");
        }
        front.sessions = Some(Sessions {
            pool: pool.clone(),
            cookies: Cookies::new(secret.expose(), config.auth_secure_cookies),
            statements: statements.clone(),
            origins: config.named_origins(),
        });
        if config.auth_issue {
            let ring = Arc::new(Ring::new(pool.clone(), statements, secret.clone(), config));
            // A wrong secret or a missing table is said now, not to the first user.
            ring.check().await?;
            sources.push(Source::Ring(ring.clone()));
            issuer = Some(Arc::new(Issuer::new(pool.clone(), ring, secret, config)));
        }
    }
    let mut tasks = JoinSet::new();
    if let Some(issuer) = issuer.clone() {
        tasks.spawn(async move { issuer.forget_forever().await });
    }
    for source in sources {
        let cache = Arc::new(KeyCache::new(source, rules.clone(), config));
        // Tried once before the first request; then in the background, for ever.
        let _ = cache.read().await;
        front.caches.push(cache.clone());
        tasks.spawn(async move { cache.refresh_forever().await });
    }
    Ok(Auth {
        requests: Box::new(front),
        issuer,
        development_jwks,
        tasks,
    })
}

/// All the ways.
#[derive(Default)]
struct Front {
    fixed: Vec<(Keys, JwksRules)>,
    caches: Vec<Arc<KeyCache>>,
    sessions: Option<Sessions>,
}

impl Front {
    async fn user(&self, headers: &HeaderMap, writes: bool) -> Result<User, NotAuthenticated> {
        if !headers.contains_key(AUTHORIZATION) {
            return match &self.sessions {
                Some(sessions) => sessions.cookie(headers, writes).await,
                None => Err(Nobody("there is no token")),
            };
        }
        let token = bearer(headers)?;
        // A JWT has three parts, a session's token one, or two where it is signed.
        match &self.sessions {
            Some(sessions) if token.matches('.').count() != 2 => sessions.bearer(token).await,
            _ => self.verify(token).await,
        }
    }

    async fn verify(&self, token: &str) -> Result<User, NotAuthenticated> {
        let mut last = Nobody("there are no keys");
        for (keys, rules) in &self.fixed {
            match keys.verify(token, rules) {
                Ok(user) => return Ok(user),
                Err(why) => last = why,
            }
        }
        for cache in &self.caches {
            match cache.verify(token).await {
                Ok(user) => return Ok(user),
                Err(why) => last = why,
            }
        }
        Err(last)
    }
}

impl Authenticate for Front {
    fn authenticate<'a>(&'a self, headers: &'a HeaderMap) -> Authenticated<'a> {
        Box::pin(self.user(headers, true))
    }

    fn authenticate_read<'a>(&'a self, headers: &'a HeaderMap) -> Authenticated<'a> {
        Box::pin(self.user(headers, false))
    }

    fn ready(&self) -> Result<(), String> {
        if self.caches.iter().all(|cache| cache.ready()) {
            return Ok(());
        }
        Err("there are no keys to verify tokens with".to_owned())
    }
}
