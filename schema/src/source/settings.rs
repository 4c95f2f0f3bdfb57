//! `[project]`, `[auth]` and the other settings, with defaults applied.

use super::node::{Fields, Node};
use super::rules::overlay;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Algorithm, Auth, AuthPlaces, CheckSettings, Defaults, Extensions, Migrations, Settings,
    SyncFormat,
};
use crate::place::Spanned;

/// Reads everything but tables and streams.
pub(super) fn read(root: Fields<'_>, settings: &mut Settings, out: &mut Diagnostics) {
    read_project(root, settings, out);
    settings.rust_sources = values(root.table("source").map(|it| it.texts("rust")));
    let dir = root.table("output").and_then(|it| it.get("dir"));
    settings.output = dir.map_or_else(|| "generated".to_owned(), |node| relative_dir(node, out));
    if let Some(fields) = root.table("auth") {
        settings.auth = read_auth(fields, out);
    }
    if let Some(fields) = root.table("sync") {
        read_sync(fields, settings, out);
    }
    if root
        .table("typescript")
        .and_then(|it| it.text("extensions"))
        == Some("js")
    {
        settings.extensions = Extensions::Js;
    }
    settings.rust.crates = root.table("rust").and_then(|it| it.owned("crates"));
    if let Some(fields) = root.table("migrations") {
        settings.migrations = read_migrations(fields, out);
    }
    let migrations = root.table("migrations").and_then(|it| it.get("dir"));
    let (output, history) = (settings.output.as_str(), settings.migrations.dir.as_str());
    let holds = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if holds(output, history) || holds(history, output) {
        let message =
            format!("the output `{output}` and the migrations `{history}` share a folder");
        out.push(
            Diagnostic::new(Code::S015, message)
                .at(migrations.or(dir).map_or(root.place, |node| node.place), "")
                .note("the output is deleted and made again, migrations are history")
                .help("give each a folder of its own"),
        );
    }
    if let Some(fields) = root.table("check") {
        settings.check = read_check(fields);
    }
}

fn read_project(root: Fields<'_>, settings: &mut Settings, out: &mut Diagnostics) {
    let name = root.table("project").and_then(|it| it.get("name"));
    let project = root.table("project");
    let misspelt = project.is_some_and(|it| it.misspells("name")) || root.misspells("project");
    let Some(node) = name else {
        if misspelt || (project.is_none() && root.get("project").is_some()) {
            return;
        }
        out.push(
            Diagnostic::new(Code::S029, "the source does not name the project")
                .at(
                    project.map_or(root.place, |it| it.place),
                    "no [project] with a name",
                )
                .help("begin with\n[project]\nname = \"my-app\""),
        );
        return;
    };
    let Some(text) = node.text() else { return };
    let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        && text.len() <= 50;
    if !fits {
        out.push(
            Diagnostic::new(
                Code::S009,
                format!("the project cannot be called \"{text}\""),
            )
            .at(
                node.place,
                "takes a lower-case letter, then letters, digits, `-`, `_`; 50 at most",
            )
            .note("it becomes the name of packages, containers and a crate"),
        );
    }
    settings.project = text.to_owned();
}

/// A folder below the source's own: the output is deleted and made again, so it must not be able
/// to name anything else.
fn relative_dir(node: Node<'_>, out: &mut Diagnostics) -> String {
    let text = node.text().unwrap_or("generated");
    let parts: Vec<_> = text
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    let escapes = text.starts_with('/')
        || text.contains(['\\', ':'])
        || parts.is_empty()
        || parts.contains(&"..");
    if escapes {
        out.push(
            Diagnostic::new(
                Code::S017,
                format!("\"{text}\" is not a folder below the source's"),
            )
            .at(
                node.place,
                "takes a relative path with `/` and without `..`",
            ),
        );
        return "generated".to_owned();
    }
    parts.join("/")
}

fn read_auth(fields: Fields<'_>, out: &mut Diagnostics) -> Auth {
    let standard = Auth::default();
    let issuer = address(fields, "issuer", out).unwrap_or(standard.issuer);
    let audience = fields.owned("audience").unwrap_or_else(|| issuer.clone());
    let jwks = format!("{}/api/auth/jwks", issuer.trim_end_matches('/'));
    let lifetime = fields.get("token_lifetime").and_then(|node| {
        let seconds = duration(node, out)?.div_ceil(1000);
        if !(1..=86_400).contains(&seconds) {
            out.push(
                Diagnostic::new(Code::S017, "`token_lifetime` is out of its range")
                    .at(node.place, "takes 1s to 24h")
                    .note("the PowerSync Service refuses tokens that live longer (PSYNC_S2104)"),
            );
        }
        Some(seconds)
    });
    Auth {
        jwks_uri: address(fields, "jwks_uri", out).unwrap_or(jwks),
        issuer,
        audience,
        algorithm: match fields.text("algorithm") {
            Some("ES256") => Algorithm::Es256,
            Some("ES384") => Algorithm::Es384,
            Some("EdDSA") => Algorithm::EdDsa,
            _ => Algorithm::Rs256,
        },
        token_lifetime: lifetime.unwrap_or(standard.token_lifetime),
        places: auth_places(fields),
    }
}

fn auth_places(fields: Fields<'_>) -> AuthPlaces {
    let said = |key: &str| fields.get(key).map(|node| node.place);
    let issuer = said("issuer").unwrap_or(fields.place);
    AuthPlaces {
        issuer,
        audience: said("audience").unwrap_or(issuer),
        algorithm: said("algorithm").unwrap_or(fields.place),
        token_lifetime: said("token_lifetime").unwrap_or(fields.place),
        jwks_uri: said("jwks_uri").unwrap_or(issuer),
    }
}

fn address(fields: Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<String> {
    let node = fields.get(key)?;
    let text = node.text()?;
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let bad = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`\\".contains(c);
    if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/') || rest.contains(bad)) {
        out.push(
            Diagnostic::new(Code::S017, format!("`{key}` is not an address"))
                .at(node.place, "takes http://… or https://…"),
        );
    }
    Some(text.to_owned())
}

fn read_sync(fields: Fields<'_>, settings: &mut Settings, out: &mut Diagnostics) {
    if let Some(node) = fields.get("service") {
        let text = node.text().unwrap_or_default();
        let number = |part: &str| {
            let digits = part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok()).flatten()
        };
        let parts: Vec<Option<u32>> = text.split('.').map(number).collect();
        match parts.as_slice() {
            [Some(major), Some(minor)] if (*major, *minor) >= (1, 20) => {
                settings.sync.service = text.to_owned();
            }
            _ => out.push(
                Diagnostic::new(Code::S017, format!("\"{text}\" is not a service version"))
                    .at(
                        node.place,
                        "takes major.minor from 1.20 on, such as \"1.25\"",
                    )
                    .note("Sync Streams of edition 3 need it"),
            ),
        }
    }
    if fields.text("format") == Some("rules") {
        settings.sync.format = SyncFormat::Rules;
    }
    settings.sync.sync_rejections = fields.bool("sync_rejections").unwrap_or(false);
}

fn read_migrations(fields: Fields<'_>, out: &mut Diagnostics) -> Migrations {
    let standard = Migrations::default();
    let mut time = |key, standard| {
        fields
            .get(key)
            .and_then(|it| duration(it, out))
            .unwrap_or(standard)
    };
    let lock_timeout = time("lock_timeout", standard.lock_timeout);
    let statement_timeout = time("statement_timeout", standard.statement_timeout);
    let batch = fields.get("batch_size").and_then(Node::integer);
    Migrations {
        dir: fields
            .get("dir")
            .map_or(standard.dir, |node| relative_dir(node, out)),
        lock_timeout,
        statement_timeout,
        batch_size: batch
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(standard.batch_size),
    }
}

fn read_check(fields: Fields<'_>) -> CheckSettings {
    let ignore = fields.table("ignore").into_iter().flat_map(Fields::entries);
    CheckSettings {
        drizzle_sqlite: fields.texts("drizzle_sqlite"),
        drizzle_pg: fields.texts("drizzle_pg"),
        app_schema: fields.texts("app_schema"),
        handler: fields.texts("handler"),
        auth: fields.texts("auth"),
        sync_config: fields.texts("sync_config"),
        service: fields.texts("service"),
        compose: fields.texts("compose"),
        migrations: fields.texts("migrations"),
        sqlite: fields.texts("sqlite"),
        ignore: ignore
            .filter_map(|(code, place, node)| {
                Some((
                    Spanned {
                        value: code.to_owned(),
                        place,
                    },
                    node.text()?.to_owned(),
                ))
            })
            .collect(),
    }
}

/// Milliseconds of `250ms`, `15s`, `15m`, `24h` or `1d`.
fn duration(node: Node<'_>, out: &mut Diagnostics) -> Option<u32> {
    let text = node.text()?;
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let value = factor.and_then(|factor| number.parse::<u32>().ok()?.checked_mul(factor));
    if value.is_none() {
        out.push(
            Diagnostic::new(Code::S017, format!("\"{text}\" is not a length of time")).at(
                node.place,
                "takes a whole number and ms, s, m, h or d, such as \"15m\"",
            ),
        );
    }
    value
}

fn values(list: Option<Vec<Spanned<String>>>) -> Vec<String> {
    list.unwrap_or_default()
        .into_iter()
        .map(|it| it.value)
        .collect()
}

/// `[defaults]`, with the language's own where it is silent.
pub(super) fn defaults(root: Fields<'_>, out: &mut Diagnostics) -> Defaults {
    let mut defaults = Defaults::default();
    if let Some(fields) = root.table("defaults") {
        overlay(fields, &mut defaults);
        let gone = fields.text("delete") == Some("hard");
        if let (true, true, Some(node)) =
            (gone, defaults.sync_deleted_rows, fields.get("deleted_rows"))
        {
            out.push(
                Diagnostic::new(
                    Code::S015,
                    "deleted_rows = \"sync\" and delete = \"hard\" exclude each other",
                )
                .at(node.place, "deleted rows are gone")
                .help("set delete = \"soft\", or take deleted_rows away"),
            );
        }
    }
    defaults
}
