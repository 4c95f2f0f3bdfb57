//! What the service's files print. Lowering knows the forms that text takes there: YAML scalars,
//! values of an env file.

use std::borrow::Cow;

use syncline_schema::Schema;
use syncline_schema::model::SyncFormat;

use crate::sql::{self, roles};
use crate::targets::{BANNER, yaml};

/// Where the app's server listens unless the issuer, on this machine, says otherwise.
const SERVER_PORT: u16 = 3011;

/// The name of the app's server among the containers.
const SERVER: &str = "server";

/// All files of the target.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    /// The name of the stack and of the database.
    project: String,
    /// The same, as a YAML scalar.
    project_yaml: String,
    /// `major.minor` of the service.
    service: String,
    /// Its image, with a version to the patch.
    image: String,
    /// The sync config that the service loads.
    sync_config: &'static str,
    app_role: String,
    replication_role: String,
    storage_role: String,
    /// The settings that hold the roles' passwords for `setup.sql`.
    app_setting: &'static str,
    replication_setting: &'static str,
    storage_setting: &'static str,
    /// A table by which to tell a database that is set up, as a YAML scalar; none where
    /// PostgreSQL has no tables.
    first_table: Option<String>,
    /// Where the app's server listens.
    port: u16,
    /// The project's root, from the folder of the compose file.
    root: String,
    /// The server's files, from the project's root.
    rust: String,
    /// Its Dockerfile, as a YAML scalar.
    dockerfile: String,
    /// The address of the public keys, as containers reach it; a value of an env file.
    jwks_uri: String,
    /// The address of the public keys with the server on the host.
    jwks_uri_on_host: Option<String>,
    /// A value of an env file.
    audience: String,
    /// The issuer, as a YAML scalar.
    issuer: String,
    /// The tokens' algorithm, as a YAML scalar.
    algorithm: String,
}

/// Lowers the settings.
pub(super) fn lower(schema: &Schema) -> View {
    let settings = &schema.settings;
    let project = &settings.project;
    let jwks = &settings.auth.jwks_uri;
    let issuer = here(&settings.auth.issuer);
    let output = settings.output.as_str();
    let depth = output.split('/').filter(|part| !part.is_empty()).count() + 1;
    View {
        banner: BANNER,
        project: project.clone(),
        project_yaml: yaml::scalar(project).into_owned(),
        service: settings.sync.service.clone(),
        image: format!("journeyapps/powersync-service:{}.0", settings.sync.service),
        sync_config: match settings.sync.format {
            SyncFormat::Streams => "sync-config.yaml",
            SyncFormat::Rules => "sync_rules.yaml",
        },
        app_role: roles::app(project),
        replication_role: roles::replication(project),
        storage_role: roles::storage(project),
        app_setting: roles::APP_PASSWORD,
        replication_setting: roles::REPLICATION_PASSWORD,
        storage_setting: roles::STORAGE_PASSWORD,
        first_table: schema.on_server().next().map(|table| {
            // Compose takes a dollar for the start of a variable.
            yaml::quoted(&sql::qualified(table).replace('$', "$$"))
        }),
        port: issuer.map_or(SERVER_PORT, |address| address.port),
        root: vec![".."; depth].join("/"),
        rust: format!("{output}/rust"),
        dockerfile: yaml::scalar(&format!("{output}/rust/Dockerfile")).into_owned(),
        jwks_uri: env_value(&at(jwks, SERVER)).into_owned(),
        jwks_uri_on_host: here(jwks).map(|_| at(jwks, "host.docker.internal").into_owned()),
        audience: env_value(&settings.auth.audience).into_owned(),
        issuer: yaml::quoted(&settings.auth.issuer.replace('$', "$$")),
        algorithm: yaml::scalar(settings.auth.algorithm.name()).into_owned(),
    }
}

/// An address on this machine, which a container would take for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Here<'a> {
    scheme: &'a str,
    port: u16,
    /// What follows the port.
    path: &'a str,
}

fn here(address: &str) -> Option<Here<'_>> {
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let standard = if scheme == "https" { 443 } else { 80 };
    let local = ["localhost", "127.0.0.1", "[::1]"].into_iter();
    let port = local
        .filter_map(|name| host.strip_prefix(name))
        .find_map(|port| match port.strip_prefix(':') {
            Some(port) => port.parse().ok(),
            None => port.is_empty().then_some(standard),
        })?;
    Some(Here { scheme, port, path })
}

/// The address, at another host where it is on this machine.
fn at<'a>(address: &'a str, host: &str) -> Cow<'a, str> {
    match here(address) {
        Some(Here { scheme, port, path }) => Cow::Owned(format!("{scheme}://{host}:{port}{path}")),
        None => Cow::Borrowed(address),
    }
}

/// A text as the value of an env file, as Compose and shells read it: in single quotes where any
/// character of it means something.
fn env_value(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.,:/@%+=?&~".contains(&b);
    if text.bytes().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', "\\'")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_on_this_machine_are_found() {
        for (address, expected) in [
            (
                "http://localhost:3011/api/auth/jwks",
                "http://server:3011/api/auth/jwks",
            ),
            ("https://127.0.0.1", "https://server:443"),
            ("http://[::1]:80/x", "http://server:80/x"),
            ("http://localhost.example:1/", "http://localhost.example:1/"),
            ("http://localhost:port/", "http://localhost:port/"),
            ("https://auth.example/jwks", "https://auth.example/jwks"),
            ("no address", "no address"),
        ] {
            assert_eq!(at(address, "server"), expected);
        }
    }

    #[test]
    fn values_of_an_env_file_are_quoted_where_they_need_it() {
        assert_eq!(env_value("http://a/b?c=d&e=%20"), "http://a/b?c=d&e=%20");
        assert_eq!(env_value("it's ${x} #1"), "'it\\'s ${x} #1'");
    }
}
