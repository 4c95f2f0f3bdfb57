//! `setup.sql` and its like: roles, grants, the publication.

use syncline_schema::Schema;
use syncline_schema::model::Table;
use syncline_schema::names;

use crate::sql::{self, PUBLICATION, Privileges, roles};
use crate::targets::BANNER;
use crate::targets::streams::tables_read;

/// What the templates print. Names come twice: as SQL writes them, and as text to look them up by.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    publication: &'static str,
    /// The schema in which the service keeps its buckets.
    storage_schema: &'static str,
    app: Role,
    replication: Role,
    storage: Role,
    /// The schemas of all tables, as SQL writes them in text.
    schemas: String,
    /// Lets the roles see the tables.
    grants: Vec<String>,
    /// Makes the publication list the tables that streams read.
    publish: Option<String>,
}

#[derive(Debug, serde::Serialize)]
struct Role {
    /// As SQL writes a name.
    name: String,
    /// As SQL writes a text.
    text: String,
    /// The setting that holds the password.
    password: &'static str,
}

/// Lowers the part of the schema that is about roles and the publication.
pub(super) fn lower(schema: &Schema) -> View {
    let project = &schema.settings.project;
    let role = |name: String, password| Role {
        text: names::quote_text(&name),
        name: names::quote_sql(&name),
        password,
    };
    let (app, replication) = (roles::app(project), roles::replication(project));
    let kept: Vec<&Table> = schema.on_server().collect();
    let read = tables_read(schema);
    let mut grants = Vec::new();
    for space in spaces(&kept) {
        grants.push(sql::grant_on_schema(space, &app));
    }
    grants.extend(sql::grant_on_tables(Privileges::Write, &kept, &app));
    for space in spaces(&read) {
        grants.push(sql::grant_on_schema(space, &replication));
    }
    grants.extend(sql::grant_on_tables(Privileges::Read, &read, &replication));
    let quoted: Vec<_> = spaces(&kept).into_iter().map(names::quote_text).collect();
    View {
        banner: BANNER,
        publication: PUBLICATION,
        storage_schema: roles::STORAGE_SCHEMA,
        app: role(app, roles::APP_PASSWORD),
        replication: role(replication, roles::REPLICATION_PASSWORD),
        storage: role(roles::storage(project), roles::STORAGE_PASSWORD),
        schemas: quoted.join(", "),
        grants,
        publish: sql::set_publication_tables(&read),
    }
}

/// The schemas of the tables, `public` first, each once.
fn spaces<'a>(tables: &[&'a Table]) -> Vec<&'a str> {
    let mut spaces = vec!["public"];
    for table in tables {
        if let Some(space) = table.schema.as_deref()
            && !spaces.contains(&space)
        {
            spaces.push(space);
        }
    }
    spaces
}
