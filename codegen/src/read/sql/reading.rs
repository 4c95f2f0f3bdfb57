//! What reading one statement gives, and what it may look at.

use std::ops::Range;

use syncline_schema::codes::Code;
use syncline_schema::model::{EnumType, Scalar, Table};
use syncline_schema::{Diagnostic, FileId, Place, Schema};

use super::cursor::{Misread, Name};
use crate::diff::{Step, TableName, fold};

/// What is known before a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) schema: &'a Schema,
    /// The native enums, used by a column or not.
    pub(super) enums: &'a [EnumType],
}

impl<'a> Known<'a> {
    pub(super) fn table(&self, name: &TableName) -> Option<&'a Table> {
        fold::table_of(self.schema, name)
    }

    /// The table that has the index of this name.
    pub(super) fn table_of_index(&self, index: &Name) -> Option<&'a Table> {
        self.schema.tables.iter().rev().find(|table| {
            table.schema == index.schema
                && (table.indexes.iter().any(|it| it.name == index.name)
                    || (!table.key_columns().is_empty()
                        && crate::sql::primary_key_name(table) == index.name))
        })
    }

    pub(super) fn enum_named(&self, name: &str) -> Option<&'a EnumType> {
        let native = |it: &&EnumType| it.native.as_deref() == Some(name);
        self.enums.iter().find(native)
    }
}

/// The native enums of a schema's columns, each once.
pub(super) fn enums_of(schema: &Schema) -> Vec<EnumType> {
    let mut enums: Vec<EnumType> = Vec::new();
    for column in schema.tables.iter().flat_map(|it| &it.columns) {
        if let Scalar::Enum(it) = &column.ty.scalar
            && it.native.is_some()
            && !enums.iter().any(|other| other.native == it.native)
        {
            enums.push(it.clone());
        }
    }
    enums
}

/// What a statement does beside its steps, for those who read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// There is a table, view or the like that the schema does not hold.
    LeftTable(TableName),
    /// A table has a constraint, column or index of this name that the schema does not hold.
    LeftPart(TableName, String),
    /// There is a type of this name that the schema does not hold.
    LeftType(String),
    /// An enum has a new name.
    RenamedEnum(String, String),
    /// The publication holds all tables, of one schema or of every.
    PublishesAll(Option<String>),
    /// The publication holds only what is published from here on.
    PublishesAnew,
}

/// Collects what one statement gives.
pub(super) struct Reading<'a> {
    pub(super) known: Known<'a>,
    file: FileId,
    /// The byte of the script at which the statement begins.
    offset: usize,
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) asides: Vec<Aside>,
    /// What is not there, by name; it may be among what was left alone before.
    pub(super) missing: Vec<(String, Diagnostic)>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(known: Known<'a>, file: FileId, offset: usize) -> Self {
        Self {
            known,
            file,
            offset,
            steps: Vec::new(),
            findings: Vec::new(),
            asides: Vec::new(),
            missing: Vec::new(),
        }
    }

    pub(super) fn place(&self, range: Range<usize>) -> Place {
        Place::new(
            self.file,
            self.offset + range.start..self.offset + range.end,
        )
    }

    pub(super) fn other(&mut self, sql: impl Into<String>) {
        self.steps.push(Step::Other { sql: sql.into() });
    }

    /// Says that something is there in PostgreSQL, and in no schema.
    pub(super) fn left_alone(&mut self, range: Range<usize>, what: impl std::fmt::Display) {
        self.findings.push(
            Diagnostic::new(Code::M003, format!("{what} is left alone"))
                .at(self.place(range), "")
                .note("the schema language does not hold it: no comparison sees it, no migration touches it"),
        );
    }

    pub(super) fn missing(&mut self, range: Range<usize>, message: String, name: &str) {
        let found = contradiction(message).at(self.place(range), "");
        self.missing.push((name.to_owned(), found));
    }

    pub(super) fn misread(&mut self, misread: Misread) {
        self.findings.push(
            Diagnostic::new(
                Code::M001,
                format!("cannot read this statement: {}", misread.message),
            )
            .at(self.place(misread.range), "")
            .note("what it changes is not known, so what follows may be judged wrongly")
            .help("write it as PostgreSQL's manual does; other statements are read all the same"),
        );
    }
}

/// A statement that does not fit what came before it.
pub(super) fn contradiction(message: String) -> Diagnostic {
    Diagnostic::new(Code::M002, message)
        .note("PostgreSQL would refuse this statement after those before it, or something is not in these files")
        .help("add the files that make it, or mend the order")
}

impl From<Name> for TableName {
    fn from(name: Name) -> Self {
        Self::new(name.schema.as_deref(), &name.name)
    }
}
