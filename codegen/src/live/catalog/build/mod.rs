//! Rows of the catalog into a [`Schema`].

mod columns;
mod constraints;
mod indexes;
mod relations;
mod sharing;

use std::collections::{BTreeMap, HashMap};

use syncline_schema::model::Table;

use super::rows::{
    AttachedRow, ColumnRow, ConstraintRow, GrantRow, IndexRow, LooseRow, MemberRow, PolicyRow,
    PublicationRow, RelationRow, TypeRow,
};
use super::{Catalog, TableFacts, Unheld};
use crate::diff::step::TableName;

/// Everything that the queries gave.
pub(super) struct Found {
    pub(super) relations: Vec<RelationRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) types: Vec<TypeRow>,
    pub(super) policies: Vec<PolicyRow>,
    pub(super) grants: Vec<GrantRow>,
    pub(super) publication: Vec<PublicationRow>,
    pub(super) members: Vec<MemberRow>,
    pub(super) attached: Vec<AttachedRow>,
    pub(super) loose: Vec<LooseRow>,
}

/// The tables while they are put together.
struct Building {
    /// By oid; taken out in the order of names at the end.
    tables: HashMap<u32, Draft>,
    /// How many tables have the name: a reference names no schema.
    names: BTreeMap<String, usize>,
    unheld: Vec<Unheld>,
}

/// A table, and what is needed to put it together.
struct Draft {
    name: TableName,
    table: Table,
    facts: TableFacts,
    /// Names of columns by their numbers, which skip those that were dropped.
    columns: HashMap<i16, String>,
}

impl Draft {
    /// The names of columns; none if one of them is none of the table's own, like `tableoid`.
    fn names(&self, numbers: &[i16]) -> Option<Vec<String>> {
        let name = |number: &i16| self.columns.get(number).cloned();
        numbers.iter().map(name).collect()
    }
}

impl Building {
    /// Notes what the model cannot say of something that belongs to a table.
    fn of_table(&mut self, oid: u32, kind: &str, name: &str, what: impl Into<String>) {
        let Some(draft) = self.tables.get(&oid) else {
            return;
        };
        let table = &draft.name;
        let object = match kind {
            "table" => format!("table `{table}`"),
            "column" => format!("column `{table}.{name}`"),
            kind => format!("{kind} `{name}` of table `{table}`"),
        };
        self.unheld.push(Unheld {
            table: Some(table.clone()),
            object,
            what: what.into(),
        });
    }

    /// Notes an object that belongs to no table.
    fn loose(&mut self, kind: &str, schema: Option<&str>, name: &str) {
        let name = match schema {
            Some(schema) => TableName::new(Some(schema), name).to_string(),
            None => name.to_owned(),
        };
        self.unheld.push(Unheld {
            table: None,
            object: format!("{kind} `{name}`"),
            what: String::new(),
        });
    }
}

/// Puts the catalog together.
pub(super) fn catalog(found: Found) -> Catalog {
    let mut building = relations::tables(&found.relations);
    columns::add(&mut building, &found.columns, &found.types);
    let keys = constraints::add(&mut building, &found.constraints);
    indexes::add(&mut building, &found.indexes, &found.constraints);
    sharing::add_policies(&mut building, &found.policies);
    constraints::add_foreign_keys(&mut building, &keys);
    sharing::add_grants(&mut building, &found.grants);
    sharing::attached(&mut building, &found.attached);
    for it in &found.loose {
        building.loose(&it.kind, it.schema.as_deref(), &it.name);
    }
    let mut catalog = Catalog {
        publication: sharing::publication(&found.publication, &found.members),
        published: sharing::published(&found.members),
        ..Catalog::default()
    };
    let mut drafts: Vec<_> = building.tables.into_values().collect();
    drafts.sort_by(|a, b| a.name.cmp(&b.name));
    for draft in drafts {
        catalog.schema.tables.push(draft.table);
        catalog.tables.insert(draft.name, draft.facts);
    }
    building.unheld.sort();
    building.unheld.dedup();
    (catalog.diagnostics).extend(building.unheld.iter().map(Unheld::diagnostic));
    catalog.unheld = building.unheld;
    catalog
}
