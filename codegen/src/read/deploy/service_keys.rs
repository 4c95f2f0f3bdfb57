//! The keys and values of the service's configuration (service-schema 1.26), as a table. The
//! package's own JSON schema lets misspelt keys pass, and the service ignores them.

use syncline_schema::Diagnostic;
use syncline_schema::codes::Code;

use super::{Said, Tree, said};
use crate::read::keys;
use crate::read::yaml::{Node, Value};

/// A map: where it stands, what it is called, its keys. `*` is each item of a list.
type Row = (
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

const MAPS: &[Row] = &[
    (
        &[],
        "the service's configuration",
        &[
            "replication",
            "client_auth",
            "api",
            "storage",
            "port",
            "sync_config",
            "sync_rules",
            "metadata",
            "migrations",
            "telemetry",
            "healthcheck",
            "system",
            "parameters",
        ],
    ),
    (&["replication"], "`replication`", &["connections"]),
    (
        &["replication", "connections", "*"],
        "a connection",
        &[
            "type",
            "id",
            "tag",
            "debug_api",
            "uri",
            "hostname",
            "port",
            "username",
            "password",
            "database",
            "sslmode",
            "cacert",
            "client_certificate",
            "client_private_key",
            "tls_servername",
            "reject_ip_ranges",
            "slot_name_prefix",
            "max_pool_size",
            "connect_timeout",
            "snapshot_socket_timeout",
            "heartbeat_interval_seconds",
        ],
    ),
    (
        &["client_auth"],
        "`client_auth`",
        &[
            "jwks_uri",
            "block_local_jwks",
            "jwks_reject_ip_ranges",
            "jwks",
            "supabase",
            "supabase_jwt_secret",
            "audience",
        ],
    ),
    (&["client_auth", "jwks"], "`jwks`", &["keys"]),
    (&["api"], "`api`", &["tokens", "parameters"]),
    (
        &["api", "parameters"],
        "`api.parameters`",
        &[
            "max_concurrent_connections",
            "max_data_fetch_concurrency",
            "max_buckets_per_connection",
            "max_parameter_query_results",
            "checkpoint_request_retention_minutes",
            "bucket_count_cache_ttl_minutes",
        ],
    ),
    (
        &["storage"],
        "`storage`",
        &[
            "type",
            "max_pool_size",
            "default_storage_version",
            "id",
            "tag",
            "uri",
            "hostname",
            "port",
            "username",
            "password",
            "database",
            "sslmode",
            "cacert",
            "client_certificate",
            "client_private_key",
            "tls_servername",
            "reject_ip_ranges",
            "slot_name_prefix",
            "connect_timeout",
            "batch_limits",
            "bulk_read_preference",
            "clear_batch_throttle_rate",
            "object_storage",
        ],
    ),
    (
        &["sync_config"],
        "`sync_config`",
        &["version_label", "path", "content", "exit_on_error"],
    ),
    (
        &["sync_rules"],
        "`sync_rules`",
        &["version_label", "path", "content", "exit_on_error"],
    ),
    (&["migrations"], "`migrations`", &["disable_auto_migration"]),
    (
        &["telemetry"],
        "`telemetry`",
        &[
            "prometheus_port",
            "disable_telemetry_sharing",
            "internal_service_endpoint",
        ],
    ),
    (&["healthcheck"], "`healthcheck`", &["probes"]),
    (
        &["healthcheck", "probes"],
        "`probes`",
        &["use_filesystem", "use_http", "use_legacy"],
    ),
    (&["system"], "`system`", &["logging"]),
    (&["system", "logging"], "`logging`", &["level", "format"]),
];

/// What a value may be.
enum Kind {
    OneOf(&'static [&'static str]),
    Flag,
    Number,
    List,
}

const SSL_MODES: Kind = Kind::OneOf(&["disable", "verify-ca", "verify-full"]);

const VALUES: &[(&[&str], Kind)] = &[
    (&["replication", "connections", "*", "sslmode"], SSL_MODES),
    (&["replication", "connections"], Kind::List),
    (&["replication", "connections", "*", "port"], Kind::Number),
    (&["storage", "sslmode"], SSL_MODES),
    (
        &["storage", "type"],
        Kind::OneOf(&["postgresql", "mongodb", "memory"]),
    ),
    (&["storage", "port"], Kind::Number),
    (&["storage", "max_pool_size"], Kind::Number),
    (&["client_auth", "audience"], Kind::List),
    (&["client_auth", "block_local_jwks"], Kind::Flag),
    (&["client_auth", "supabase"], Kind::Flag),
    (&["api", "tokens"], Kind::List),
    (&["port"], Kind::Number),
    (&["telemetry", "disable_telemetry_sharing"], Kind::Flag),
    (&["telemetry", "prometheus_port"], Kind::Number),
    (&["healthcheck", "probes", "use_http"], Kind::Flag),
    (&["healthcheck", "probes", "use_filesystem"], Kind::Flag),
    (&["sync_config", "exit_on_error"], Kind::Flag),
    (
        &["system", "logging", "level"],
        Kind::OneOf(&["silly", "debug", "verbose", "http", "info", "warn", "error"]),
    ),
    (
        &["system", "logging", "format"],
        Kind::OneOf(&["json", "text"]),
    ),
];

/// Keys that nothing reads, values that are refused, variables with a name that is not read.
pub(super) fn check(tree: &Tree) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (path, of, known) in MAPS {
        // Other sources of rows have keys of their own, and are no subject of ours.
        for map in at(&tree.root, path) {
            let other = map
                .get("type")
                .and_then(Node::text)
                .is_some_and(|it| it != "postgresql");
            if !(other && path.contains(&"connections")) {
                keys::unknown(tree.file, map, known, of, &mut out);
            }
        }
    }
    for (path, kind) in VALUES {
        for node in at(&tree.root, path) {
            out.extend(refused(tree, node, kind, path));
        }
    }
    variables(tree, &tree.root, &mut out);
    out
}

/// The nodes at a path.
fn at<'a>(root: &'a Node, path: &[&str]) -> Vec<&'a Node> {
    path.iter().fold(vec![root], |nodes, step| {
        let inside = nodes
            .into_iter()
            .flat_map(|node| match (&node.value, *step) {
                (Value::List(items), "*") => items.iter().collect(),
                (_, "*") => Vec::new(),
                (_, key) => node.get(key).into_iter().collect(),
            });
        inside.collect()
    })
}

fn refused(tree: &Tree, node: &Node, kind: &Kind, path: &[&str]) -> Option<Diagnostic> {
    let key = path.last()?;
    let text = said(node);
    // A variable's value is not known here; an empty one stands for what is left out.
    if matches!(text, Some(Said::Env(_))) || node.is_null() {
        return None;
    }
    let wanted = match (kind, text) {
        (Kind::OneOf(words), Some(Said::Text(text))) if words.contains(&text) => return None,
        (Kind::OneOf(words), _) => format!("takes {}", words.join(", ")),
        (Kind::Flag, _) if node.boolean().is_some() => return None,
        (Kind::Flag, _) => "takes true or false".to_owned(),
        (Kind::Number, Some(Said::Text(text))) if text.parse::<u32>().is_ok() => return None,
        (Kind::Number, _) => "takes a whole number".to_owned(),
        (Kind::List, _) if matches!(node.value, Value::List(_)) => return None,
        (Kind::List, _) => "takes a list".to_owned(),
    };
    let help = match (*key, text) {
        ("sslmode", Some(Said::Text("require" | "prefer" | "allow"))) => {
            "it verifies or does not encrypt: write `verify-full`, with the server's certificate as `cacert`".to_owned()
        }
        ("sslmode", _) => "write one of them".to_owned(),
        (_, Some(Said::Text(text))) if matches!(kind, Kind::List) => format!("write `[{text}]`"),
        _ => format!("write {}", wanted.trim_start_matches("takes ")),
    };
    Some(
        Diagnostic::new(
            Code::C043,
            format!("the service does not take this `{key}`"),
        )
        .at(tree.place(node), wanted)
        .note("the service does not start, and no row arrives at any client")
        .help(help),
    )
}

fn variables(tree: &Tree, node: &Node, out: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|it| variables(tree, it, out)),
        Value::Map(entries) => entries.iter().for_each(|(_, it)| variables(tree, it, out)),
        Value::Text { text, .. } => match said(node) {
            Some(Said::Env(name)) if !name.starts_with("PS_") => out.push(
                Diagnostic::new(
                    Code::C046,
                    format!("the service does not read the variable `{name}`"),
                )
                .at(tree.place(node), "its name does not begin with `PS_`")
                .note("the service does not start, and no row arrives at any client")
                .help(format!(
                    "call it `PS_{}`, here and where it is set",
                    name.trim_start_matches("POWERSYNC_")
                )),
            ),
            Some(Said::Text(_)) if text.starts_with("${") => out.push(
                Diagnostic::new(
                    Code::C046,
                    "the service reads no variable that is written so",
                )
                .at(tree.place(node), "taken as it stands")
                .note("the text with its dollar is the value: nothing is put in its place")
                .help(format!(
                    "write `!env PS_{}`",
                    text.trim_matches(['$', '{', '}']).trim_start_matches("PS_")
                )),
            ),
            _ => {}
        },
    }
}
