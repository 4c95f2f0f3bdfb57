//! The containers: PostgreSQL with logical replication, and the service with all that it reads.

use std::collections::BTreeMap;

use syncline_schema::Diagnostic;
use syncline_schema::codes::Code;

use super::Deployment;
use crate::check::finding::Findings;
use crate::read::deploy::compose::{Container, containers};
use crate::read::deploy::{Said, Tree, said};
use crate::read::yaml::{Node, Value};

/// Names of images that run a plain PostgreSQL; others may set their own `wal_level`.
const POSTGRES: &[&str] = &[
    "postgres",
    "postgresql",
    "postgis",
    "pgvector",
    "timescaledb",
];

pub(super) fn check(all: &Deployment<'_>, tree: &Tree, findings: &mut Findings) {
    let list = containers(tree);
    let services: Vec<_> = list
        .iter()
        .filter(|it| last_name(it) == Some("powersync-service"))
        .collect();
    let databases: Vec<_> = list.iter().filter(|it| is_database(it)).collect();
    let mut out = Vec::new();
    replication(tree, &databases, !services.is_empty(), &mut out);
    for container in databases.iter().chain(&services) {
        image(
            all,
            tree,
            container,
            services.iter().any(|it| it.name == container.name),
            &mut out,
        );
    }
    databases.iter().for_each(|it| open(tree, it, &mut out));
    whole(tree, &services, &mut out);
    for container in &services {
        for service in &all.services {
            reads(tree, container, service, &mut out);
        }
    }
    ports(tree, &list, &mut out);
    out.into_iter().for_each(|it| findings.plain(it));
}

fn last_name<'a>(container: &Container<'a>) -> Option<&'a str> {
    let (name, ..) = container.image()?;
    name.rsplit('/').next()
}

/// A container that runs the server, not one of its tools.
fn is_database(container: &Container<'_>) -> bool {
    let Some((name, ..)) = container.image() else {
        return false;
    };
    let known = last_name(container).is_some_and(|it| POSTGRES.contains(&it))
        && !name.contains("supabase/");
    let server = match container.command() {
        Some((words, _)) => words
            .first()
            .is_none_or(|it| *it == "postgres" || it.starts_with('-')),
        None => true,
    };
    known && server && container.node.get("entrypoint").is_none()
}

fn replication(tree: &Tree, databases: &[&Container<'_>], wanted: bool, out: &mut Vec<Diagnostic>) {
    let text = |it: &Container<'_>| {
        it.command()
            .map(|(words, _)| words.join(" "))
            .unwrap_or_default()
    };
    // A file may set it, and one database of several is enough.
    let fits = |it: &&&Container<'_>| {
        let command = text(it).replace(' ', "");
        command.contains("wal_level=logical") || command.contains("config_file=")
    };
    if !wanted || databases.iter().any(|it| fits(&it)) {
        return;
    }
    let mut read = databases.iter().filter(|it| !only_stores(tree, it.name));
    let Some(first) = read.next() else {
        return;
    };
    let place = first.command().map_or(first.key, |(_, node)| node);
    out.push(
        Diagnostic::new(Code::C051, format!("`{}` does not replicate", first.name))
            .at(tree.place(place), "`wal_level` is `replica` unless it is set")
            .note("the service stays up, answers every stream with PSYNC_S2302, and no row arrives at any client")
            .help("add `command: [\"postgres\", \"-c\", \"wal_level=logical\"]`"),
    );
}

/// Is every address of this database in a variable of the service's storage? Nothing is replicated
/// from there.
fn only_stores(tree: &Tree, database: &str) -> bool {
    let mut variables = Vec::new();
    addresses(&tree.root, "", database, &mut variables);
    !variables.is_empty() && variables.iter().all(|it| it.contains("STORAGE"))
}

/// The variables whose values are addresses of a host.
fn addresses<'a>(node: &'a Node, key: &'a str, host: &str, out: &mut Vec<&'a str>) {
    match &node.value {
        Value::Text { text, .. } => {
            let (key, value) = text
                .split_once('=')
                .filter(|_| key.is_empty())
                .unwrap_or((key, text));
            let after = value
                .split_once('@')
                .and_then(|(_, it)| it.strip_prefix(host));
            if after.is_some_and(|it| it.starts_with([':', '/'])) {
                out.push(key);
            }
        }
        Value::List(items) => items.iter().for_each(|it| addresses(it, "", host, out)),
        Value::Map(_) => {
            for (key, _, value) in node.entries() {
                addresses(value, key, host, out);
            }
        }
    }
}

fn image(
    all: &Deployment<'_>,
    tree: &Tree,
    container: &Container<'_>,
    is_service: bool,
    out: &mut Vec<Diagnostic>,
) {
    let Some((name, tag, node)) = container.image() else {
        return;
    };
    let wanted = &all.schema.settings.sync.service;
    let example = if is_service {
        format!("{name}:{wanted}.0")
    } else {
        format!("{name}:17")
    };
    let found = |label: String, note: String| {
        Diagnostic::new(
            Code::C052,
            format!("the image of `{}` is not fixed", container.name),
        )
        .at(tree.place(node), label)
        .note(note)
        .help(format!("write `image: {example}`"))
    };
    match tag {
        None | Some("latest") => out.push(found(
            "whatever is latest on the day".to_owned(),
            "two machines run two versions, and one of them is not what this was tested with"
                .to_owned(),
        )),
        Some(tag) if is_service => {
            let version = |text: &str| -> Option<(u32, u32)> {
                let mut parts = text.split('.');
                Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
            };
            if let (Some(runs), Some(made_for)) = (version(tag), version(wanted))
                && runs < made_for
            {
                let mut found = found(
                    format!("older than {wanted}"),
                    format!(
                        "the source says that the output is made for {wanted}: an older service may read it in another way"
                    ),
                );
                found.message = format!("`{}` runs an older service", container.name);
                out.push(found);
            }
        }
        Some(_) => {}
    }
}

/// A database whose port the whole network reaches.
fn open(tree: &Tree, container: &Container<'_>, out: &mut Vec<Diagnostic>) {
    for port in container.ports() {
        let address = port.address.as_deref();
        if port.container == Some(5432) && matches!(address, None | Some("0.0.0.0" | "[::]" | "::"))
        {
            let host = port.host.unwrap_or(5432);
            out.push(
                Diagnostic::new(Code::C055, format!("`{}` listens to the network", container.name))
                    .at(tree.place(port.node), "on every address of the host")
                    .note("Docker opens the port past the host's firewall: whoever has the password reads every user's rows")
                    .help(format!("write \"127.0.0.1:{host}:5432\"")),
            );
        }
    }
}

/// Both halves of the service have to run: the one that replicates, the one that answers.
fn whole(tree: &Tree, services: &[&Container<'_>], out: &mut Vec<Diagnostic>) {
    let runs = |container: &Container<'_>| -> Option<String> {
        let (words, _) = container.command()?;
        let at = words
            .iter()
            .position(|it| matches!(*it, "-r" | "--runner-type"))?;
        words.get(at + 1).map(|it| (*it).to_owned())
    };
    let all: Vec<_> = services.iter().map(|it| runs(it)).collect();
    let has = |half: &str| {
        all.iter().any(|it| {
            matches!(it.as_deref(), None | Some("unified")) || it.as_deref() == Some(half)
        })
    };
    for (half, why) in [
        ("api", "nothing answers a device"),
        ("sync", "nothing replicates: no row arrives at any client"),
    ] {
        let Some(first) = services.first().filter(|_| !has(half)) else {
            continue;
        };
        let place = first.command().map_or(first.key, |(_, node)| node);
        out.push(
            Diagnostic::new(Code::C056, format!("no container runs `-r {half}`"))
                .at(tree.place(place), "half of the service")
                .note(why)
                .help("write `command: [\"start\", \"-r\", \"unified\"]`"),
        );
    }
}

/// Variables, files and the port that the service's configuration counts on.
fn reads(tree: &Tree, container: &Container<'_>, service: &Tree, out: &mut Vec<Diagnostic>) {
    let mut names = BTreeMap::new();
    variables(&service.root, &mut names);
    if !container.has_more() {
        for (name, node) in names {
            if container.variable(name).is_some() {
                continue;
            }
            let place = container
                .node
                .entry("environment")
                .map_or(container.key, |(key, _)| key);
            out.push(
                Diagnostic::new(
                    Code::C053,
                    format!("`{}` is not given `{name}`", container.name),
                )
                .at(tree.place(place), "not among these")
                .at(service.place(node), "read here")
                .note("the service does not start, and no row arrives at any client")
                .help(format!("add `{name}: ${{{name}:?set it in .env}}`")),
            );
        }
    }
    files(tree, container, service, out);
    let listens = service.root.get("port").and_then(|it| match said(it)? {
        Said::Text(text) => Some((text.parse::<u32>().ok()?, it)),
        Said::Env(_) => None,
    });
    let ports = container.ports();
    let published = ports.iter().any(|it| it.container.is_none());
    if let (Some((listens, node)), Some(port)) = (listens, ports.first())
        && !published
        && ports.iter().all(|it| it.container != Some(listens))
    {
        out.push(
            Diagnostic::new(
                Code::C054,
                format!(
                    "`{}` publishes another port than the service's",
                    container.name
                ),
            )
            .at(tree.place(port.node), "nothing listens there")
            .at(service.place(node), "the service listens here")
            .note("no device reaches the service")
            .help(format!(
                "write \"{}:{listens}\"",
                port.host.unwrap_or(listens)
            )),
        );
    }
}

fn variables<'a>(node: &'a Node, names: &mut BTreeMap<&'a str, &'a Node>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|it| variables(it, names)),
        Value::Map(entries) => entries.iter().for_each(|(_, it)| variables(it, names)),
        Value::Text { .. } => {
            if let Some(Said::Env(name)) = said(node) {
                names.entry(name).or_insert(node);
            }
        }
    }
}

/// The configuration and the sync config have to be mounted.
fn files(tree: &Tree, container: &Container<'_>, service: &Tree, out: &mut Vec<Diagnostic>) {
    let Some((Some(config), variable)) = container.variable("POWERSYNC_CONFIG_PATH") else {
        return;
    };
    if config.contains('$') || container.has_more() {
        return;
    }
    let mounts = container.mounts();
    let covered = |path: &str| {
        mounts.iter().any(|it| {
            let rest = path.strip_prefix(it.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let mut missing = |path: &str, read: (&Tree, &Node)| {
        let place = container
            .node
            .entry("volumes")
            .map_or(container.key, |(key, _)| key);
        out.push(
            Diagnostic::new(
                Code::C053,
                format!("`{}` has no file {path}", container.name),
            )
            .at(tree.place(place), "not mounted here")
            .at(read.0.place(read.1), "read here")
            .note("the service does not start, and no row arrives at any client")
            .help(format!(
                "add the volume `./{}:{path}:ro`",
                path.rsplit('/').next().unwrap_or(path)
            )),
        );
    };
    if !covered(config) {
        missing(config, (tree, variable));
        return;
    }
    let path = ["sync_config", "sync_rules"]
        .iter()
        .find_map(|key| service.root.path(&[key, "path"]));
    if let Some(node) = path
        && let Some(Said::Text(text)) = said(node)
        && !text.contains("..")
    {
        let folder = config.rfind('/').map_or("", |at| &config[..at]);
        let full = if text.starts_with('/') {
            text.to_owned()
        } else {
            format!("{folder}/{}", text.trim_start_matches("./"))
        };
        if !covered(&full) {
            missing(&full, (service, node));
        }
    }
}

fn ports(tree: &Tree, list: &[Container<'_>], out: &mut Vec<Diagnostic>) {
    let mut taken: Vec<(u32, Option<String>, &str, syncline_schema::Place)> = Vec::new();
    for container in list {
        for port in container.ports() {
            let place = tree.place(port.node);
            for number in [port.host, port.container].into_iter().flatten() {
                if !(1..=65_535).contains(&number) {
                    out.push(
                        Diagnostic::new(Code::C054, format!("{number} is no port"))
                            .at(place, "ports go from 1 to 65535")
                            .note("no container starts")
                            .help("write another number"),
                    );
                }
            }
            let Some(host) = port.host else { continue };
            let everywhere = |it: &Option<String>| it.as_deref().is_none_or(|it| it == "0.0.0.0");
            let clash = taken.iter().find(|(number, address, _, _)| {
                *number == host
                    && (*address == port.address
                        || everywhere(address)
                        || everywhere(&port.address))
            });
            if let Some((_, _, name, first)) = clash {
                out.push(
                    Diagnostic::new(
                        Code::C054,
                        format!("`{}` and `{name}` publish one port", container.name),
                    )
                    .at(place, format!("{host} is taken"))
                    .at(*first, format!("by `{name}`"))
                    .note("the second one does not start")
                    .help(format!(
                        "give it another one: \"{}:{}\"",
                        host + 1,
                        port.container.unwrap_or(host)
                    )),
                );
            }
            taken.push((host, port.address.clone(), container.name, place));
        }
    }
}
