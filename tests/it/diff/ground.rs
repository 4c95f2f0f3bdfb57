//! A database that is emptied and built on again: making one costs more than all that is done in it.

use syncline_codegen::migrate::plan::Plan;
use syncline_codegen::read::sql::statements;
use syncline_codegen::{generate, targets};
use syncline_schema::{FileId, Schema};
use testkit::postgres::{Client, TestDb, database};

use super::catalog;

const CLEAR: &str = "
DROP PUBLICATION IF EXISTS powersync;
DO $$
DECLARE space name;
BEGIN
  FOR space IN SELECT nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', space);
  END LOOP;
END
$$;
CREATE SCHEMA public;
RESET ALL;";

/// A database, and a connection that does the work.
pub(crate) struct Ground {
    pub(crate) db: TestDb,
    pub(crate) client: Client,
    /// An app's connection that is open, and idle.
    _idle: Client,
    roles: Vec<String>,
}

/// Roles belong to the whole server.
impl Drop for Ground {
    fn drop(&mut self) {
        for role in std::mem::take(&mut self.roles) {
            let _ = self.execute(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"));
        }
    }
}

impl Ground {
    pub(crate) fn new() -> Self {
        let db = database("plan");
        let mut client = db.connect();
        // What cascades is told in notices, and nobody reads them.
        client
            .batch_execute("SET client_min_messages = warning")
            .expect("a setting");
        let mut idle = db.connect();
        idle.batch_execute("SELECT 1").expect("a query");
        Self {
            db,
            client,
            _idle: idle,
            roles: Vec::new(),
        }
    }

    /// Runs `setup.sql` of a schema, whose project is made this database's own: roles, grants and
    /// the publication.
    pub(crate) fn set_up(&mut self, schema: &Schema) -> Result<(), String> {
        let roles = ["app", "powersync", "storage"];
        let project = &schema.settings.project;
        self.roles = roles.iter().map(|it| format!("{project}_{it}")).collect();
        self.execute(&file(schema, "postgres/setup.sql"))?;
        self.execute("SET client_min_messages = warning")
    }

    /// Text columns of a query's rows.
    pub(crate) fn texts(&mut self, query: &str) -> Result<Vec<String>, String> {
        let rows = self.client.query(query, &[]);
        let rows = rows.map_err(|error| format!("{}\n{query}", told(&error)))?;
        let text = |row: &testkit::postgres::Row| row.get::<_, Option<String>>(0);
        Ok(rows
            .iter()
            .map(|it| text(it).unwrap_or_else(|| "NULL".to_owned()))
            .collect())
    }

    /// Who may do what, and what is published.
    pub(crate) fn rights(&mut self) -> Result<Vec<String>, String> {
        self.texts(
            "SELECT * FROM (
               SELECT format('grant %s on %s to %s', a.privilege_type, c.oid::regclass, a.grantee::regrole)
               FROM pg_class c, aclexplode(c.relacl) a
               WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text NOT LIKE 'pg\\_%'
                 AND a.grantee <> c.relowner
             UNION ALL
               SELECT format('grant %s on schema %s to %s', a.privilege_type, n.nspname, a.grantee::regrole)
               FROM pg_namespace n, aclexplode(n.nspacl) a
               WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'powersync') AND a.grantee <> n.nspowner
             UNION ALL
               SELECT format('publish %I.%I', schemaname, tablename) FROM pg_publication_tables
             ) it(line) ORDER BY 1",
        )
    }

    /// Empties it, and runs SQL.
    pub(crate) fn make(&mut self, sql: &str) -> Result<Vec<String>, String> {
        self.execute(CLEAR)?;
        self.execute("SET client_min_messages = warning")?;
        self.execute(sql)?;
        Ok(self.lines())
    }

    /// What it holds.
    pub(crate) fn lines(&mut self) -> Vec<String> {
        catalog::lines(&mut self.client)
    }

    pub(crate) fn execute(&mut self, sql: &str) -> Result<(), String> {
        let done = self.client.batch_execute(sql);
        done.map_err(|error| {
            let _ = self.client.batch_execute("ROLLBACK");
            format!("{}\n{sql}", told(&error))
        })
    }

    /// Runs a plan as the runner does: phases in transactions, or statement by statement.
    pub(crate) fn run(&mut self, plan: &Plan, next: &Schema) -> Result<(), String> {
        for (planned, (name, text)) in plan.phases.iter().zip(&plan.files(next)) {
            let run = if planned.phase.in_transaction() {
                self.execute(&format!("BEGIN;\n{text}\nCOMMIT;"))
            } else {
                let mut all = statements(text, FileId(0)).into_iter();
                all.try_for_each(|it| self.execute(it.sql))
                    .and_then(|()| self.execute("RESET lock_timeout; RESET statement_timeout"))
            };
            run.map_err(|why| format!("{name}: {why}"))?;
        }
        Ok(())
    }

    /// Runs the way back.
    pub(crate) fn undo(&mut self, plan: &Plan, next: &Schema) -> Result<(), String> {
        let files = plan.files(next);
        let Some((name, down)) = files.last() else {
            return Ok(());
        };
        let run = self.execute(&format!("BEGIN;\n{down}\nCOMMIT;"));
        run.map_err(|why| format!("{name}: {why}"))
    }
}

/// What PostgreSQL said, in a line.
pub(crate) fn told(error: &testkit::postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => format!(
            "{} {}{}",
            said.code().code(),
            said.message(),
            said.detail()
                .map(|it| format!(" ({it})"))
                .unwrap_or_default()
        ),
        None => format!("{error:?}"),
    }
}

/// What the schema's tables are made with.
pub(crate) fn ddl(schema: &Schema) -> String {
    file(schema, "postgres/schema.sql")
}

/// A file of the target `postgres`.
pub(crate) fn file(schema: &Schema, path: &str) -> String {
    let target = targets::find("postgres").expect("a target");
    let made = generate(schema, &[target]).expect("templates that fit");
    made.files.get(path).expect("the file").text.clone()
}
