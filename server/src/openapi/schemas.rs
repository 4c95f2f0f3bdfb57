//! What the routes share: types, headers and problems.

use serde_json::{Map, Value, json};

/// The problems by status, each with its name, when it is the answer, and an example of its detail.
const PROBLEMS: &[(u16, &str, &str, &str)] = &[
    (
        400,
        "BadRequest",
        "The body can never be an upload.",
        "the body is not JSON",
    ),
    (
        401,
        "Unauthorized",
        "There is no valid token. The body is the same whatever is wrong.",
        "a valid bearer token is needed",
    ),
    (
        404,
        "NotFound",
        "There is nothing here, or it is not configured.",
        "there is nothing here",
    ),
    (
        405,
        "MethodNotAllowed",
        "The path does not take this method.",
        "the path does not take this method",
    ),
    (
        413,
        "TooLarge",
        "The body is over a limit.",
        "the body is longer than 16777216 bytes",
    ),
    (
        415,
        "UnsupportedMediaType",
        "The body is not JSON.",
        "the body is to be application/json",
    ),
    (
        429,
        "TooManyRequests",
        "This user has too much under way. Try again after Retry-After.",
        "too many uploads of this user are under way",
    ),
    (
        503,
        "Unavailable",
        "Later. Nothing unfinished was applied; what had been committed answers `duplicate` then.",
        "no connection to the database is free",
    ),
];

/// The name of a status among the document's responses.
pub(super) fn problem_name(status: u16) -> &'static str {
    let found = PROBLEMS.iter().find(|(own, ..)| *own == status);
    found.map_or("Unavailable", |(_, name, ..)| name)
}

pub(super) fn problems() -> Value {
    let one = |(status, name, description, detail): &(u16, &str, &str, &str)| {
        let title = axum::http::StatusCode::from_u16(*status)
            .ok()
            .and_then(|it| it.canonical_reason());
        let mut headers = Map::new();
        let reference = |name: &str| json!({ "$ref": format!("#/components/headers/{name}") });
        headers.insert("x-request-id".to_owned(), reference("RequestId"));
        if matches!(status, 429 | 503) {
            headers.insert("Retry-After".to_owned(), reference("RetryAfter"));
        }
        let problem = json!({
            "description": description,
            "headers": headers,
            "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "example": { "type": "about:blank", "title": title, "status": status, "detail": detail },
            } },
        });
        ((*name).to_owned(), problem)
    };
    Value::Object(PROBLEMS.iter().map(one).collect())
}

pub(super) fn headers() -> Value {
    json!({
        "RequestId": {
            "description": "The id of this request in the server's log: the caller's own where it sent one.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128 },
        },
        "RetryAfter": {
            "description": "When to try again, in seconds.",
            "schema": { "type": "integer", "minimum": 0 },
        },
    })
}

pub(super) fn schemas() -> Value {
    let op_id = json!({ "type": ["string", "integer", "null"], "description": "The device's number of the transaction." });
    let op = json!({ "enum": ["PUT", "PATCH", "DELETE"], "description": "PUT replaces a row, PATCH changes columns of one, DELETE removes one." });
    let id = json!({ "type": "string", "minLength": 1, "maxLength": 128 });
    let data = json!({ "type": ["object", "null"], "description": "Columns and their values, by their names in snake_case or camelCase." });
    let code = json!({ "type": "string", "description": "Why, for programs: invalid_value, unknown_column, unique_violation and so on." });
    json!({
        "Problem": {
            "description": "What went wrong, as RFC 9457 has it.",
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string", "format": "uri-reference" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string" },
            },
        },
        "Op": {
            "type": "object",
            "required": ["op", "table", "id"],
            "properties": {
                "op": op,
                "table": { "type": "string" },
                "id": id,
                "data": data,
                "old": { "type": ["object", "null"], "description": "What the device saw before, where the table rejects stale writes." },
            },
        },
        "Transaction": {
            "description": "What a device wrote in one transaction: all of it is applied, or none.",
            "type": "object",
            "required": ["ops"],
            "properties": {
                "op_id": op_id,
                "ops": { "type": "array", "items": { "$ref": "#/components/schemas/Op" } },
            },
        },
        "Upload": {
            "type": "object",
            "required": ["transactions"],
            "properties": {
                "client_id": { "type": ["string", "null"], "description": "The device. With it, a transaction is applied once however often it comes." },
                "schema_version": { "type": ["string", "null"], "description": "The version of the schema that the device has." },
                "transactions": { "type": "array", "items": { "$ref": "#/components/schemas/Transaction" } },
            },
        },
        "Results": {
            "type": "object",
            "required": ["results"],
            "properties": {
                "results": {
                    "description": "One a transaction, in order.",
                    "type": "array",
                    "items": { "$ref": "#/components/schemas/Result" },
                },
            },
        },
        "Result": {
            "type": "object",
            "required": ["status"],
            "properties": {
                "status": { "enum": ["applied", "duplicate", "rejected"] },
                "code": code,
                "op_index": { "type": ["integer", "null"], "minimum": 0 },
                "column": { "type": "string" },
                "message": { "type": "string" },
            },
        },
        "WriteResults": {
            "type": "object",
            "required": ["results"],
            "properties": {
                "results": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["status"],
                        "properties": {
                            "status": { "enum": ["success", "retryable_error", "fatal_error", "not_attempted"] },
                            "error": {
                                "type": "object",
                                "required": ["code", "message"],
                                "properties": {
                                    "code": code,
                                    "message": { "type": "string" },
                                    "op_index": { "type": ["integer", "null"] },
                                    "column": { "type": ["string", "null"] },
                                },
                            },
                        },
                    },
                },
            },
        },
        "Config": {
            "type": "object",
            "required": ["powersyncUrl", "userId"],
            "properties": {
                "powersyncUrl": { "type": "string", "format": "uri" },
                "userId": { "type": "string" },
            },
        },
        "Ready": {
            "type": "object",
            "required": ["status"],
            "properties": { "status": { "const": "ready" } },
        },
    })
}
