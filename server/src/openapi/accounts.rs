//! The routes that sign users in, as Better Auth's.

use serde_json::{Map, Value, json};

/// An error, as Better Auth's clients read it.
const ERRORS: &[(u16, &str, &str)] = &[
    (400, "VALIDATION_ERROR", "Invalid body"),
    (
        401,
        "INVALID_EMAIL_OR_PASSWORD",
        "Invalid email or password",
    ),
    (403, "INVALID_ORIGIN", "Invalid origin"),
    (
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "The body is to be application/json",
    ),
    (
        422,
        "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
        "User already exists. Use another email.",
    ),
    (
        429,
        "TOO_MANY_REQUESTS",
        "Too many requests. Please try again later.",
    ),
    (503, "SERVICE_UNAVAILABLE", "Please try again later."),
];

const KEY: &str = r#"{"keys":[{"alg":"RS256","kty":"RSA","n":"…","e":"AQAB","kid":"…"}]}"#;
const USER: &str = r#"{"name":"Ann","email":"ann@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-02T03:04:05.678Z","updatedAt":"2026-01-02T03:04:05.678Z","id":"…"}"#;

pub(super) fn paths() -> Value {
    let user: Value = serde_json::from_str(USER).unwrap_or_default();
    let keys: Value = serde_json::from_str(KEY).unwrap_or_default();
    let sign_up = json!({ "name": "Ann", "email": "ann@example.com", "password": "correct horse" });
    let sign_in = json!({ "email": "ann@example.com", "password": "correct horse" });
    json!({
        "/api/auth/jwks": { "get": route(
            "jwks", "The keys of tokens, their public halves.", &keys, &[503],
        ) },
        "/api/auth/token": { "get": route(
            "token", "A token of the session's user, for fifteen minutes.", &json!({ "token": "eyJ…" }), &[401, 503],
        ) },
        "/api/auth/get-session": { "get": route(
            "getSession", "The session and its user, or null.",
            &json!({ "session": { "id": "…", "userId": "…", "token": "…" }, "user": user }), &[503],
        ) },
        "/api/auth/sign-up/email": { "post": with_body(
            route("signUp", "Makes a user, and a session.", &json!({ "token": "…", "user": user }), &[400, 403, 415, 422, 429, 503]),
            &["name", "email", "password"], &sign_up,
        ) },
        "/api/auth/sign-in/email": { "post": with_body(
            route(
                "signIn", "Begins a session.", &json!({ "redirect": false, "token": "…", "user": user }),
                &[400, 401, 403, 415, 429, 503],
            ),
            &["email", "password"], &sign_in,
        ) },
        "/api/auth/sign-out": { "post": route(
            "signOut", "Ends the session.", &json!({ "success": true }), &[403, 503],
        ) },
    })
}

fn route(operation: &str, summary: &str, example: &Value, errors: &[u16]) -> Value {
    let request_id = json!({ "$ref": "#/components/headers/RequestId" });
    let kind = if operation == "getSession" {
        json!(["object", "null"])
    } else {
        json!("object")
    };
    let mut responses = Map::new();
    let success = json!({
        "description": summary,
        "headers": { "x-request-id": request_id },
        "content": { "application/json": { "schema": { "type": kind }, "example": example } },
    });
    responses.insert("200".to_owned(), success);
    responses.insert(
        "404".to_owned(),
        json!({ "$ref": "#/components/responses/NotFound" }),
    );
    for (status, code, message) in ERRORS.iter().filter(|(status, ..)| errors.contains(status)) {
        let mut headers = json!({ "x-request-id": request_id });
        if matches!(status, 429 | 503) {
            headers["Retry-After"] = json!({ "$ref": "#/components/headers/RetryAfter" });
        }
        let schema = json!({
            "type": "object",
            "required": ["message", "code"],
            "properties": { "message": { "type": "string" }, "code": { "type": "string" } },
        });
        let error = json!({
            "description": message,
            "headers": headers,
            "content": { "application/json": { "schema": schema, "example": { "message": message, "code": code } } },
        });
        responses.insert(status.to_string(), error);
    }
    json!({ "operationId": operation, "tags": ["accounts"], "summary": summary, "responses": responses })
}

fn with_body(mut route: Value, required: &[&str], example: &Value) -> Value {
    let properties = json!({
        "name": { "type": "string", "maxLength": 2048 },
        "email": { "type": "string", "format": "email", "maxLength": 254 },
        "password": { "type": "string", "maxLength": 128 },
        "image": { "type": ["string", "null"], "maxLength": 2048 },
        "rememberMe": { "type": "boolean" },
    });
    let schema = json!({ "type": "object", "required": required, "properties": properties });
    route["requestBody"] = json!({
        "required": true,
        "content": { "application/json": { "schema": schema, "example": example } },
    });
    route
}
