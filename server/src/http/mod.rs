//! HTTP: the routes, and what stands before them.

mod accounts;
mod admission;
mod cors;
mod listen;
mod powersync;
mod readiness;
mod reply;
mod request;
mod tls;
mod upload;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};

use tokio::task::JoinSet;

use crate::auth::{Auth, Authenticate, NotAuthenticated, User};
use crate::body::Limits;
use crate::config::{Config, Endpoint, Origin};
use crate::upload::Engine;
use crate::verdict::Retry;
use crate::{measure, openapi};
use admission::Admission;
pub(crate) use listen::{Stop, serve};
use readiness::Readiness;
use reply::Problem;

/// What the routes share; [`open`](crate::open) makes one.
pub struct Server {
    pub(crate) engine: Engine,
    auth: Box<dyn Authenticate>,
    admission: Admission,
    limits: Limits,
    body_timeout: Duration,
    endpoints: Vec<Endpoint>,
    origins: Vec<Origin>,
    metrics_elsewhere: bool,
    pub(crate) readiness: Readiness,
    /// The routes that sign users in, where there are some.
    accounts: Router<Arc<Server>>,
    /// Work in the background, which ends with the server.
    _background: JoinSet<()>,
}

impl Server {
    /// A server of an engine's app.
    pub(crate) fn new(
        engine: Engine,
        mut auth: Auth,
        background: impl Future<Output = ()> + Send + 'static,
        config: &Config,
    ) -> Self {
        let accounts = accounts::accounts(&auth, config);
        auth.tasks.spawn(background);
        Self {
            engine,
            auth: auth.requests,
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
            endpoints: config.powersync_url.0.clone(),
            origins: config.cors_origins.0.clone(),
            metrics_elsewhere: config.listen_metrics.0.is_some(),
            readiness: Readiness::default(),
            accounts,
            _background: auth.tasks,
        }
    }

    /// Who sends a request that writes.
    async fn authenticate(&self, headers: &HeaderMap) -> Result<User, Problem> {
        named(self.auth.authenticate(headers).await)
    }

    /// Who sends a request that only reads.
    async fn authenticate_read(&self, headers: &HeaderMap) -> Result<User, Problem> {
        named(self.auth.authenticate_read(headers).await)
    }
}

/// A user, or the answer instead.
fn named(user: Result<User, NotAuthenticated>) -> Result<User, Problem> {
    user.map_err(|why| match why {
        NotAuthenticated::Nobody(why) => {
            tracing::debug!(why, "a request names nobody");
            Problem::Unauthorized
        }
        NotAuthenticated::Later(why) => {
            tracing::warn!(why, "nobody can say who sends a request");
            Problem::Later(Retry::new("tokens cannot be verified now"))
        }
    })
}

/// The routes, to be mounted in an app of one's own.
///
/// Mount it at the root: the paths are those of the contract with devices.
pub fn router(server: Arc<Server>) -> Router {
    let mut routes = probes()
        .route("/api/powersync/upload", put(upload::upload))
        .route("/api/powersync/config", get(powersync::config))
        .route("/api/data", post(upload::data))
        .route("/openapi.json", get(openapi::route))
        .merge(server.accounts.clone());
    if !server.metrics_elsewhere {
        routes = routes.route("/metrics", get(metrics));
    }
    let cors = cors::layer(&server.origins);
    let routes = fallbacks(routes);
    let routes = match cors {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes
        .layer(from_fn_with_state(server.clone(), request::observe))
        .with_state(server)
}

/// The routes of the address that is for metrics alone.
pub(crate) fn metrics_router(server: Arc<Server>) -> Router {
    fallbacks(probes().route("/metrics", get(metrics))).with_state(server)
}

fn probes() -> Router<Arc<Server>> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readiness::readyz))
}

fn fallbacks(routes: Router<Arc<Server>>) -> Router<Arc<Server>> {
    routes
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::Method)
}

/// `GET /metrics`.
async fn metrics(State(server): State<Arc<Server>>) -> Result<Response, Problem> {
    measure::pool(&server.engine.pool);
    let text = measure::render().ok_or(Problem::NotFound)?;
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, text).into_response())
}
