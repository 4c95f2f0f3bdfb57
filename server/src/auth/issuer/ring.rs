//! The keys in Better Auth's table `jwks`, by whomever they were made.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use deadpool_postgres::{Client, Pool};
use serde_json::json;
use tokio_postgres::Row;

use super::key::{Algorithm, Pair};
use crate::auth::better_auth::tables::Statements;
use crate::auth::better_auth::{random_id, seal};
use crate::auth::published;
use crate::config::{Config, Secret};

/// How long tokens are still verified by a key that has ended, as Better Auth has it.
const GRACE: Duration = Duration::from_secs(30 * 86_400);

/// The key that signs.
struct Signing {
    id: String,
    pair: Pair,
    /// When another instance may have rotated it, or it ends: then it is looked up again.
    until: Instant,
}

/// Reads keys, makes them and signs with the newest.
pub(crate) struct Ring {
    pool: Pool,
    statements: Statements,
    secret: Secret,
    algorithm: Algorithm,
    /// How long a new key signs; none for ever.
    life: Option<Duration>,
    refresh: Duration,
    signing: RwLock<Option<Arc<Signing>>>,
}

/// A row of the table.
struct Stored {
    id: String,
    public: String,
    private: String,
    algorithm: Option<String>,
    /// Seconds until it ends; none for never.
    left: Option<f64>,
}

impl Stored {
    fn of(row: &Row) -> Self {
        Self {
            id: row.get(0),
            public: row.get(1),
            private: row.get(2),
            algorithm: row.get(3),
            left: row.get(5),
        }
    }
}

impl Ring {
    pub(crate) fn new(pool: Pool, statements: Statements, secret: Secret, config: &Config) -> Self {
        Self {
            pool,
            statements,
            secret,
            algorithm: config.auth_algorithm,
            life: Some(config.auth_rotate.0).filter(|it| !it.is_zero()),
            refresh: config.auth_refresh.0,
            signing: RwLock::new(None),
        }
    }

    /// The JWKS: every key whose tokens may still be good. Makes the first key.
    pub(crate) async fn published(&self) -> Result<String, String> {
        let client = self.client().await?;
        let mut keys = self.keys(&client).await?;
        if keys.is_empty() {
            drop(client);
            self.signing().await?;
            keys = self.keys(&self.client().await?).await?;
        }
        let fresh = |key: &&Stored| key.left.is_none_or(|left| left > -GRACE.as_secs_f64());
        let public = |key: &Stored| {
            // Better Auth's keys of the time before the column have its default.
            let algorithm = key.algorithm.as_deref().unwrap_or("EdDSA");
            published::key(&key.id, &key.public, Some(algorithm))
        };
        let keys: Vec<_> = keys.iter().filter(fresh).filter_map(public).collect();
        Ok(json!({ "keys": keys }).to_string())
    }

    /// Is there a key to sign with? Makes the first.
    pub(crate) async fn check(&self) -> Result<(), String> {
        self.signing().await.map(drop)
    }

    /// A token with these claims, signed with the newest key.
    pub(crate) async fn sign(&self, claims: &serde_json::Value) -> Result<String, String> {
        let signing = self.signing().await?;
        let token = signing.pair.token(&signing.id, claims);
        token.map_err(|_| "a token could not be signed".to_owned())
    }

    /// Ends every key's signing, and makes the next: tokens are verified by the old ones until the
    /// grace is over.
    pub(crate) async fn rotate(&self) -> Result<String, String> {
        let client = self.client().await?;
        let ended = client.execute(&self.statements.end_keys, &[]).await;
        ended.map_err(|why| said(&why))?;
        drop(client);
        *self.signing.write().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(self.signing().await?.id.clone())
    }

    async fn signing(&self) -> Result<Arc<Signing>, String> {
        let known = self
            .signing
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(known) = known.filter(|it| it.until > Instant::now()) {
            return Ok(known);
        }
        let mut client = self.client().await?;
        let found = match self.newest(&self.keys(&client).await?)? {
            Some(found) => found,
            None => self.make(&mut client).await?,
        };
        let found = Arc::new(found);
        *self.signing.write().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
        Ok(found)
    }

    /// The newest key of the algorithm that has not ended, or else the newest of those we can use.
    fn newest(&self, keys: &[Stored]) -> Result<Option<Signing>, String> {
        let live = || {
            keys.iter()
                .filter(|key| key.left.is_none_or(|left| left > 0.0))
        };
        let algorithm = |key: &Stored| {
            key.algorithm
                .as_deref()
                .unwrap_or("EdDSA")
                .parse::<Algorithm>()
                .ok()
        };
        let own = live().find(|key| algorithm(key) == Some(self.algorithm));
        let Some((key, algorithm)) = own.and_then(|key| Some((key, algorithm(key)?))) else {
            return Ok(None);
        };
        let sealed = serde_json::from_str::<String>(&key.private).ok();
        let private = match sealed {
            Some(sealed) => seal::open(self.secret.expose(), &sealed),
            // Better Auth can be told not to encrypt.
            None => Some(key.private.clone()),
        };
        let private = private.ok_or_else(|| {
            "the keys in table jwks are encrypted with another secret: give the server that secret, or empty the table"
                .to_owned()
        })?;
        let pair = Pair::read(&private, algorithm)
            .map_err(|_| "the newest key in table jwks is no key of its algorithm".to_owned())?;
        let left = key
            .left
            .and_then(|left| Duration::try_from_secs_f64(left).ok());
        let pause = left.map_or(self.refresh, |left| left.min(self.refresh));
        Ok(Some(Signing {
            id: key.id.clone(),
            pair,
            until: Instant::now() + pause,
        }))
    }

    /// Makes a key, once: whoever comes second finds it made.
    async fn make(&self, client: &mut Client) -> Result<Signing, String> {
        const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('syncline.jwks'))";
        let whole = client.transaction().await.map_err(|why| said(&why))?;
        whole.batch_execute(LOCK).await.map_err(|why| said(&why))?;
        let rows = whole.query(&self.statements.keys, &[]).await;
        let keys: Vec<_> = rows
            .map_err(|why| said(&why))?
            .iter()
            .map(Stored::of)
            .collect();
        if let Some(made) = self.newest(&keys)? {
            return Ok(made);
        }
        let algorithm = self.algorithm;
        let pair = tokio::task::spawn_blocking(move || {
            let pair = Pair::generate(algorithm)?;
            pair.jwks().map(|jwks| (pair, jwks))
        });
        let bad = || "a key could not be made".to_owned();
        let (pair, (public, private)) = pair.await.map_err(|_| bad())?.map_err(|_| bad())?;
        let id = random_id().map_err(|_| bad())?;
        let private = seal::seal(self.secret.expose(), &private).map_err(|_| bad())?;
        let private = json!(private).to_string();
        let life = self.life.map(|life| life.as_secs_f64());
        let (name, curve) = (algorithm.name(), algorithm.curve());
        let made = whole
            .execute(
                &self.statements.new_key,
                &[&id, &public, &private, &name, &curve, &life],
            )
            .await;
        made.map_err(|why| said(&why))?;
        whole.commit().await.map_err(|why| said(&why))?;
        tracing::info!(kid = id, alg = name, "a key for tokens was made");
        let pause = self
            .life
            .map_or(self.refresh, |life| life.min(self.refresh));
        Ok(Signing {
            id,
            pair,
            until: Instant::now() + pause,
        })
    }

    async fn keys(&self, client: &Client) -> Result<Vec<Stored>, String> {
        let rows = client.query(&self.statements.keys, &[]).await;
        Ok(rows
            .map_err(|why| said(&why))?
            .iter()
            .map(Stored::of)
            .collect())
    }

    async fn client(&self) -> Result<Client, String> {
        let client = self.pool.get().await;
        client.map_err(|_| "no connection to the database".to_owned())
    }
}

/// What PostgreSQL said, without the values that its messages may hold.
pub(crate) fn said(why: &tokio_postgres::Error) -> String {
    match why.code().map(|it| it.code()) {
        Some("42P01" | "3F000") => {
            "table jwks, session, user or account is not there: run the verb auth-tables, or Better Auth's migration".to_owned()
        }
        Some("42501") => "the role may not use Better Auth's tables: run the verb auth-tables".to_owned(),
        Some(code) => format!("PostgreSQL answers {code}"),
        None => "the connection to the database broke off".to_owned(),
    }
}
