//! Answers: verdicts, and problems as RFC 9457 has them.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::verdict::{Rejection, Retry, Verdict};

/// What a request is answered with instead of verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// 400: the body can never be an upload.
    NotAnUpload(String),
    /// 401, always the same bytes.
    Unauthorized,
    /// 404.
    NotFound,
    /// 404: no PowerSync is configured.
    NoEndpoint,
    /// 405.
    Method,
    /// 413.
    TooLarge(String),
    /// 415.
    MediaType,
    /// 429: this user has too much under way.
    TooMany,
    /// 503: later.
    Later(Retry),
    /// 503: this instance is not to be sent requests, and why.
    NotReady(String),
}

impl Problem {
    fn parts(self) -> (StatusCode, String, Option<u64>) {
        match self {
            Self::NotAnUpload(why) => (StatusCode::BAD_REQUEST, why, None),
            Self::Unauthorized => {
                let detail = "a valid bearer token is needed".to_owned();
                (StatusCode::UNAUTHORIZED, detail, None)
            }
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "there is nothing here".to_owned(),
                None,
            ),
            Self::NoEndpoint => {
                let detail = "no PowerSync is configured: SYNCLINE_POWERSYNC_URL".to_owned();
                (StatusCode::NOT_FOUND, detail, None)
            }
            Self::Method => {
                let detail = "the path does not take this method".to_owned();
                (StatusCode::METHOD_NOT_ALLOWED, detail, None)
            }
            Self::TooLarge(why) => (StatusCode::PAYLOAD_TOO_LARGE, why, None),
            Self::MediaType => {
                let detail = "the body is to be application/json, not packed".to_owned();
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, detail, None)
            }
            Self::TooMany => {
                let detail = "too many uploads of this user are under way".to_owned();
                (StatusCode::TOO_MANY_REQUESTS, detail, Some(1))
            }
            Self::Later(retry) => {
                let after = Some(retry.after_seconds);
                (StatusCode::SERVICE_UNAVAILABLE, retry.reason, after)
            }
            Self::NotReady(why) => (StatusCode::SERVICE_UNAVAILABLE, why, Some(1)),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, detail, retry_after) = self.parts();
        let title = status.canonical_reason().unwrap_or_default();
        let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        let problem = HeaderValue::from_static("application/problem+json");
        headers.insert(CONTENT_TYPE, problem);
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer of `PUT /api/powersync/upload`.
#[derive(Debug, Serialize)]
pub(crate) struct Results<'a> {
    results: Vec<OneResult<'a>>,
}

#[derive(Debug, Serialize)]
struct OneResult<'a> {
    status: &'static str,
    #[serde(flatten)]
    rejection: Option<&'a Rejection>,
}

impl<'a> Results<'a> {
    /// One a transaction, in order.
    pub(crate) fn of(verdicts: &'a [Verdict]) -> Self {
        let one = |verdict: &'a Verdict| OneResult {
            status: verdict.name(),
            rejection: verdict.rejection(),
        };
        Self {
            results: verdicts.iter().map(one).collect(),
        }
    }

    /// The answer of `POST /api/data`: what stopped is said of its transaction, and the rest were
    /// not attempted.
    pub(crate) fn write_api(
        verdicts: &[Verdict],
        stopped: Option<&Retry>,
        all: usize,
    ) -> serde_json::Value {
        let mut results: Vec<_> = verdicts
            .iter()
            .map(|verdict| match verdict.rejection() {
                None => json!({ "status": "success" }),
                Some(rejection) => json!({
                    "status": "fatal_error",
                    "error": {
                        "code": rejection.refusal.code,
                        "message": rejection.refusal.message,
                        "op_index": rejection.op_index,
                        "column": rejection.refusal.column,
                    },
                }),
            })
            .collect();
        if let Some(retry) = stopped {
            results.push(json!({
                "status": "retryable_error",
                "error": { "code": "retry", "message": retry.reason },
            }));
        }
        results.resize_with(
            all.max(results.len()),
            || json!({ "status": "not_attempted" }),
        );
        json!({ "results": results })
    }
}
