//! The routes that devices use.

use serde_json::{Value, json};

use super::{answer, answers};

const UPLOAD_PROBLEMS: &[u16] = &[400, 401, 413, 415, 429, 503];

pub(super) fn paths() -> Value {
    let upload = json!({
        "client_id": "b6e1f4c2",
        "schema_version": "0123456789abcdef",
        "transactions": [{
            "op_id": "17",
            "ops": [{ "op": "PUT", "table": "projects", "id": "6f1d3c1e-0a3f-4a45-9a5c-2a8f0b6d2f11", "data": { "name": "Garden" } }],
        }],
    });
    let results = json!({ "results": [
        { "status": "applied" },
        { "status": "rejected", "code": "invalid_value", "op_index": 0, "column": "name", "message": "is no text" },
    ] });
    let written = json!({ "results": [{ "status": "success" }] });
    let config = json!({ "powersyncUrl": "https://sync.example", "userId": "user-1" });
    json!({
        "/api/powersync/upload": { "put": {
            "operationId": "upload",
            "tags": ["upload"],
            "summary": "Applies client transactions, in order.",
            "description": "A 200 has one result a transaction; the device completes them all. What is to be tried again is never inside a 200.",
            "security": [{ "token": [] }],
            "requestBody": body(&upload),
            "responses": answers(answer("The verdicts; each is committed.", "Results", &results), UPLOAD_PROBLEMS),
        } },
        "/api/data": { "post": {
            "operationId": "writeApi",
            "tags": ["upload"],
            "summary": "The same for PowerSync's own write-API connector.",
            "description": "What is to be tried again is said inside the 200, of its transaction.",
            "security": [{ "token": [] }],
            "requestBody": body(&upload),
            "responses": answers(answer("One result a transaction.", "WriteResults", &written), UPLOAD_PROBLEMS),
        } },
        "/api/powersync/config": { "get": {
            "operationId": "config",
            "tags": ["upload"],
            "summary": "Which PowerSync the user's devices sync with.",
            "security": [{ "token": [] }],
            "responses": answers(answer("The endpoint, and who the token names.", "Config", &config), &[401, 404, 503]),
        } },
    })
}

fn body(example: &Value) -> Value {
    json!({
        "required": true,
        "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/Upload" },
            "example": example,
        } },
    })
}
