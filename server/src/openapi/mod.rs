//! The description of the routes, as OpenAPI 3.1 has it.
//!
//! Each part of the server describes its own routes; a new part is a line in [`PARTS`].

mod accounts;
mod operations;
mod schemas;
mod upload;

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A part of the server: its paths.
type Part = fn() -> Value;

/// Every part, in the order of the document.
const PARTS: &[Part] = &[upload::paths, operations::paths, accounts::paths];

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// `GET /openapi.json`.
pub(crate) async fn route() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

fn document() -> Value {
    let mut paths = Map::new();
    for part in PARTS {
        if let Value::Object(part) = part() {
            paths.extend(part);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Syncline server",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Takes what devices have written offline, and says where they sync from.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "upload", "description": "What devices have written." },
            { "name": "operations", "description": "For those who run the server." },
            { "name": "accounts", "description": "Signs users in, where the server is the issuer; 404 elsewhere." },
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            },
            "headers": schemas::headers(),
            "schemas": schemas::schemas(),
            "responses": schemas::problems(),
        },
    })
}

/// A successful answer of a JSON type, with an example.
fn answer(description: &str, schema: &str, example: &Value) -> Value {
    json!({
        "description": description,
        "headers": { "x-request-id": { "$ref": "#/components/headers/RequestId" } },
        "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{schema}") },
            "example": example,
        } },
    })
}

/// The answers of a route: what succeeds, and the problems by their statuses.
fn answers(success: Value, problems: &[u16]) -> Value {
    let mut all = Map::new();
    all.insert("200".to_owned(), success);
    for status in problems {
        let problem = format!("#/components/responses/{}", schemas::problem_name(*status));
        all.insert(status.to_string(), json!({ "$ref": problem }));
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference leads somewhere.
    #[test]
    fn references_lead_somewhere() {
        let document = document();
        let mut found = 0;
        let mut rest = vec![&document];
        while let Some(value) = rest.pop() {
            match value {
                Value::Array(items) => rest.extend(items),
                Value::Object(members) => {
                    if let Some(Value::String(to)) = members.get("$ref") {
                        let to = to.strip_prefix('#').expect("in this document");
                        assert!(document.pointer(to).is_some(), "{to}");
                        found += 1;
                    }
                    rest.extend(members.values());
                }
                _ => {}
            }
        }
        assert!(found > 20, "{found}");
    }
}
