//! What `pg.ts` prints.

use std::collections::{BTreeSet, HashMap};

use syncline_schema::model::Table;

use super::column;
use super::constraint::{self, ExtraView};
use super::declared::{Declaration, Declared};
use crate::targets::typescript::{self, RelationsView, Side};
use crate::targets::{BANNER, Emission};

/// The file.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    /// What is imported from `drizzle-orm` and from `drizzle-orm/pg-core`.
    orm: String,
    core: String,
    /// Are there bytes, for which Drizzle has no type?
    bytea: bool,
    /// Types that Drizzle does not know.
    types: Vec<Declaration>,
    schemas: Vec<Declaration>,
    enums: Vec<Declaration>,
    tables: Vec<TableView>,
    relations: Vec<RelationsView>,
}

#[derive(Debug, serde::Serialize)]
struct TableView {
    doc: String,
    constant: String,
    /// The function that makes it: `pgTable`, or that of a schema.
    make: String,
    /// The table's name as a string.
    name: String,
    /// A line each, with its comment.
    columns: Vec<String>,
    extras: Vec<ExtraView>,
    /// The parameter of the callback that gives the extras, if they need it.
    parameter: &'static str,
    /// The callback's type, where TypeScript cannot infer it: for tables that name each other.
    returns: &'static str,
    row_type: String,
    new_row_type: String,
}

/// The type of what a table's callback gives.
const EXTRAS_IMPORT: &str = "type PgTableExtraConfigValue";

/// What the lowering of all tables shares.
pub(super) struct Context<'a, 'side> {
    pub(super) side: &'side Side<'a>,
    /// The tables by name, as the printer of SQL takes them.
    pub(super) tables: HashMap<&'a str, &'a Table>,
    pub(super) declared: Declared<'a>,
    /// What is imported, sorted.
    pub(super) orm: BTreeSet<&'static str>,
    pub(super) core: BTreeSet<&'static str>,
}

/// Lowers PostgreSQL's tables; what Drizzle cannot say goes to `out` as notes.
pub(super) fn lower<'a>(side: &Side<'a>, out: &mut Emission<'_>) -> View {
    let mut context = Context {
        side,
        tables: side
            .tables
            .iter()
            .map(|table| (table.name.as_str(), *table))
            .collect(),
        declared: Declared::default(),
        orm: BTreeSet::new(),
        core: BTreeSet::new(),
    };
    let relations = typescript::lower_relations(side);
    if !relations.is_empty() {
        context.orm.insert("relations");
    }
    let tables = side.tables.iter().zip(&side.constants);
    let tables = tables
        .map(|(table, constant)| self::table(table, constant, &mut context, out))
        .collect();
    let Context {
        declared,
        orm,
        mut core,
        ..
    } = context;
    let Declared {
        schemas,
        enums,
        types,
        ..
    } = declared;
    let bytea = core.remove("bytea");
    core.extend((bytea || !types.is_empty()).then_some("customType"));
    core.extend((!schemas.is_empty()).then_some("pgSchema"));
    core.extend((!enums.is_empty()).then_some("pgEnum"));
    let list = |names: BTreeSet<&'static str>| names.into_iter().collect::<Vec<_>>().join(", ");
    View {
        banner: BANNER,
        orm: list(orm),
        core: list(core),
        bytea,
        types,
        schemas,
        enums,
        tables,
        relations,
    }
}

fn table<'a>(
    table: &'a Table,
    constant: &str,
    context: &mut Context<'a, '_>,
    out: &mut Emission<'_>,
) -> TableView {
    let make = match &table.schema {
        Some(schema) => format!("{}.table", context.declared.schema(schema, context.side)),
        None => {
            context.core.insert("pgTable");
            "pgTable".to_owned()
        }
    };
    let key = constraint::Primary::of(table);
    let columns = table
        .columns
        .iter()
        .map(|it| column::lower(it, key.is_column(it), context, out))
        .collect();
    let extras = constraint::lower(table, &key, context, out);
    TableView {
        doc: typescript::doc_comment(table.doc.as_deref().unwrap_or_default(), ""),
        constant: constant.to_owned(),
        make,
        name: typescript::string(&table.name),
        columns,
        returns: if extras.iter().any(ExtraView::names_a_table) {
            context.core.insert(EXTRAS_IMPORT);
            ": PgTableExtraConfigValue[]"
        } else {
            ""
        },
        parameter: if extras.iter().any(ExtraView::names_a_column) {
            "table"
        } else {
            ""
        },
        extras,
        row_type: typescript::row_type(&table.name),
        new_row_type: typescript::new_row_type(&table.name),
    }
}
