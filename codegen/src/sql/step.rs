//! A step as SQL.

use std::fmt::Write;

use syncline_schema::literal::default_of;
use syncline_schema::model::{Column, OnDelete};
use syncline_schema::names::{quote_sql as quoted, quote_text};
use syncline_schema::types;

use super::{PUBLICATION, name};
use crate::diff::{ForeignKeyDef, Privileges, Step, TableName};

/// The statement that takes the step, ending in `;`. What stands outside transactions can be
/// run again where it was cut off.
pub fn step(step: &Step) -> String {
    match step {
        Step::CreateSchema(name) => super::create_schema(name),
        Step::DropSchema(name) => format!("DROP SCHEMA {};", quoted(name)),
        Step::CreateEnum(it) => super::create_enum(it).unwrap_or_default(),
        Step::DropEnum(name) => format!("DROP TYPE {};", quoted(name)),
        Step::AddEnumValue {
            name,
            value,
            before,
        } => {
            let before = before
                .as_deref()
                .map(|it| format!(" BEFORE {}", quote_text(it)));
            let (name, value) = (quoted(name), quote_text(value));
            let before = before.unwrap_or_default();
            format!("ALTER TYPE {name} ADD VALUE IF NOT EXISTS {value}{before};")
        }
        Step::RenameEnumValue { name, from, to } => format!(
            "ALTER TYPE {} RENAME VALUE {} TO {};",
            quoted(name),
            quote_text(from),
            quote_text(to)
        ),
        Step::CreateTable(table) => super::create_table(table, &[]),
        Step::DropTable(table) => format!("DROP TABLE {table};"),
        Step::RenameTable { table, to } => alter(table, &format!("RENAME TO {}", quoted(to))),
        Step::SetSchema { table, to } => alter(
            table,
            &format!("SET SCHEMA {}", quoted(to.as_deref().unwrap_or("public"))),
        ),
        Step::Fill {
            table,
            column,
            value,
            rows,
            batch,
        } => fill(table, column, value, rows, *batch),
        Step::CreateIndex {
            table,
            index,
            concurrently,
        } => super::create_index(table, index, *concurrently),
        Step::DropIndex {
            table,
            name,
            concurrently,
        } => {
            let how = if *concurrently {
                "CONCURRENTLY IF EXISTS "
            } else {
                ""
            };
            format!("DROP INDEX {how}{};", table.sibling(name))
        }
        Step::RenameIndex { table, from, to } => format!(
            "ALTER INDEX {} RENAME TO {};",
            table.sibling(from),
            quoted(to)
        ),
        Step::RowSecurity { table, on } => {
            let verb = if *on { "ENABLE" } else { "DISABLE" };
            alter(table, &format!("{verb} ROW LEVEL SECURITY"))
        }
        Step::CreatePolicy { table, name, using } => {
            format!("CREATE POLICY {} ON {table} USING ({using});", quoted(name))
        }
        Step::DropPolicy { table, name } => {
            format!("DROP POLICY {} ON {table};", quoted(name))
        }
        Step::Grant {
            table,
            privileges,
            role,
        } => {
            let rights = match privileges {
                Privileges::Read => "SELECT",
                Privileges::Write => "SELECT, INSERT, UPDATE, DELETE",
            };
            let role_name = quoted(role);
            let grant = format!("GRANT {rights} ON TABLE {table} TO {role_name};");
            where_role(
                role,
                &match &table.schema {
                    Some(schema) => format!(
                        "GRANT USAGE ON SCHEMA {} TO {role_name};\n    {grant}",
                        quoted(schema)
                    ),
                    None => grant,
                },
            )
        }
        Step::Revoke { table, role } => {
            let revoke = format!("REVOKE ALL ON TABLE {table} FROM {};", quoted(role));
            where_role(role, &revoke)
        }
        Step::Publish(table) => publication("ADD", table),
        Step::Unpublish(table) => publication("DROP", table),
        Step::Comment {
            table,
            column,
            text,
        } => comment(table, column.as_deref(), text.as_deref()),
        Step::Other { sql } => sql.clone(),
        Step::AddColumn { table, column } => {
            alter(table, &format!("ADD COLUMN {}", super::column(column)))
        }
        Step::DropColumn { table, column } => {
            alter(table, &format!("DROP COLUMN {}", quoted(column)))
        }
        Step::RenameColumn { table, from, to } => alter(
            table,
            &format!("RENAME COLUMN {} TO {}", quoted(from), quoted(to)),
        ),
        Step::SetType {
            table,
            column,
            to,
            using,
            ..
        } => {
            let using = using.as_deref().map(|it| format!(" USING {it}"));
            let (ty, using) = (types::postgres(to), using.unwrap_or_default());
            alter_column(table, column, &format!("TYPE {ty}{using}"))
        }
        Step::SetDefault {
            table,
            column,
            default,
        } => {
            let filled = Column {
                default: default.clone(),
                ..column.as_ref().clone()
            };
            match default_of(&filled) {
                Some(value) => alter_column(table, &column.name, &format!("SET DEFAULT {value}")),
                None => alter_column(table, &column.name, "DROP DEFAULT"),
            }
        }
        Step::SetNotNull { table, column } => alter_column(table, column, "SET NOT NULL"),
        Step::DropNotNull { table, column } => alter_column(table, column, "DROP NOT NULL"),
        Step::AddPrimaryKey {
            table,
            name,
            columns,
            using_index,
        } => add(table, name, "PRIMARY KEY", columns, using_index.as_deref()),
        Step::AddUnique {
            table,
            index,
            using_index,
        } => {
            let columns: Vec<_> = (index.columns.iter())
                .filter_map(|it| it.name().map(str::to_owned))
                .collect();
            let kind = if index.nulls_not_distinct && using_index.is_none() {
                "UNIQUE NULLS NOT DISTINCT"
            } else {
                "UNIQUE"
            };
            add(table, &index.name, kind, &columns, using_index.as_deref())
        }
        Step::AddCheck {
            table,
            check,
            not_valid,
        } => {
            let mut clause = format!(
                "ADD CONSTRAINT {} CHECK ({})",
                quoted(&check.name),
                check.expression
            );
            if *not_valid {
                clause.push_str(" NOT VALID");
            }
            alter(table, &clause)
        }
        Step::AddForeignKey {
            table,
            key,
            not_valid,
        } => alter(table, &foreign_key(key, *not_valid)),
        Step::Validate { table, name } => {
            alter(table, &format!("VALIDATE CONSTRAINT {}", quoted(name)))
        }
        Step::DropConstraint { table, name } => {
            alter(table, &format!("DROP CONSTRAINT {}", quoted(name)))
        }
        Step::RenameConstraint { table, from, to } => alter(
            table,
            &format!("RENAME CONSTRAINT {} TO {}", quoted(from), quoted(to)),
        ),
    }
}

fn alter(table: &TableName, clause: &str) -> String {
    format!("ALTER TABLE {table} {clause};")
}

fn alter_column(table: &TableName, column: &str, clause: &str) -> String {
    alter(table, &format!("ALTER COLUMN {} {clause}", quoted(column)))
}

fn add(
    table: &TableName,
    constraint: &str,
    kind: &str,
    columns: &[String],
    using_index: Option<&str>,
) -> String {
    let what = match using_index {
        Some(index) => format!("USING INDEX {}", quoted(index)),
        None => format!("({})", name::list(columns.iter().map(String::as_str))),
    };
    alter(
        table,
        &format!("ADD CONSTRAINT {} {kind} {what}", quoted(constraint)),
    )
}

fn foreign_key(key: &ForeignKeyDef, not_valid: bool) -> String {
    let list = |columns: &[String]| name::list(columns.iter().map(String::as_str));
    let mut out = format!(
        "ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        quoted(&key.name),
        list(&key.columns),
        key.target,
        list(&key.target_columns)
    );
    match key.on_delete {
        OnDelete::NoAction => {}
        OnDelete::Restrict => out.push_str(" ON DELETE RESTRICT"),
        OnDelete::Cascade => out.push_str(" ON DELETE CASCADE"),
        OnDelete::SetNull => {
            out.push_str(" ON DELETE SET NULL");
            // The owner must stay.
            if let [_, column] = key.columns.as_slice() {
                let _ = write!(out, " ({})", quoted(column));
            }
        }
    }
    if key.deferred {
        out.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
    if not_valid {
        out.push_str(" NOT VALID");
    }
    out
}

fn comment(table: &TableName, column: Option<&str>, text: Option<&str>) -> String {
    let text = text.map_or_else(|| "NULL".to_owned(), quote_text);
    match column {
        Some(column) => format!("COMMENT ON COLUMN {table}.{} IS {text};", quoted(column)),
        None => format!("COMMENT ON TABLE {table} IS {text};"),
    }
}

/// Runs a statement where the role is there: `setup.sql` makes roles, before or after.
fn where_role(role: &str, statement: &str) -> String {
    let role = quote_text(role);
    guarded(
        &format!("EXISTS (SELECT FROM pg_roles WHERE rolname = {role})"),
        statement,
    )
}

/// Runs where the publication is there, and the table not yet, or still, in it.
fn publication(verb: &str, table: &TableName) -> String {
    let space = quote_text(table.schema.as_deref().unwrap_or("public"));
    let not = if verb == "ADD" { "NOT " } else { "" };
    let full = format!(
        "{}.{}",
        quoted(table.schema.as_deref().unwrap_or("public")),
        quoted(&table.name)
    );
    guarded(
        &format!(
            "EXISTS (SELECT FROM pg_publication WHERE pubname = '{PUBLICATION}')\n    AND {not}EXISTS (SELECT FROM pg_publication_tables WHERE pubname = '{PUBLICATION}' AND schemaname = {space} AND tablename = {})",
            quote_text(&table.name)
        ),
        &format!("ALTER PUBLICATION {PUBLICATION} {verb} TABLE {full};"),
    )
}

fn guarded(condition: &str, statement: &str) -> String {
    dollar_quoted(&format!(
        "BEGIN\n  IF {condition} THEN\n    {statement}\n  END IF;\nEND\n"
    ))
}

/// Walks the table's pages, so that it is read once however many batches there are, and commits
/// each: no lock is held for long, and what is done stays done. Rows that moved behind the walk
/// are taken at the end. A table that was never analysed is taken to have a hundred rows a page.
fn fill(table: &TableName, column: &str, value: &str, rows: &str, batch: u32) -> String {
    let relation = quote_text(&table.to_string());
    let set = format!("UPDATE {table} SET {} = {value}\n", quoted(column));
    dollar_quoted(&format!(
        "\
DECLARE
  page bigint := 0;
  pages bigint;
  step bigint := (SELECT greatest(1, ({batch} * CASE WHEN reltuples > 0 THEN relpages / reltuples ELSE 0.01 END)::bigint) FROM pg_class WHERE oid = {relation}::regclass);
BEGIN
  LOOP
    pages := pg_relation_size({relation}) / current_setting('block_size')::bigint;
    EXIT WHEN page >= pages;
    {set}    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid AND {rows};
    COMMIT;
    page := page + step;
    RAISE NOTICE '%: % of % pages', {relation}, least(page, pages), pages;
  END LOOP;
  {set}  WHERE {rows};
END
"
    ))
}

/// A `DO` block whose quotes occur nowhere in it.
fn dollar_quoted(body: &str) -> String {
    let mut tag = String::from("$$");
    for n in 1.. {
        if !body.contains(&tag) {
            break;
        }
        tag = format!("$s{n}$");
    }
    format!("DO {tag}\n{body}{tag};")
}
