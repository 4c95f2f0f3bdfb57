//! HTTP: the routes, and what stands before them.

mod admission;
mod listen;
mod reply;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{get, post, put};

use tokio::task::JoinHandle;

use crate::auth::{Authenticate, User};
use crate::body::Limits;
use crate::config::Config;
use crate::upload::Engine;
use admission::Admission;
pub(crate) use listen::serve;
use reply::Problem;

/// What the routes share; [`open`](crate::open) makes one.
pub struct Server {
    pub(crate) engine: Engine,
    auth: Box<dyn Authenticate>,
    admission: Admission,
    limits: Limits,
    body_timeout: Duration,
    /// Work in the background, which ends with the server.
    background: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.background.abort();
    }
}

impl Server {
    /// A server of an engine's app.
    pub(crate) fn new(
        engine: Engine,
        auth: Box<dyn Authenticate>,
        background: JoinHandle<()>,
        config: &Config,
    ) -> Self {
        Self {
            engine,
            auth,
            admission: Admission::new(
                config.max_uploads,
                config.max_uploads_per_user,
                config.max_buffered.0,
            ),
            limits: Limits {
                bytes: config.max_body.0,
                ops: config.max_ops,
                transactions: config.max_transactions,
            },
            body_timeout: config.body_timeout.0,
            background,
        }
    }

    async fn authenticate(&self, headers: &HeaderMap) -> Result<User, Problem> {
        self.auth.authenticate(headers).await.map_err(|why| {
            tracing::debug!(%why, "a request names nobody");
            Problem::Unauthorized
        })
    }
}

/// The routes, to be mounted in an app of one's own.
///
/// Mount it at the root: the paths are those of the contract with devices.
pub fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/powersync/upload", put(upload::upload))
        .route("/api/data", post(upload::data))
        .route("/healthz", get(async || "ok\n"))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::Method)
        .with_state(server)
}
