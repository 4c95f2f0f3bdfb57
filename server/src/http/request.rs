//! What every request goes through: an id, a line in the log, and the metrics.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONNECTION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span};

use super::Server;
use crate::measure::{REQUEST_SECONDS, REQUESTS, REQUESTS_UNDER_WAY};

/// The header that names a request, in and out.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over.
const LONGEST: usize = 128;

/// Routes that machines ask every few seconds: their lines are of level debug.
const PROBES: &[&str] = &["/healthz", "/readyz", "/metrics"];

/// Names the request, answers it, and says so.
pub(super) async fn observe(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let id = id(request.headers());
    let route = request.extensions().get::<MatchedPath>();
    // Never the path itself: what nobody routes may hold anything.
    let route = route.map_or_else(|| "none".to_owned(), |it| it.as_str().to_owned());
    let method = method(request.method());
    let version = request.version();
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        method,
        route
    );
    crate::trace::adopt(&span, request.headers());
    let line = Line::new(method, route, span.clone());
    let mut response = next.run(request).instrument(span).await;
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    // So that balancers and devices take their next request elsewhere.
    if server.readiness.is_stopping() && version <= Version::HTTP_11 {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    line.answered(response.status());
    response
}

/// The caller's id where it can do no harm in a log, or a new one.
fn id(headers: &HeaderMap) -> HeaderValue {
    let mut all = headers.get_all(REQUEST_ID).iter();
    match (all.next(), all.next()) {
        (Some(given), None) if is_sane(given.as_bytes()) => given.clone(),
        _ => fresh(),
    }
}

fn is_sane(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    !id.is_empty() && id.len() <= LONGEST && id.iter().all(plain)
}

/// 128 bits by which a request is found again; they guard nothing.
fn fresh() -> HeaderValue {
    let half = || RandomState::new().hash_one(Instant::now());
    let id = format!("{:016x}{:016x}", half(), half());
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("none"))
}

/// The methods that HTTP has; anything may be sent.
fn method(method: &Method) -> &'static str {
    const KNOWN: &[&str] = &["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
    let known = KNOWN.iter().find(|it| **it == method.as_str());
    known.copied().unwrap_or("other")
}

/// The line of a request. It is written when this is dropped, so that a client that hangs up has
/// one, too.
struct Line {
    method: &'static str,
    route: String,
    span: Span,
    from: Instant,
    status: Option<StatusCode>,
}

impl Line {
    fn new(method: &'static str, route: String, span: Span) -> Self {
        metrics::gauge!(REQUESTS_UNDER_WAY).increment(1.0);
        Self {
            method,
            route,
            span,
            from: Instant::now(),
            status: None,
        }
    }

    fn answered(mut self, status: StatusCode) {
        self.status = Some(status);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let took = self.from.elapsed();
        let status = self.status.map(|it| it.as_u16());
        let label = status.map_or_else(|| "gone".to_owned(), |it| it.to_string());
        metrics::gauge!(REQUESTS_UNDER_WAY).decrement(1.0);
        metrics::histogram!(REQUEST_SECONDS, "route" => self.route.clone())
            .record(took.as_secs_f64());
        metrics::counter!(
            REQUESTS, "method" => self.method, "route" => self.route.clone(), "status" => label
        )
        .increment(1);
        let milliseconds = took.as_secs_f64() * 1e3;
        let _entered = self.span.enter();
        match status {
            None => tracing::info!(milliseconds, "the client hung up"),
            Some(status) if PROBES.contains(&self.route.as_str()) => {
                tracing::debug!(status, milliseconds, "answered");
            }
            Some(status) => tracing::info!(status, milliseconds, "answered"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sane_ids_are_taken_over_and_others_replaced() {
        let long = "x".repeat(LONGEST + 1);
        for (given, taken) in [
            (&["0af7651916cd43dd.8448-eb_211c"][..], true),
            (&["a b"], false),
            (&["<script>"], false),
            (&[""], false),
            (&[&long], false),
            (&["one", "two"], false),
            (&[], false),
        ] {
            let mut headers = HeaderMap::new();
            for id in given {
                headers.append(REQUEST_ID, id.parse().expect("a header"));
            }
            let id = id(&headers);
            assert_eq!(given.iter().any(|it| id == **it), taken, "{given:?}");
            assert!(taken || id.len() == 32);
        }
    }
}
