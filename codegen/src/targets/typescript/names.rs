//! Names in TypeScript.
//!
//! The name of a table's constant follows from the table's name alone, so that no other table,
//! column or option can ever rename what an app imports. It is the same in every file. What may
//! meet it (relations, enums, schemas of PostgreSQL) gives way by [`free`].

use std::collections::HashSet;

use syncline_schema::names;

/// What the generated files import or declare beside tables, used there or not, and what a
/// CommonJS wrapper or TypeScript itself declares. Sorted.
const TAKEN: &[&str] = &[
    "bigint",
    "bigints",
    "boolean",
    "booleans",
    "bytea",
    "check",
    "customType",
    "date",
    "deviceId",
    "doublePrecision",
    "exports",
    "foreignKey",
    "globalThis",
    "index",
    "integer",
    "jsonb",
    "localNow",
    "localTime",
    "many",
    "module",
    "newId",
    "now",
    "numeric",
    "one",
    "pgEnum",
    "pgPolicy",
    "pgSchema",
    "pgTable",
    "primaryKey",
    "real",
    "relations",
    "require",
    "smallint",
    "sql",
    "sqliteTable",
    "table",
    "tables",
    "text",
    "time",
    "timestamp",
    "today",
    "uniqueIndex",
    "uuid",
    "varchar",
];

/// The constant that holds a table: `group_hierarchy` is `groupHierarchy`, `text` is `text_`.
pub(in crate::targets) fn constant(table: &str) -> String {
    let mut name = names::typescript_ident(table);
    if TAKEN.binary_search(&name.as_str()).is_ok() {
        name.push('_');
    }
    name
}

/// The type of a row as it is read.
pub(in crate::targets) fn row_type(table: &str) -> String {
    format!("{}Row", type_base(table))
}

/// The type of a row as it is inserted.
pub(in crate::targets) fn new_row_type(table: &str) -> String {
    format!("New{}Row", type_base(table))
}

/// `NewDraftsRow` is the new row of `drafts`, so `new_drafts` has to be called otherwise.
fn type_base(table: &str) -> String {
    let mut name = names::pascal(table);
    let rest = name.strip_prefix("New").unwrap_or_default();
    if rest.starts_with(|first: char| !first.is_lowercase()) {
        name.push('_');
    }
    name
}

/// A name that no table has: `name`, with underscores behind it where need be.
pub(super) fn free(name: &str, constants: &HashSet<String>) -> String {
    let mut name = name.to_owned();
    while constants.contains(&name)
        || TAKEN.binary_search(&name.as_str()).is_ok()
        || names::is_typescript_reserved(&name)
    {
        name.push('_');
    }
    name
}

/// A column as the key of an object.
pub(in crate::targets) fn property(column: &str) -> String {
    names::camel(column)
}

/// A column as a member of its table: `table.groupId`.
pub(in crate::targets) fn member(table: &str, column: &str) -> String {
    format!("{table}.{}", property(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_taken_names_are_sorted() {
        assert!(TAKEN.is_sorted());
    }

    #[test]
    fn no_table_meets_a_name_of_ours() {
        let names = [
            "group_hierarchy",
            "text",
            "class",
            "module",
            "m²",
            "2fa",
            "one",
            "local_now",
        ];
        let constants = names.map(constant);
        assert_eq!(
            constants,
            [
                "groupHierarchy",
                "text_",
                "class_",
                "module_",
                "m",
                "_2fa",
                "one_",
                "localNow_"
            ]
        );
    }

    #[test]
    fn a_new_row_is_not_the_row_of_something_new() {
        let types = |table| (row_type(table), new_row_type(table));
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(types("drafts"), pair("DraftsRow", "NewDraftsRow"));
        assert_eq!(
            types("new_drafts"),
            pair("NewDrafts_Row", "NewNewDrafts_Row")
        );
        assert_eq!(types("news"), pair("NewsRow", "NewNewsRow"));
    }
}
