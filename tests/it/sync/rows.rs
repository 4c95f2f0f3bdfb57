//! Random rows of a schema's tables, and which of them a user should get.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use syncline_schema::model::{Access, Column, Residence, Role, Scalar, Schema, Table};

/// Users, as tokens name them; UUIDs, so that they fit every owner column.
pub(crate) const USERS: [&str; 3] = [
    "0191e0c2-5b5d-7c3a-9c43-000000000001",
    "0191e0c2-5b5d-7c3a-9c43-000000000002",
    "0191e0c2-5b5d-7c3a-9c43-000000000003",
];

/// As the judge takes them: with claims of several types, and none.
pub(crate) fn users() -> Value {
    json!([
        {"sub": USERS[0], "claims": {"role": "admin", "n": 2}},
        {"sub": USERS[1], "claims": {"role": "a", "n": 1}},
        {"sub": USERS[2]},
    ])
}

/// What PostgreSQL holds in a test.
pub(crate) struct Rows {
    /// `{schema, table, values}`, as the judge takes them.
    pub(crate) rows: Vec<Value>,
}

impl Rows {
    /// So many rows of each table in PostgreSQL. The same seed gives the same rows.
    pub(crate) fn random(schema: &Schema, of_each: usize, seed: u64) -> Self {
        let mut random = Random(seed);
        let tables = schema.on_server();
        let rows = tables.flat_map(|table| {
            (0..of_each)
                .map(|at| row(table, |column| random.cell(column, at)))
                .collect::<Vec<_>>()
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// One row of each table, of the first user: the first value of each type, NULL where it may be.
    pub(crate) fn one_of_each(schema: &Schema) -> Self {
        let tables = schema.on_server();
        let rows = tables.map(|table| {
            row(table, |column| match column.role {
                Role::Owner => json!(USERS[0]),
                _ if column.nullable => Value::Null,
                _ => value(column, 0),
            })
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// `table/id` of the rows that the derived streams owe a user.
    pub(crate) fn of_user(&self, schema: &Schema, user: &str) -> BTreeSet<String> {
        let mine = self.rows.iter().filter(|row| {
            let name = row["table"].as_str().unwrap_or_default();
            let table = schema.table(name).expect("a table of the schema");
            let cell = |role| {
                table
                    .with_role(role)
                    .map(|column| &row["values"][&column.name])
            };
            let allowed = match table.access {
                Access::Owner => cell(Role::Owner).is_some_and(|owner| owner == user),
                Access::Public => true,
                Access::Streams => false,
            };
            let deleted = cell(Role::DeletedAt).is_some_and(|at| !at.is_null());
            table.residence == Residence::Synced
                && !table.insert_only
                && allowed
                && (!deleted || table.sync_deleted_rows)
        });
        // What old devices call otherwise arrives under both names.
        let names = |row: &Value| {
            let table = schema.table(text(&row["table"])).expect("a table");
            let id = text(&row["values"]["id"]).to_owned();
            let names = [Some(table.name.as_str()), table.former_name()];
            let named = names.into_iter().flatten();
            named.map(|name| format!("{name}/{id}")).collect::<Vec<_>>()
        };
        mine.flat_map(names).collect()
    }
}

/// `table/id` of a row that was sent.
pub(crate) fn name_of(row: &Value) -> String {
    format!("{}/{}", text(&row["table"]), text(&row["id"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn row(table: &Table, mut cell: impl FnMut(&Column) -> Value) -> Value {
    let values: Map<String, Value> = table
        .columns
        .iter()
        .map(|column| (column.name.clone(), cell(column)))
        .collect();
    json!({"schema": space(table), "table": table.name, "values": values})
}

/// The tables as the judges take them, with PostgreSQL's own names of types.
pub(crate) fn source_tables(schema: &Schema) -> Value {
    let tables = schema.on_server().map(|table| {
        let columns = table.columns.iter();
        let columns: Vec<_> = columns
            .map(|column| json!({"name": column.name, "type": pg_type(column)}))
            .collect();
        json!({"schema": space(table), "name": table.name, "columns": columns})
    });
    tables.collect()
}

fn space(table: &Table) -> &str {
    table.schema.as_deref().unwrap_or("public")
}

fn pg_type(column: &Column) -> String {
    let scalar = match &column.ty.scalar {
        Scalar::Text | Scalar::Enum(_) | Scalar::Raw(_) => "text",
        Scalar::Varchar(_) => "varchar",
        Scalar::Boolean => "bool",
        Scalar::SmallInt => "int2",
        Scalar::Integer => "int4",
        Scalar::BigInt => "int8",
        Scalar::Real => "float4",
        Scalar::Double => "float8",
        Scalar::Decimal { .. } => "numeric",
        Scalar::Timestamp => "timestamptz",
        Scalar::LocalTimestamp => "timestamp",
        Scalar::Date => "date",
        Scalar::Time => "time",
        Scalar::Uuid => "uuid",
        Scalar::Json => "jsonb",
        Scalar::Bytes => "bytea",
    };
    if column.ty.array {
        format!("{scalar}[]")
    } else {
        scalar.to_owned()
    }
}

/// A linear congruential generator: the tests need variety, not chance.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap_or(0)
    }

    fn cell(&mut self, column: &Column, at: usize) -> Value {
        match column.role {
            Role::Id => json!(format!("0191e0c2-5b5d-7c3a-9c43-{at:012}")),
            Role::Owner => json!(USERS[self.below(USERS.len())]),
            Role::DeletedAt if self.below(2) == 0 => Value::Null,
            _ if column.nullable && self.below(4) == 0 => Value::Null,
            // References and user columns of written streams should sometimes hit.
            _ if column.name.ends_with("_id") && column.name != "user_id" => {
                json!(format!("0191e0c2-5b5d-7c3a-9c43-{:012}", self.below(60)))
            }
            _ if ["owner", "user_id"].contains(&column.name.as_str()) => {
                json!(USERS[self.below(2)])
            }
            _ => {
                let number = self.below(1000);
                value(column, number)
            }
        }
    }
}

/// One of the values of a column's type.
fn value(column: &Column, number: usize) -> Value {
    if column.ty.array {
        let length = number % 3;
        return (0..length)
            .map(|at| scalar(&column.ty.scalar, number / 3 + at))
            .collect();
    }
    scalar(&column.ty.scalar, number)
}

fn scalar(scalar: &Scalar, number: usize) -> Value {
    let among = |list: &[Value]| list[number % list.len()].clone();
    match scalar {
        Scalar::Boolean => json!(number.is_multiple_of(2)),
        Scalar::SmallInt | Scalar::Integer => among(&[json!(1), json!(2), json!(3), json!(-32768)]),
        Scalar::BigInt => among(&[json!("9223372036854775807"), json!("2"), json!("-5")]),
        Scalar::Real | Scalar::Double => {
            among(&[json!(0.5), json!(2.0), json!(-1.25), json!(1e30)])
        }
        Scalar::Decimal { .. } => among(&[json!("1.50"), json!("-2")]),
        Scalar::Timestamp => among(&[
            json!("2026-01-02T03:04:05.6Z"),
            json!("2027-01-01T00:00:00Z"),
        ]),
        Scalar::LocalTimestamp => json!("2026-01-02T03:04:05.6"),
        Scalar::Date => json!("2026-01-02"),
        Scalar::Time => json!("03:04:05.6"),
        Scalar::Uuid => json!(USERS[number % USERS.len()]),
        Scalar::Json => among(&[json!("{\"a\": \"b\"}"), json!("[1, null]"), json!("\"s\"")]),
        Scalar::Bytes => among(&[json!("AQID"), json!(""), json!("/w==")]),
        Scalar::Enum(it) => json!(it.values[number % it.values.len()]),
        Scalar::Text | Scalar::Varchar(_) | Scalar::Raw(_) => among(&[
            json!("a"),
            json!("admin"),
            json!("it's"),
            json!("b"),
            json!(""),
            json!("ü\n"),
        ]),
    }
}
