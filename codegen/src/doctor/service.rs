//! What the PowerSync Service says of itself.

use std::collections::BTreeSet;

use serde_json::Value;
use syncline_schema::Code;

use super::{Level, Line};

/// What the service was asked.
pub const DIAGNOSTICS: &str = "/api/admin/v1/diagnostics";

/// The probes: their paths, and what they tell.
pub const PROBES: [(&str, &str); 2] = [
    ("/probes/liveness", "it runs"),
    ("/probes/startup", "it has started"),
];

/// Judges a probe's answer.
pub fn probe(path: &str, what: &str, status: u16) -> Line {
    match status {
        200..=299 => Line::ok(Code::U011, format!("the service says that {what} ({path})")),
        404 => Line::error(
            Code::U011,
            format!("{path} is not there (404)"),
            "what answers is no PowerSync Service, or its probes are switched off",
            "look at the address (--powersync-url) and at healthcheck.probes in the service's configuration",
        ),
        other => Line::error(
            Code::U011,
            format!("{path} answers {other}: it is not so that {what}"),
            "the service has not started, or a part of it has died",
            "look at the service's log: docker compose logs powersync",
        ),
    }
}

/// Judges the answer of [`DIAGNOSTICS`].
pub fn diagnostics(status: u16, body: &[u8]) -> Vec<Line> {
    let code = Code::U012;
    if matches!(status, 401 | 403) {
        return vec![Line::error(
            code,
            format!("the service refuses the admin token ({status})"),
            "nobody can say whether it replicates",
            "give one of the list api.tokens in the service's configuration, by POWERSYNC_ADMIN_TOKEN",
        )];
    }
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    let Some(answer) = answer.filter(|it| (200..300).contains(&status) && it.is_object()) else {
        return vec![Line::error(
            code,
            format!("{DIAGNOSTICS} answers {status} and nothing that can be read"),
            "nobody can say whether the service replicates",
            "look at the address, and at the service's version: 1.25 has this endpoint",
        )];
    };
    let data = answer.get("data").unwrap_or(&answer);
    let mut lines = Vec::new();
    let mut told = BTreeSet::new();
    errors(data, &mut told, &mut lines);
    let active = data.get("active_sync_rules").filter(|it| it.is_object());
    let deploying = data.get("deploying_sync_rules").filter(|it| it.is_object());
    match (active, deploying) {
        (Some(rules), _) => replicated(rules, "active", &mut lines),
        (None, Some(rules)) => replicated(rules, "deploying", &mut lines),
        (None, None) => lines.push(Line::error(
            code,
            "the service has no sync config",
            "no stream exists: every device gets nothing",
            "name generated/powersync/sync-config.yaml in the service's configuration (sync_config.path), and restart it",
        )),
    }
    if lines.is_empty() {
        lines.push(Line::ok(
            code,
            "the service has copied the tables and follows their changes".to_owned(),
        ));
    }
    lines
}

/// Has every connection of a sync config made its first copy?
fn replicated(rules: &Value, which: &str, lines: &mut Vec<Line>) {
    let connections = rules.get("connections").and_then(Value::as_array);
    let connections = connections.map_or(&[][..], Vec::as_slice);
    let done = |it: &Value| it.get("initial_replication_done") == Some(&Value::Bool(true));
    if connections.is_empty() || !connections.iter().all(done) {
        lines.push(Line::warning(
            Code::U012,
            format!("the first copy of the tables is not through (the {which} sync config)"),
            "devices wait for it: they have no rows, or those of the sync config before",
            "wait, and run again; if it never ends, look at the service's log and at the slots above",
        ));
    }
}

/// Every error in an answer, wherever it hangs: of connections, sync configs or tables.
fn errors(value: &Value, told: &mut BTreeSet<String>, lines: &mut Vec<Line>) {
    match value {
        Value::Array(each) => each.iter().for_each(|it| errors(it, told, lines)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_array().filter(|_| name == "errors") {
                    Some(list) => list.iter().for_each(|it| error(it, told, lines)),
                    None => errors(field, told, lines),
                }
            }
        }
        _ => {}
    }
}

fn error(said: &Value, told: &mut BTreeSet<String>, lines: &mut Vec<Line>) {
    let text = |name: &str| said.get(name).and_then(Value::as_str);
    let message: String = text("message")
        .unwrap_or("an error without words")
        .chars()
        .take(300)
        .collect();
    if !told.insert(message.clone()) {
        return;
    }
    let line = Line::error(
        Code::U012,
        format!("the service says: {message}"),
        "it is the service's own finding about a connection, the sync config or a table",
        "`syncline check` finds what is wrong in the files; the lines about PostgreSQL here, what is wrong there",
    );
    lines.push(Line {
        level: if text("level") == Some("warning") {
            Level::Warning
        } else {
            Level::Error
        },
        ..line
    });
}
