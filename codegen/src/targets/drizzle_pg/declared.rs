//! What stands before the tables: schemas, native enums, types that Drizzle does not know. Each
//! is declared once, at its first use, under a name that no table has.

use std::collections::{HashMap, HashSet};

use syncline_schema::names;

use crate::targets::typescript::{Side, string};

/// A constant and what it stands for.
#[derive(Debug, serde::Serialize)]
pub(super) struct Declaration {
    constant: String,
    /// The name in PostgreSQL as a string.
    name: String,
    /// The words of an enum as strings; empty for others.
    words: String,
}

/// The declarations so far.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    pub(super) schemas: Vec<Declaration>,
    pub(super) enums: Vec<Declaration>,
    pub(super) types: Vec<Declaration>,
    /// The constants by suffix and name in PostgreSQL.
    constants: HashMap<(&'static str, &'a str), String>,
    taken: HashSet<String>,
}

impl<'a> Declared<'a> {
    /// The constant of a schema.
    pub(super) fn schema(&mut self, name: &'a str, side: &Side<'_>) -> String {
        self.constant("Schema", name, side, |it, declaration| {
            it.schemas.push(declaration)
        })
    }

    /// The constant of a native enum.
    pub(super) fn native_enum(
        &mut self,
        name: &'a str,
        words: &[String],
        side: &Side<'_>,
    ) -> String {
        self.constant("Enum", name, side, |it, mut declaration| {
            let words: Vec<_> = words.iter().map(|word| string(word)).collect();
            declaration.words = words.join(", ");
            it.enums.push(declaration);
        })
    }

    /// The constant of a type that only PostgreSQL knows.
    pub(super) fn raw_type(&mut self, sql: &'a str, side: &Side<'_>) -> String {
        self.constant("Type", sql, side, |it, declaration| {
            it.types.push(declaration)
        })
    }

    fn constant(
        &mut self,
        suffix: &'static str,
        name: &'a str,
        side: &Side<'_>,
        declare: impl FnOnce(&mut Self, Declaration),
    ) -> String {
        if let Some(constant) = self.constants.get(&(suffix, name)) {
            return constant.clone();
        }
        let mut constant = side.free(&format!("{}{suffix}", names::camel(name)));
        while !self.taken.insert(constant.clone()) {
            constant = side.free(&format!("{constant}_"));
        }
        declare(
            self,
            Declaration {
                constant: constant.clone(),
                name: string(name),
                words: String::new(),
            },
        );
        self.constants.insert((suffix, name), constant.clone());
        constant
    }
}
