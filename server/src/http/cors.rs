//! Which web origins may call the server from a browser.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::request::REQUEST_ID;
use crate::config::Origin;

/// The layer for these origins; none where no browser is to call.
///
/// Cookies are for named origins only: a browser refuses them where any origin may call.
pub(super) fn layer(origins: &[Origin]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let any = origins.contains(&Origin::Any);
    let named = origins.iter().filter_map(|origin| match origin {
        Origin::Any => None,
        Origin::Named(origin) => HeaderValue::try_from(origin).ok(),
    });
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            REQUEST_ID,
            HeaderName::from_static("traceparent"),
            HeaderName::from_static("tracestate"),
        ])
        .expose_headers([RETRY_AFTER, REQUEST_ID])
        .max_age(Duration::from_secs(600));
    Some(match any {
        true => layer.allow_origin(AllowOrigin::any()),
        false => layer
            .allow_origin(AllowOrigin::list(named))
            .allow_credentials(true),
    })
}
