//! What the tests stand on: the service, its source database, the schema that both are made from.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::iter::once;

use serde_json::{Value, json};
use syncline_codegen::{generate, sql, targets};
use syncline_schema::model::{Access, Column, Residence, Role, Schema, Table};
use syncline_schema::source::load_str;
use syncline_schema::types;
use tempfile::TempDir;
use testkit::postgres::{Client, NoTls};

use super::device::Device;
use super::values;

pub(super) struct Stand {
    schema: Schema,
    service: String,
    source: RefCell<Client>,
    key: Value,
    pub(super) audience: String,
    /// The generated TypeScript.
    folder: TempDir,
}

/// The stand; none, with a line that says why, where there is no service.
pub(super) fn stand() -> Option<Stand> {
    let given = |name: &str| env::var(name).ok().filter(|it| !it.is_empty());
    let Some(service) = given("POWERSYNC_SERVICE_URL") else {
        testkit::skip(
            module_path!(),
            "no POWERSYNC_SERVICE_URL (tests/it/powersync_service.rs says what it is)",
        );
        return None;
    };
    testkit::needs!(node => None);
    let needed = |name: &str| {
        given(name).unwrap_or_else(|| panic!("{name} is not set, and POWERSYNC_SERVICE_URL is"))
    };
    let read = |path: &str| {
        let path = testkit::repo_root().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let schema = given("POWERSYNC_SCHEMA");
    let schema = read(schema.as_deref().unwrap_or("tests/schemas/kitchen.toml"));
    let loaded = load_str(&schema);
    assert!(!loaded.diagnostics.has_errors(), "POWERSYNC_SCHEMA");
    let schema = loaded.schema;
    let key: Value = serde_json::from_str(&read(&needed("POWERSYNC_SIGNING_KEY"))).expect("JSON");
    let key = key.get(0).unwrap_or(&key).clone();
    let source = Client::connect(&needed("POWERSYNC_SOURCE_URL"), NoTls)
        .unwrap_or_else(|error| panic!("POWERSYNC_SOURCE_URL: {error}"));
    let audience = given("POWERSYNC_AUDIENCE");
    Some(Stand {
        folder: typescript(&schema),
        audience: audience.unwrap_or_else(|| schema.settings.auth.audience.clone()),
        source: RefCell::new(source),
        schema,
        service,
        key,
    })
}

fn typescript(schema: &Schema) -> TempDir {
    let names = ["drizzle_sqlite", "powersync_schema"];
    let targets = names.map(|name| targets::find(name).expect("a target"));
    let made = generate(schema, &targets).expect("files");
    let folder = tempfile::tempdir().expect("a folder");
    for (path, file) in made.files.iter() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, &file.text).expect("a file");
    }
    folder
}

impl Stand {
    /// A user whom no other test and no earlier run knows.
    pub(super) fn new_user(&self) -> String {
        let row = self
            .source
            .borrow_mut()
            .query_one("SELECT gen_random_uuid()::text", &[]);
        row.expect("a UUID").get(0)
    }

    /// The id of one of a user's rows, the same in each table, so that references between them hold.
    pub(super) fn id(&self, user: &str, row: usize) -> String {
        format!("{}{row:012}", &user[..user.len() - 12])
    }

    /// A device of the user's. It has begun to sync.
    pub(super) fn device(&self, user: &str) -> Device {
        self.device_with(user, &json!({}))
    }

    /// The same, with other claims in its tokens.
    pub(super) fn device_with(&self, user: &str, claims: &Value) -> Device {
        let device = Device::start(
            &self
                .folder
                .path()
                .join("ts/app-schema.ts")
                .to_string_lossy(),
        );
        let mut all = json!({
            "sub": user,
            "iss": self.schema.settings.auth.issuer,
            "aud": self.audience,
        });
        for (name, value) in claims.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        device.ask(&json!({"connect": {"service": self.service, "key": self.key, "claims": all}}));
        device
    }

    /// The tables whose rows go to their owner's devices.
    pub(super) fn owned(&self) -> Vec<&Table> {
        let synced = self.schema.on_device();
        synced
            .filter(|it| it.residence == Residence::Synced && it.access == Access::Owner)
            .filter(|it| !it.insert_only)
            .collect()
    }

    /// Writes a row into each of these tables.
    pub(super) fn insert_rows(&self, user: &str, row: usize) {
        let rows = self.owned().into_iter().map(|table| {
            let cells = table.columns.iter().filter_map(|column| {
                let (sql, _) = self.cell(table, column, user, row);
                Some((sql::list([column.name.as_str()]), sql?))
            });
            let (columns, values): (Vec<_>, Vec<_>) = cells.unzip();
            let name = sql::qualified(table);
            let (columns, values) = (columns.join(", "), values.join(", "));
            format!("INSERT INTO {name} ({columns}) VALUES ({values});")
        });
        // References look at each other when the transaction ends.
        let rows: Vec<_> = once("BEGIN;".to_owned()).chain(rows).collect();
        self.execute(&format!("{}COMMIT;", rows.join("\n")));
    }

    /// What a row has in a column: the SQL of it, if PostgreSQL does not fill it in, and what the
    /// device should have, if that is known.
    pub(super) fn cell(
        &self,
        table: &Table,
        column: &Column,
        user: &str,
        row: usize,
    ) -> (Option<String>, Option<Value>) {
        let id = self.id(user, row);
        let ty = types::postgres(&column.ty);
        let text = |text: &str| (Some(format!("'{text}'::{ty}")), Some(json!(text)));
        match column.role {
            Role::Id => return text(&id),
            Role::Owner => return text(user),
            Role::CreatedAt | Role::UpdatedAt => return (None, None),
            Role::DeletedAt => return (None, Some(Value::Null)),
            Role::Data => {}
        }
        if column.references.is_some() {
            return match column.nullable {
                true => (None, Some(Value::Null)),
                false => text(&id),
            };
        }
        // What is the same in two rows, or no sample, a rule of the table may refuse.
        let ruled = column.check.is_some()
            || table.indexes.iter().any(|index| {
                let mut parts = index.columns.iter();
                index.unique && parts.any(|it| it.name() == Some(&column.name))
            });
        values::sample(column, row, ruled.then_some(id.as_str()))
    }

    /// Sets a column of a row to an expression.
    pub(super) fn set(&self, table: &Table, column: &str, value: &str, id: &str) {
        let (table, column) = (sql::qualified(table), sql::list([column]));
        self.execute(&format!(
            "UPDATE {table} SET {column} = {value} WHERE id = '{id}'"
        ));
    }

    /// Gives a row to another user.
    pub(super) fn hand_over(&self, table: &Table, from: &str, row: usize, to: &str) {
        let owner = table.owner().expect("an owner");
        let value = format!("'{to}'::{}", types::postgres(&owner.ty));
        let id = self.id(from, row);
        self.set(table, &owner.name, &value, &id);
    }

    /// Deletes the rows of this id.
    pub(super) fn delete_rows(&self, tables: &[&Table], id: &str) {
        // Rows that point at others go first.
        for table in tables.iter().rev() {
            let table = sql::qualified(table);
            self.execute(&format!("DELETE FROM {table} WHERE id = '{id}'"));
        }
    }

    fn execute(&self, sql: &str) {
        let done = self.source.borrow_mut().batch_execute(sql);
        done.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }
}
