//! Indexes, unique rules and checks.

use crate::place::Place;

/// An index; a unique rule is an index with `unique` set.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Index {
    /// The name, given or made by [`crate::names`].
    pub name: String,
    /// What is indexed, in order.
    pub columns: Vec<IndexColumn>,
    /// Does it forbid equal rows?
    pub unique: bool,
    /// A unique rule across owners, said on purpose.
    pub global: bool,
    /// PostgreSQL's index method where it is not btree.
    pub method: Option<String>,
    /// The rows it covers, as a PostgreSQL condition; all rows where none.
    #[serde(rename = "where")]
    pub predicate: Option<String>,
    /// Columns carried along without being indexed.
    pub include: Vec<String>,
    /// Do two NULLs count as equal?
    pub nulls_not_distinct: bool,
    /// PostgreSQL holds the unique rule as a constraint, as `ADD UNIQUE` makes it. Readers find
    /// such; the source has none, and an index of the same name and columns is as good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub constraint: bool,
    /// The name before this one.
    pub renamed_from: Option<String>,
    /// Where the source declares it.
    #[serde(skip)]
    pub place: Place,
}

impl Index {
    /// A plain index.
    pub fn new(name: impl Into<String>, columns: Vec<IndexColumn>) -> Self {
        Self {
            name: name.into(),
            columns,
            unique: false,
            global: false,
            method: None,
            predicate: None,
            include: Vec::new(),
            nulls_not_distinct: false,
            constraint: false,
            renamed_from: None,
            place: Place::NOWHERE,
        }
    }
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndexColumn {
    /// What is indexed.
    #[serde(flatten)]
    pub part: IndexPart,
    /// Descending?
    pub desc: bool,
    /// Where NULLs go, if not where PostgreSQL puts them.
    pub nulls: Option<Nulls>,
    /// The operator class, if not the type's own.
    pub opclass: Option<String>,
}

impl IndexColumn {
    /// A column in PostgreSQL's usual order.
    pub fn column(name: impl Into<String>) -> Self {
        Self {
            part: IndexPart::Column(name.into()),
            desc: false,
            nulls: None,
            opclass: None,
        }
    }

    /// The column's name; none for an expression.
    pub fn name(&self) -> Option<&str> {
        match &self.part {
            IndexPart::Column(name) => Some(name),
            IndexPart::Expression(_) => None,
        }
    }
}

/// A column or an expression.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexPart {
    /// A column of the table.
    Column(String),
    /// A PostgreSQL expression.
    Expression(String),
}

/// Where an index puts NULLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

/// A condition that every row must meet.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Check {
    /// The name, given or made.
    pub name: String,
    /// A PostgreSQL condition.
    pub expression: String,
    /// Where the source declares it.
    #[serde(skip)]
    pub place: Place,
}
