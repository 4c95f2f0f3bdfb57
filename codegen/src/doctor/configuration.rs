//! What the service's own configuration says of names: its roles, slots and audiences.

use syncline_schema::{Diagnostic, Schema};

use crate::read::deploy::{self, Said, said};
use crate::read::text::Source;
use crate::read::yaml::Node;
use crate::sql::roles;

/// The names that the service uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The role as which it reads the tables.
    pub reader: String,
    /// The role as which it keeps its buckets; none where they are not in PostgreSQL.
    pub storage: Option<String>,
    /// The schema in which they are.
    pub storage_schema: String,
    /// How the names of its replication slots begin.
    pub slot_prefix: String,
    /// The `aud` claims that it takes.
    pub audiences: Vec<String>,
}

impl Configuration {
    /// What `generate` writes for the schema.
    pub fn of(schema: &Schema) -> Self {
        let project = &schema.settings.project;
        Self {
            reader: roles::replication(project),
            storage: Some(roles::storage(project)),
            storage_schema: roles::STORAGE_SCHEMA.to_owned(),
            slot_prefix: "powersync_".to_owned(),
            audiences: vec![schema.settings.auth.audience.clone()],
        }
    }

    /// What a file says, with variables as `env` has them; what it leaves open, or takes from a
    /// variable that is not there, is as in [`Configuration::of`].
    ///
    /// # Errors
    /// C001: it is not the service's configuration.
    pub fn read(
        schema: &Schema,
        source: &Source,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Diagnostic> {
        let (tree, _) = deploy::service(source)?;
        let text = |node: Option<&Node>| match said(node?)? {
            Said::Text(text) => Some(text.to_owned()),
            Said::Env(name) => env(name),
        };
        // What stands beside the address goes before what is in it.
        let role = |node: &Node| {
            let in_address = || user(&text(node.get("uri"))?);
            text(node.get("username")).or_else(in_address)
        };
        let mut found = Self::of(schema);
        let connections = tree.root.path(&["replication", "connections"]);
        if let Some(connection) = connections.and_then(|it| it.items().first()) {
            found.reader = role(connection).unwrap_or(found.reader);
            let prefix = text(connection.get("slot_name_prefix"));
            found.slot_prefix = prefix.unwrap_or(found.slot_prefix);
        }
        if let Some(storage) = tree.root.get("storage") {
            found.storage = match text(storage.get("type")).as_deref() {
                Some("postgresql") | None => role(storage).or(found.storage),
                Some(_) => None,
            };
            let schema = text(storage.get("schema"));
            found.storage_schema = schema.unwrap_or(found.storage_schema);
        }
        if let Some(audience) = tree.root.path(&["client_auth", "audience"]) {
            let each: Option<Vec<_>> = audience.items().iter().map(|it| text(Some(it))).collect();
            found.audiences = each.filter(|it| !it.is_empty()).unwrap_or(found.audiences);
        }
        Ok(found)
    }
}

/// The user in an address.
fn user(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (login, _) = authority.rsplit_once('@')?;
    let name = login.split_once(':').map_or(login, |(name, _)| name);
    (!name.is_empty()).then(|| name.to_owned())
}
