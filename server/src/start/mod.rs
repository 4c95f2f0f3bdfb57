//! What is looked at before the first request: do the promises hold on this database?

mod row_security;

use deadpool_postgres::Client;
use tokio_postgres::Error;

use crate::app::{App, Catalog};
use crate::store::install;

/// Something that keeps a promise from holding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What is so.
    pub(crate) what: String,
    /// How to mend it.
    pub(crate) fix: String,
}

impl Finding {
    fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: fix.into(),
        }
    }
}

/// Looks at everything; gives all that it finds.
pub(crate) async fn check(client: &mut Client, catalog: &Catalog) -> Result<Vec<Finding>, Error> {
    let app = catalog.app;
    let mut findings = Vec::new();
    durable(client, &mut findings).await?;
    let tables = tables(client, app, &mut findings).await?;
    role(client, app, &mut findings).await?;
    bookkeeping(client, app, &mut findings).await?;
    if tables && app.row_security {
        row_security::check(client, catalog, &mut findings).await?;
    }
    Ok(findings)
}

/// An acknowledgement is true only where a commit is.
async fn durable(client: &Client, findings: &mut Vec<Finding>) -> Result<(), Error> {
    for (setting, off, meaning) in [
        (
            "fsync",
            "off",
            "a crash of the machine loses what was acknowledged",
        ),
        (
            "synchronous_commit",
            "off",
            "a crash of PostgreSQL loses what was acknowledged",
        ),
        ("full_page_writes", "off", "a crash can leave torn pages"),
    ] {
        let row = client
            .query_one("SELECT current_setting($1)", &[&setting])
            .await?;
        if row.get::<_, &str>(0) == off {
            findings.push(Finding::new(
                format!("{setting} is off: {meaning}"),
                format!("ALTER SYSTEM SET {setting} = on, or reset it for the role"),
            ));
        }
    }
    Ok(())
}

/// Every table and column of the compiled schema, and the rights on them.
async fn tables(client: &Client, app: &App, findings: &mut Vec<Finding>) -> Result<bool, Error> {
    const COLUMNS: &str = "\
SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped";
    const RIGHTS: &str = "\
SELECT has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
  AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2";
    let before = findings.len();
    let behind = "apply the migrations: syncline migrate apply";
    for mapper in app.tables {
        let table = mapper.table;
        let name = format!("{}.{}", table.schema, table.name);
        let rows = client.query(COLUMNS, &[&table.schema, &table.name]).await?;
        let columns: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        if columns.is_empty() {
            findings.push(Finding::new(format!("there is no table {name}"), behind));
            continue;
        }
        let missing = table
            .columns
            .iter()
            .filter(|it| !columns.iter().any(|own| own == it.name));
        for column in missing {
            let what = format!("table {name} has no column {}", column.name);
            findings.push(Finding::new(what, behind));
        }
        if table.writable() {
            let row = client
                .query_one(RIGHTS, &[&table.schema, &table.name])
                .await?;
            if !row.get::<_, bool>(0) {
                findings.push(Finding::new(
                    format!("the role may not write table {name}"),
                    "run the generated setup.sql, and sign in as the role that it makes",
                ));
            }
        }
    }
    Ok(findings.len() == before)
}

/// A role that owns the tables can do more than an upload ever should.
async fn role(client: &Client, app: &App, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let sign_in = format!(
        "sign in as {}, which the generated setup.sql makes",
        app.role
    );
    let role = client
        .query_one(
            "SELECT rolsuper, rolbypassrls, rolname::text FROM pg_catalog.pg_roles WHERE rolname = current_user",
            &[],
        )
        .await?;
    let (superuser, bypasses, name): (bool, bool, String) = (role.get(0), role.get(1), role.get(2));
    if superuser {
        findings.push(Finding::new(format!("{name} is a superuser"), &*sign_in));
        return Ok(());
    }
    if bypasses && app.row_security {
        let what = format!("{name} bypasses row security");
        findings.push(Finding::new(what, &*sign_in));
    }
    const OWNED: &str = "\
SELECT pg_has_role(current_user, c.relowner, 'USAGE')
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2";
    for mapper in app.tables {
        let table = mapper.table;
        let row = client
            .query_opt(OWNED, &[&table.schema, &table.name])
            .await?;
        if row.is_some_and(|row| row.get(0)) {
            let what = format!("{name} owns the tables: it could change what it is held by");
            findings.push(Finding::new(what, &*sign_in));
            break;
        }
    }
    Ok(())
}

/// Are the server's own tables there, and the schema as new as this server?
pub(crate) async fn migrations(
    client: &tokio_postgres::Client,
    app: &App,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    bookkeeping(client, app, &mut findings).await?;
    Ok(findings)
}

/// The server's own tables, and the schema's version as the migrations noted it.
async fn bookkeeping(
    client: &tokio_postgres::Client,
    app: &App,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let version = install::version(client).await?;
    if version < install::VERSION {
        findings.push(Finding::new(
            format!("the bookkeeping of schema syncline is at version {version}, and this server needs {}", install::VERSION),
            format!(
                "run `{}-server bookkeeping` once with the DATABASE_URL of the role that owns the database",
                app.name
            ),
        ));
        return Ok(());
    }
    const NOTED: &str = "\
SELECT EXISTS (SELECT FROM syncline.schema_versions),
  EXISTS (SELECT FROM syncline.schema_versions WHERE version = $1)";
    let row = client.query_one(NOTED, &[&app.schema_version]).await?;
    let (any, own): (bool, bool) = (row.get(0), row.get(1));
    if any && !own {
        findings.push(Finding::new(
            format!(
                "no migration has brought the schema to version {}",
                app.schema_version
            ),
            "apply the migrations: syncline migrate apply",
        ));
    }
    Ok(())
}
