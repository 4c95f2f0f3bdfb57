//! Keys that are published elsewhere, and may change at any time.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::NotAuthenticated::Later;
use super::fetch::Endpoint;
use super::issuer::Ring;
use super::jwks::{JwksRules, Keys, key_id};
use super::{NotAuthenticated, User};
use crate::config::Config;

/// Where keys are published.
pub(super) enum Source {
    /// At the issuer.
    Endpoint(Endpoint),
    /// In the database, by this server or by Better Auth.
    Ring(Arc<Ring>),
}

impl Source {
    async fn read(&self) -> Result<Keys, String> {
        let json = match self {
            Self::Endpoint(endpoint) => endpoint.get().await?,
            Self::Ring(ring) => ring.published().await?,
        };
        Keys::read(&json)
    }
}

/// How long keys are used, and how often they are asked for.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Between two reads in the background.
    refresh: Duration,
    /// How old keys may get while their source is down.
    stale: Duration,
    /// Between two reads for keys that nobody knows.
    cool_down: Duration,
}

/// Keys, and when they were read.
struct Known {
    keys: Keys,
    at: Instant,
}

/// Verifies tokens with keys that are read again and again.
pub(super) struct KeyCache {
    source: Source,
    rules: JwksRules,
    pace: Pace,
    known: RwLock<Option<Arc<Known>>>,
    /// When keys were last asked for because of a token; one at a time.
    asked: Mutex<Option<Instant>>,
}

impl KeyCache {
    pub(super) fn new(source: Source, rules: JwksRules, config: &Config) -> Self {
        Self {
            source,
            rules,
            pace: Pace {
                refresh: config.auth_refresh.0,
                stale: config.auth_stale.0,
                cool_down: config.auth_cool_down.0,
            },
            known: RwLock::new(None),
            asked: Mutex::new(None),
        }
    }

    /// Are there keys that are fresh enough?
    pub(super) fn ready(&self) -> bool {
        self.known().is_some()
    }

    /// The user of a token.
    pub(super) async fn verify(&self, token: &str) -> Result<User, NotAuthenticated> {
        // What needs no key comes first: such tokens must not make anybody ask for keys.
        let id = key_id(token)?;
        if !self.known().is_some_and(|known| known.keys.has(&id)) {
            self.ask(&id).await;
        }
        match self.known() {
            Some(known) => known.keys.verify(token, &self.rules),
            None => Err(Later("there are no keys: their source cannot be read")),
        }
    }

    /// Reads the keys again and again, for as long as it is let.
    pub(super) async fn refresh_forever(&self) {
        loop {
            // A source that is down comes back at some time: sooner than the next refresh.
            let pause = match self.read().await {
                Ok(()) => self.pace.refresh,
                Err(()) => self.pace.refresh.min(self.pace.cool_down),
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Reads the keys now.
    pub(super) async fn read(&self) -> Result<(), ()> {
        match self.source.read().await {
            Ok(keys) => {
                let known = Arc::new(Known {
                    keys,
                    at: Instant::now(),
                });
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
                metrics::counter!("syncline_jwks_reads_total", "result" => "ok").increment(1);
                Ok(())
            }
            Err(why) => {
                tracing::warn!(%why, "the keys of tokens could not be read");
                metrics::counter!("syncline_jwks_reads_total", "result" => "failed").increment(1);
                Err(())
            }
        }
    }

    /// Asks for a key that nobody knows: one at a time, and not again before the cool-down, so
    /// that invented ids cost the issuer next to nothing.
    async fn ask(&self, id: &str) {
        let mut asked = self.asked.lock().await;
        let answered = self.known().is_some_and(|known| known.keys.has(id));
        if answered || asked.is_some_and(|at| at.elapsed() < self.pace.cool_down) {
            return;
        }
        // A failure is in the log already.
        let _ = self.read().await;
        *asked = Some(Instant::now());
    }

    fn known(&self) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .clone()
            .filter(|known| known.at.elapsed() < self.pace.stale)
    }
}
