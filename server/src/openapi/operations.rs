//! The routes for those who run the server.

use serde_json::{Value, json};

use super::{answer, answers};

pub(super) fn paths() -> Value {
    json!({
        "/healthz": { "get": {
            "operationId": "health",
            "tags": ["operations"],
            "summary": "The process lives. It says nothing of the database.",
            "responses": answers(text("It lives.", "ok\n"), &[]),
        } },
        "/readyz": { "get": {
            "operationId": "readiness",
            "tags": ["operations"],
            "summary": "Uploads can be applied here: the database answers, migrations are there, tokens can be verified.",
            "description": "503 from the moment a shutdown begins, some time before connections are refused.",
            "responses": answers(answer("Ready.", "Ready", &json!({ "status": "ready" })), &[503]),
        } },
        "/metrics": { "get": {
            "operationId": "metrics",
            "tags": ["operations"],
            "summary": "Metrics in Prometheus' text format. 404 where they have an address of their own.",
            "responses": answers(
                text("The metrics.", "syncline_transactions_total{verdict=\"applied\"} 1\n"),
                &[404],
            ),
        } },
        "/openapi.json": { "get": {
            "operationId": "openapi",
            "tags": ["operations"],
            "summary": "This document.",
            "responses": answers(
                json!({
                    "description": "The document.",
                    "content": { "application/json": { "schema": { "type": "object" } } },
                }),
                &[],
            ),
        } },
    })
}

fn text(description: &str, example: &str) -> Value {
    json!({
        "description": description,
        "headers": { "x-request-id": { "$ref": "#/components/headers/RequestId" } },
        "content": { "text/plain": { "schema": { "type": "string" }, "example": example } },
    })
}
