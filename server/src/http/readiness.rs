//! May this instance be sent requests?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::Server;
use super::reply::Problem;
use crate::start;

/// An answer is good for so long, however many ask: the route is open to all.
const FRESH: Duration = Duration::from_millis(500);

/// A database that takes longer than this is not ready.
const PATIENCE: Duration = Duration::from_secs(3);

/// What keeps an instance from being ready.
type Reasons = Vec<String>;

/// What is known of it.
#[derive(Debug, Default)]
pub(crate) struct Readiness {
    stopping: AtomicBool,
    seen: Mutex<Option<(Instant, Reasons)>>,
}

impl Readiness {
    /// From now on it is not ready, whatever else is.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Was it told to stop?
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// `GET /readyz`: can uploads be applied here? The database answers, the migrations that this
/// server needs are there, and tokens can be verified.
pub(super) async fn readyz(State(server): State<Arc<Server>>) -> Response {
    let mut reasons = Reasons::new();
    if server.readiness.is_stopping() {
        reasons.push("the server is stopping".to_owned());
    } else {
        let mut seen = server.readiness.seen.lock().await;
        match &*seen {
            Some((at, known)) if at.elapsed() < FRESH => reasons.clone_from(known),
            _ => {
                reasons = look(&server).await;
                *seen = Some((Instant::now(), reasons.clone()));
            }
        }
    }
    if reasons.is_empty() {
        return Json(json!({ "status": "ready" })).into_response();
    }
    Problem::NotReady(reasons.join("; ")).into_response()
}

async fn look(server: &Server) -> Reasons {
    let mut reasons = match timeout(PATIENCE, database(server)).await {
        Ok(reasons) => reasons,
        Err(_) => vec!["the database does not answer in time".to_owned()],
    };
    if let Err(why) = server.auth.ready() {
        reasons.push(format!("tokens cannot be verified: {why}"));
    }
    if !reasons.is_empty() {
        tracing::warn!(reasons = reasons.join("; "), "not ready");
    }
    reasons
}

/// What is wrong with the database, without what only its owner should know.
async fn database(server: &Server) -> Reasons {
    let Ok(client) = server.engine.pool.get().await else {
        return vec!["there is no connection to the database".to_owned()];
    };
    match start::migrations(&client, server.engine.catalog.app).await {
        Ok(findings) if findings.is_empty() => Reasons::new(),
        Ok(_) => vec!["migrations are missing".to_owned()],
        Err(_) => vec!["the database does not answer".to_owned()],
    }
}
