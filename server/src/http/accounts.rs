//! Issuer mode's routes, with Better Auth's paths and bodies.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Problem;
use super::listen::Peer;
use crate::auth::Auth;
use crate::auth::better_auth::cookie::Kind;
use crate::auth::issuer::{Issuer, Refused, SESSION_LIFE, SignIn, SignUp, SignedIn};
use crate::config::Config;

/// The longest body, in bytes.
const MAX_BODY: usize = 16 << 10;

/// The session's token, signed, for clients that keep no cookies.
const SET_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");

/// What the routes share.
#[derive(Clone)]
struct Accounts {
    issuer: Arc<Issuer>,
    patience: Duration,
}

type Answer = Result<Response, Refused>;

/// The routes of issuer mode; of a development key only its JWKS; none without either.
pub(super) fn accounts<S>(auth: &Auth, config: &Config) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let method = async || Problem::Method;
    if let Some(issuer) = &auth.issuer {
        let state = Accounts {
            issuer: issuer.clone(),
            patience: config.body_timeout.0,
        };
        return Router::new()
            .route("/api/auth/jwks", get(jwks).fallback(method))
            .route("/api/auth/token", get(token).fallback(method))
            .route("/api/auth/get-session", get(session).fallback(method))
            .route("/api/auth/sign-up/email", post(sign_up).fallback(method))
            .route("/api/auth/sign-in/email", post(sign_in).fallback(method))
            .route("/api/auth/sign-out", post(sign_out).fallback(method))
            .with_state(state);
    }
    let Some(jwks) = auth.development_jwks.clone() else {
        return Router::new();
    };
    let answer = async move || json_text(jwks.clone());
    Router::new().route("/api/auth/jwks", get(answer).fallback(method))
}

async fn jwks(State(accounts): State<Accounts>) -> Answer {
    let jwks = accounts.issuer.ring.published().await;
    jwks.map(json_text).map_err(|why| {
        tracing::error!(%why, "the keys cannot be read");
        Refused::Later
    })
}

async fn token(State(accounts): State<Accounts>, headers: HeaderMap) -> Answer {
    let issuer = &accounts.issuer;
    let token = issuer
        .session_token(&headers)
        .ok_or(Refused::Unauthorized)?;
    let session = issuer.session(&token, false).await?;
    let (session, _) = session.ok_or(Refused::Unauthorized)?;
    let user = session["user"]["id"].as_str().unwrap_or_default();
    let token = issuer.token(user).await?;
    Ok(private(Json(json!({ "token": token })).into_response()))
}

async fn session(State(accounts): State<Accounts>, headers: HeaderMap) -> Answer {
    let issuer = &accounts.issuer;
    let Some(token) = issuer.session_token(&headers) else {
        return Ok(private(Json(Value::Null).into_response()));
    };
    // A session that is not to be remembered is not prolonged.
    let prolong = issuer.cookies.read(&headers, Kind::DontRemember).is_none();
    let found = issuer.session(&token, prolong).await?;
    let Some((session, prolonged)) = found else {
        let mut response = private(Json(Value::Null).into_response());
        cookie(&mut response, &issuer.cookies.clear(Kind::Session));
        return Ok(response);
    };
    let mut response = private(Json(session).into_response());
    if prolonged {
        let set = issuer
            .cookies
            .set(Kind::Session, &token, Some(SESSION_LIFE));
        cookie(&mut response, &set);
    }
    Ok(response)
}

async fn sign_up(
    State(accounts): State<Accounts>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let body: SignUp = accounts.read(&headers, body).await?;
    let address = accounts.address(&headers, peer);
    let signed_in = accounts.issuer.sign_up(body, &headers, address).await?;
    let body = json!({ "token": signed_in.token, "user": signed_in.user });
    Ok(accounts.signed_in(&signed_in, &body))
}

async fn sign_in(
    State(accounts): State<Accounts>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let body: SignIn = accounts.read(&headers, body).await?;
    let address = accounts.address(&headers, peer);
    let signed_in = accounts.issuer.sign_in(body, &headers, address).await?;
    let body = json!({ "redirect": false, "token": signed_in.token, "user": signed_in.user });
    Ok(accounts.signed_in(&signed_in, &body))
}

async fn sign_out(State(accounts): State<Accounts>, headers: HeaderMap) -> Answer {
    let issuer = &accounts.issuer;
    if !issuer.may_write(&headers) {
        return Err(Refused::InvalidOrigin);
    }
    if let Some(token) = issuer.session_token(&headers) {
        issuer.sign_out(&token).await?;
    }
    let mut response = private(Json(json!({ "success": true })).into_response());
    for kind in [Kind::Session, Kind::DontRemember] {
        cookie(&mut response, &issuer.cookies.clear(kind));
    }
    Ok(response)
}

impl Accounts {
    /// The body, where the request may change anything.
    async fn read<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<T, Refused> {
        if !self.issuer.may_write(headers) {
            return Err(Refused::InvalidOrigin);
        }
        // Forms of other pages are sent without asking; JSON is not.
        let media = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let media = media
            .and_then(|it| it.split(';').next())
            .unwrap_or_default();
        if !media.trim().eq_ignore_ascii_case("application/json") {
            return Err(Refused::MediaType);
        }
        let body = timeout(self.patience, to_bytes(body, MAX_BODY)).await;
        let body = body
            .map_err(|_| Refused::Later)?
            .map_err(|_| Refused::InvalidBody)?;
        serde_json::from_slice(&body).map_err(|_| Refused::InvalidBody)
    }

    fn address(&self, headers: &HeaderMap, peer: Option<Extension<Peer>>) -> Option<IpAddr> {
        self.issuer
            .address(headers, peer.map(|Extension(peer)| peer.0))
    }

    /// A body, with the cookies of a session that has begun.
    fn signed_in(&self, session: &SignedIn, body: &Value) -> Response {
        let cookies = &self.issuer.cookies;
        let mut response = private(Json(body).into_response());
        let life = session.remember.then_some(SESSION_LIFE);
        cookie(
            &mut response,
            &cookies.set(Kind::Session, &session.token, life),
        );
        if session.remember {
            // Left by a session before, it would cut this one short.
            cookie(&mut response, &cookies.clear(Kind::DontRemember));
        } else {
            cookie(
                &mut response,
                &cookies.set(Kind::DontRemember, "true", None),
            );
        }
        if let Ok(token) = HeaderValue::from_str(&cookies.sign(&session.token)) {
            response.headers_mut().insert(SET_TOKEN, token);
        }
        response
    }
}

impl Refused {
    /// Status, code and message, as Better Auth has them.
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::InvalidBody => (S::BAD_REQUEST, "VALIDATION_ERROR", "Invalid body"),
            Self::InvalidEmail => (S::BAD_REQUEST, "INVALID_EMAIL", "Invalid email"),
            Self::PasswordTooShort => (S::BAD_REQUEST, "PASSWORD_TOO_SHORT", "Password too short"),
            Self::PasswordTooLong => (S::BAD_REQUEST, "PASSWORD_TOO_LONG", "Password too long"),
            Self::InvalidEmailOrPassword => (
                S::UNAUTHORIZED,
                "INVALID_EMAIL_OR_PASSWORD",
                "Invalid email or password",
            ),
            Self::UserAlreadyExists => (
                S::UNPROCESSABLE_ENTITY,
                "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
                "User already exists. Use another email.",
            ),
            Self::SignUpDisabled => (
                S::BAD_REQUEST,
                "EMAIL_PASSWORD_SIGN_UP_DISABLED",
                "Email and password sign up is not enabled",
            ),
            Self::FailedToCreateUser => (
                S::UNPROCESSABLE_ENTITY,
                "FAILED_TO_CREATE_USER",
                "Failed to create user",
            ),
            Self::InvalidOrigin => (S::FORBIDDEN, "INVALID_ORIGIN", "Invalid origin"),
            Self::Unauthorized => (S::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized"),
            Self::MediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "The body is to be application/json",
            ),
            Self::TooMany(_) => (
                S::TOO_MANY_REQUESTS,
                "TOO_MANY_REQUESTS",
                "Too many requests. Please try again later.",
            ),
            Self::Later => (
                S::SERVICE_UNAVAILABLE,
                "SERVICE_UNAVAILABLE",
                "Please try again later.",
            ),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code, message) = self.parts();
        let body = Json(json!({ "message": message, "code": code }));
        let mut response = private((status, body).into_response());
        let wait = match self {
            Self::TooMany(seconds) => Some(seconds),
            Self::Later => Some(1),
            _ => None,
        };
        if let Some(seconds) = wait {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Not for anybody's cache.
fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn json_text(text: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

fn cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
