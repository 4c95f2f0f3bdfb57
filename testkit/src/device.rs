//! A device that uploads: the published recipe's requests, without its SDK.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::http::{Answer, Client};

/// Where devices upload to.
pub const UPLOAD: &str = "/api/powersync/upload";

/// A device of one user. All that it sends is sent once: trying again is the test's decision.
#[derive(Debug)]
pub struct Device {
    /// Its connection.
    pub http: Client,
    /// Its bearer token; none when empty.
    pub token: String,
    /// What it says to be; the plain recipe says nothing.
    pub client_id: Option<String>,
    /// The schema that it was built with.
    pub schema_version: Option<String>,
}

impl Device {
    /// One that names itself and no schema.
    pub fn new(server: SocketAddr, token: String, client_id: &str) -> Self {
        Self {
            http: Client::new(server),
            token,
            client_id: Some(client_id.to_owned()),
            schema_version: None,
        }
    }

    /// Waits no longer than this for the next bytes of an answer.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.http = self.http.patience(patience);
        self
    }

    /// Uploads transactions.
    ///
    /// # Errors
    /// No answer came: whether they were applied is not known.
    pub fn upload(&mut self, transactions: &[Value]) -> io::Result<Answer> {
        let body = self.body(transactions);
        self.send("PUT", UPLOAD, body.to_string().as_bytes())
    }

    /// Sends a body that is JSON, or should be, to a path.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub fn send(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<Answer> {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("content-type", "application/json")];
        if !self.token.is_empty() {
            headers.push(("authorization", &bearer));
        }
        self.http.send(method, path, &headers, body)
    }

    /// The body of an upload.
    pub fn body(&self, transactions: &[Value]) -> Value {
        let mut body = Map::new();
        let says = [
            ("client_id", &self.client_id),
            ("schema_version", &self.schema_version),
        ];
        for (name, value) in says {
            if let Some(value) = value {
                body.insert(name.into(), value.as_str().into());
            }
        }
        body.insert("transactions".into(), transactions.into());
        body.into()
    }
}

/// A client transaction.
pub fn transaction(op_id: u64, ops: &[Value]) -> Value {
    json!({"op_id": op_id, "ops": ops})
}

/// The op that sets a whole row.
pub fn put(table: &str, id: &str, data: Value) -> Value {
    json!({"op": "PUT", "table": table, "id": id, "data": data})
}

/// The op that changes columns.
pub fn patch(table: &str, id: &str, data: Value) -> Value {
    json!({"op": "PATCH", "table": table, "id": id, "data": data})
}

/// The op that deletes a row.
pub fn delete(table: &str, id: &str) -> Value {
    json!({"op": "DELETE", "table": table, "id": id})
}
