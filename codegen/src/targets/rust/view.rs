//! What the templates print: a package, and a module a table.

use syncline_schema::Schema;
use syncline_schema::descriptor::{self, Style};
use syncline_schema::model::{Residence, Table};
use syncline_schema::version::version;

use super::column::{self, Field};
use super::text;
use crate::sql;
use crate::targets::BANNER;

/// The package: its manifest and its roots.
#[derive(Debug, serde::Serialize)]
pub(super) struct Package {
    banner: &'static str,
    project: String,
    /// The package's name.
    name: String,
    /// Where the crates come from, as TOML values.
    runtime: String,
    server: String,
    /// The package's library, as Rust names it.
    library: String,
    /// String literals.
    project_literal: String,
    role: String,
    /// The statement that tells users what was refused: an `Option` of a string literal.
    rejection: String,
    /// Has any table row security? As Rust writes it.
    row_security: String,
    schema_version: String,
    /// The modules of the synced tables, as declared.
    modules: Vec<String>,
    /// String literals.
    removed_tables: Vec<String>,
    /// String literals.
    local_tables: Vec<String>,
}

/// One table's module.
#[derive(Debug, serde::Serialize)]
pub(super) struct Module {
    banner: &'static str,
    /// The file's name, without ending.
    pub(super) file: String,
    /// The table's name, for docs.
    table: String,
    doc: Vec<String>,
    /// `Table::new(…)` with its setters, line by line.
    descriptor: Vec<String>,
    /// One descriptor a column.
    columns: Vec<String>,
    /// The statements that the table has.
    statements: Vec<Statement>,
    /// The fields of `Statements`.
    put: String,
    patch: String,
    delete: String,
    current: String,
    /// The row struct's name.
    row: String,
    fields: Vec<Field>,
}

/// A constant that holds a statement.
#[derive(Debug, serde::Serialize)]
struct Statement {
    constant: &'static str,
    doc: &'static str,
    /// What stands between the quotes.
    sql: String,
}

/// Lowers the schema to the package.
pub(super) fn lower(schema: &Schema) -> Package {
    let settings = &schema.settings;
    let local = schema.tables.iter();
    Package {
        banner: BANNER,
        project: settings.project.clone(),
        name: format!("{}-server", settings.project),
        runtime: dependency("runtime", settings.rust.crates.as_deref(), &settings.output),
        server: dependency("server", settings.rust.crates.as_deref(), &settings.output),
        library: format!("{}-server", settings.project).replace('-', "_"),
        project_literal: around("", &settings.project, ""),
        role: around("", &sql::roles::app(&settings.project), ""),
        rejection: sql::rejection(schema)
            .map_or_else(|| "None".to_owned(), |it| around("Some(", &it, ")")),
        row_security: schema.synced().any(|table| table.rls).to_string(),
        schema_version: version(schema),
        modules: schema
            .synced()
            .map(|table| text::module(&table.name))
            .collect(),
        removed_tables: schema
            .removed_tables
            .iter()
            .map(|it| around("", &it.name, ""))
            .collect(),
        local_tables: local
            .filter(|table| table.residence == Residence::Local)
            .map(|table| around("", &table.name, ""))
            .collect(),
    }
}

/// A crate of Syncline as a dependency: by path where `[rust] crates` says where they are, else
/// the published one.
fn dependency(name: &str, crates: Option<&str>, output: &str) -> String {
    let Some(crates) = crates else {
        return "\"0.1\"".to_owned();
    };
    let mut path = String::new();
    if !crates.starts_with('/') {
        // From <output>/rust up to the source's folder.
        let depth = output.split('/').filter(|part| !part.is_empty()).count() + 1;
        path.push_str(&"../".repeat(depth));
    }
    let inside = crates.trim_end_matches('/');
    let inside = inside.strip_prefix("./").unwrap_or(inside);
    if inside != "." {
        path.push_str(inside);
        path.push('/');
    }
    path.push_str(name);
    // JSON's strings are TOML's.
    format!("{{ path = {} }}", serde_json::Value::from(path))
}

/// Lowers one table.
pub(super) fn lower_table(table: &Table) -> Module {
    let mut statements = Vec::new();
    let mut add = |constant, doc, sql: &str| {
        let mut inside = String::with_capacity(sql.len() + 16);
        text::push_inside(&mut inside, sql);
        statements.push(Statement {
            constant,
            doc,
            sql: inside,
        });
    };
    let over_arrays = |constant: &str, columns: &[usize]| {
        format!("Some(Statement {{ sql: {constant}, columns: &{columns:?} }})")
    };
    let none = || "None".to_owned();
    let put = sql::put(table).map_or_else(none, |it| {
        add("PUT", "Inserts rows, and replaces the owner's.", &it.sql);
        over_arrays("PUT", &it.columns)
    });
    let patch = sql::patch(table).map_or_else(none, |it| {
        add("PATCH", "Changes the columns of each row's mask.", &it.sql);
        over_arrays("PATCH", &it.columns)
    });
    let delete = sql::delete(table).map_or_else(none, |it| {
        add("DELETE", "Deletes rows by id.", &it);
        "Some(DELETE)".to_owned()
    });
    let current = sql::current(table).map_or_else(none, |it| {
        add(
            "CURRENT",
            "Locks rows and gives their columns as text.",
            &it,
        );
        "Some(CURRENT)".to_owned()
    });
    Module {
        banner: BANNER,
        file: text::module(&table.name)
            .trim_start_matches("r#")
            .to_owned(),
        table: text::inline(&table.name),
        doc: text::doc(table.doc.as_deref().unwrap_or_default()),
        descriptor: descriptor::table(table, "COLUMNS", Style::default()),
        columns: table
            .declared_columns()
            .map(|column| descriptor::column(column, Style::default()))
            .collect(),
        statements,
        put,
        patch,
        delete,
        current,
        row: text::row(&table.name),
        fields: table.declared_columns().map(column::field).collect(),
    }
}

/// A string literal between what stands before and behind it.
fn around(before: &str, text: &str, behind: &str) -> String {
    let mut out = String::with_capacity(before.len() + text.len() + behind.len() + 2);
    out.push_str(before);
    text::push_string(&mut out, text);
    out.push_str(behind);
    out
}
