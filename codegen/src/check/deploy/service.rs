//! The service's configuration: where it replicates from, where it keeps what it has, what it loads.

use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::{Diagnostic, Place};

use super::{Deployment, beside, plain};
use crate::check::finding::Findings;
use crate::read::deploy::{Said, Tree, said};
use crate::read::yaml::{Node, Value};

const NO_START: &str = "the service does not start, and no row arrives at any client";

pub(super) fn check(all: &Deployment<'_>, tree: &Tree, findings: &mut Findings) {
    let mut out = Vec::new();
    connections(tree, &mut out);
    storage(tree, &mut out);
    sync_config(all, tree, &mut out);
    secrets(tree, &tree.root, "", &mut out);
    out.into_iter().for_each(|it| findings.plain(it));
}

fn missing(place: Place, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(
        Code::C045,
        format!("the service's configuration has no {what}"),
    )
    .at(place, "not here")
    .note(NO_START)
    .help(help)
}

fn connections(tree: &Tree, out: &mut Vec<Diagnostic>) {
    let help = "add `replication: {connections: [{type: postgresql, uri: !env PS_DATABASE_URL, sslmode: verify-full}]}`";
    let Some(list) = tree.root.path(&["replication", "connections"]) else {
        let place = tree
            .root
            .entry("replication")
            .map(|(key, _)| tree.place(key));
        out.push(missing(
            place.unwrap_or(tree.top()),
            "connection to replicate from",
            help,
        ));
        return;
    };
    let items = list.items();
    if items.is_empty() && matches!(list.value, Value::List(_)) {
        out.push(missing(
            tree.place(list),
            "connection to replicate from",
            help,
        ));
    }
    for connection in items {
        match connection.get("type") {
            None => out.push(missing(
                tree.place(connection),
                "type of this connection",
                "add `type: postgresql`",
            )),
            Some(node) if !matches!(said(node), Some(Said::Text("postgresql") | Said::Env(_))) => {
                out.push(
                    Diagnostic::new(Code::C043, "the service does not take this `type`")
                        .at(
                            tree.place(node),
                            "the tables of this schema are PostgreSQL's",
                        )
                        .note("no row of theirs arrives at any client")
                        .help("write `type: postgresql`"),
                );
                continue;
            }
            Some(_) => {}
        }
        address(tree, connection, "of this connection", out);
    }
    if let [first, second, ..] = items {
        out.push(
            Diagnostic::new(Code::C043, "the service replicates from one connection")
                .at(tree.place(second), "this one is refused")
                .at(tree.place(first), "beside this one")
                .note(NO_START)
                .help("keep one, and start a second service for the other"),
        );
    }
}

/// A database's address: a URI, or a host.
fn address(tree: &Tree, node: &Node, of: &str, out: &mut Vec<Diagnostic>) {
    let place = tree.place(node);
    match (
        node.get("uri").filter(|it| !it.is_null()),
        node.get("hostname"),
    ) {
        (None, None) => {
            out.push(missing(
                place,
                &format!("address {of}"),
                "add `uri: !env PS_…_URL`, or hostname, database, username and password",
            ));
        }
        (Some(uri), _) => {
            let Some(Said::Text(text)) = said(uri) else {
                return;
            };
            if !["postgresql://", "postgres://"]
                .iter()
                .any(|it| text.starts_with(it))
                && !text.starts_with("${")
            {
                out.push(
                    Diagnostic::new(Code::C043, "the service does not take this `uri`")
                        .at(tree.place(uri), "no address of a PostgreSQL")
                        .note(NO_START)
                        .help("write `postgresql://user@host:5432/database`, or take it from `!env PS_…`"),
                );
            } else if text.contains("sslmode=") && node.get("sslmode").is_none() {
                out.push(
                    Diagnostic::new(
                        Code::C043,
                        "the service does not take `sslmode` from an address",
                    )
                    .at(tree.place(uri), "read over")
                    .note("it asks for a certificate all the same, and cannot connect without one")
                    .help("write `sslmode:` as a key beside `uri`"),
                );
            }
        }
        (None, Some(_)) => {}
    }
}

fn storage(tree: &Tree, out: &mut Vec<Diagnostic>) {
    let Some((key, storage)) = tree.root.entry("storage") else {
        let help = "add `storage: {type: postgresql, uri: !env PS_STORAGE_URL}`";
        out.push(missing(tree.top(), "storage for buckets", help));
        return;
    };
    match storage.get("type").map(said) {
        None => out.push(missing(
            tree.place(key),
            "type of its storage",
            "add `type: postgresql`",
        )),
        Some(Some(Said::Text("postgresql"))) => address(tree, storage, "of its storage", out),
        Some(Some(Said::Text("memory"))) => out.push(
            Diagnostic::new(Code::C050, "the buckets are kept in memory")
                .at(tree.place(key), "gone when the service stops")
                .note("each start copies every row again, and two instances share nothing")
                .help("keep them in PostgreSQL: `type: postgresql`"),
        ),
        _ => return,
    }
    let connections = tree.root.path(&["replication", "connections"]);
    let sources = connections.map_or(&[][..], Node::items);
    for source in sources {
        let (Some(own), Some(shared)) = (storage.get("uri"), source.get("uri")) else {
            continue;
        };
        if own.text().is_some() && said(own) == said(shared) {
            out.push(
                Diagnostic::new(Code::C050, "storage uses the role that replicates")
                    .at(tree.place(own), "the buckets are kept here")
                    .at(tree.place(shared), "and replicated from here, by the same role")
                    .note("a role that only reads the app's tables may then write to that database, and what it writes is in the way of its own slot")
                    .help("give the storage a role and a schema of its own, as setup.sql of `syncline generate` does"),
            );
        }
    }
}

/// Which sync config the service loads.
fn sync_config(all: &Deployment<'_>, tree: &Tree, out: &mut Vec<Diagnostic>) {
    let (new, old) = (
        tree.root.entry("sync_config"),
        tree.root.entry("sync_rules"),
    );
    if let (Some((new, _)), Some((old, _))) = (new, old) {
        out.push(
            Diagnostic::new(Code::C048, "two sync configs")
                .at(tree.place(old), "the old name of the same thing")
                .at(tree.place(new), "the new one")
                .note("one of them is loaded, and which one is not said")
                .help("take `sync_rules` out"),
        );
        return;
    }
    let Some((key, node)) = new.or(old) else {
        out.push(missing(
            tree.top(),
            "sync config",
            "add `sync_config: {path: sync-config.yaml}`",
        ));
        return;
    };
    let Some(path) = node.get("path") else {
        if node.get("content").is_none() {
            out.push(missing(
                tree.place(key),
                "path of its sync config",
                "add `path: sync-config.yaml`",
            ));
        } else if let Some(checked) = all.sync_configs.first() {
            out.push(
                Diagnostic::new(Code::C048, "the service loads a sync config of its own")
                    .at(tree.place(key), "written out here")
                    .note(format!(
                        "{} is compared, and devices get what this says",
                        checked.display()
                    ))
                    .help("name the file: `path: …`"),
            );
        }
        return;
    };
    let Some(Said::Text(text)) = said(path) else {
        return;
    };
    // Within a container there are other paths.
    if text.starts_with('/') {
        return;
    }
    let loaded = beside(&tree.path, text);
    let known = all.sync_configs.iter().any(|it| plain(it) == loaded);
    if known {
        return;
    }
    let here = std::path::Path::new(&tree.path).is_file();
    let (label, note) = match all.sync_configs.first() {
        Some(checked) => (
            "this one is loaded".to_owned(),
            format!(
                "{} is compared, and devices get what another file says",
                checked.display()
            ),
        ),
        None if here && !loaded.is_file() => (
            format!("there is no {}", loaded.display()),
            NO_START.to_owned(),
        ),
        None => return,
    };
    let message = format!("the service loads `{text}`");
    let help = match all.sync_configs.first() {
        Some(checked) => format!(
            "write the path of {}, or name this one under `[check]`",
            checked.display()
        ),
        None => "write the path from this file to the sync config".to_owned(),
    };
    out.push(
        Diagnostic::new(Code::C048, message)
            .at(tree.place(path), label)
            .note(note)
            .help(help),
    );
}

/// Secrets that stand in the file.
fn secrets(tree: &Tree, node: &Node, key: &str, out: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|it| secrets(tree, it, key, out)),
        Value::Map(_) => {
            for (key, _, value) in node.entries() {
                secrets(tree, value, key, out);
            }
        }
        Value::Text { .. } => {
            let Some(Said::Text(text)) = said(node) else {
                return;
            };
            let secret = match key {
                "password" | "supabase_jwt_secret" | "tokens" | "k" | "client_private_key" => {
                    !text.is_empty()
                }
                "uri" => text
                    .split_once("://")
                    .and_then(|(_, rest)| rest.split_once('@'))
                    .is_some_and(|(user, _)| {
                        user.split_once(':')
                            .is_some_and(|(_, word)| !word.is_empty())
                    }),
                _ => false,
            };
            if secret && !node.is_null() && !text.starts_with("${") {
                let name = match key {
                    "uri" => "DATABASE_URL",
                    "tokens" => "ADMIN_TOKEN",
                    "supabase_jwt_secret" => "JWT_SECRET",
                    _ => "PASSWORD",
                };
                let mut found = Diagnostic::new(Code::C047, "a secret stands in the file")
                    .at(tree.place(node), "whoever reads the repository has it")
                    .note("it cannot be changed without a commit, and stays in the history")
                    .help(format!("take it from the environment: `!env PS_{name}`"));
                found.severity = Severity::Warning;
                out.push(found);
            }
        }
    }
}
