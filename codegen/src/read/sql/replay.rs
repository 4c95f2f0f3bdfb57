//! Scripts, folded in order.

use std::collections::BTreeSet;
use std::ops::Range;

use syncline_schema::codes::Code;
use syncline_schema::model::{EnumType, Scalar};
use syncline_schema::{Diagnostic, Diagnostics, FileId, Place, Schema};

use super::reading::{Aside, Known, Reading, contradiction};
use super::split::{Statement, statements};
use crate::diff::fold::{self, Misfit};
use crate::diff::{Step, TableName};

/// What scripts add up to.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// The tables, each of PostgreSQL's side alone.
    pub schema: Schema,
    /// The native enums, used by a column or not.
    pub enums: Vec<EnumType>,
    /// The members of the publication that the PowerSync Service reads.
    pub published: BTreeSet<TableName>,
    /// The publication holds every table.
    pub publishes_all: bool,
    /// What each statement does, in order.
    pub statements: Vec<Done>,
    /// What could not be read (M001), does not fit (M002), or is left alone (M003).
    pub diagnostics: Diagnostics,
    /// What is there and not in the schema: tables, views, sequences.
    left_tables: BTreeSet<TableName>,
    /// Constraints, indexes and types that are there and not in the schema, by name.
    left_names: BTreeSet<String>,
}

/// A statement that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its script.
    pub file: FileId,
    /// Its bytes there.
    pub range: Range<usize>,
    /// What it does.
    pub steps: Vec<Step>,
}

/// Folds scripts in the order in which they are given.
pub fn replay<'a>(files: impl IntoIterator<Item = (FileId, &'a str)>) -> Replay {
    let mut replay = Replay::default();
    for (file, text) in files {
        replay.script(file, text);
    }
    replay
}

impl Replay {
    /// From this schema on.
    pub fn from_schema(schema: Schema) -> Self {
        Self {
            enums: super::reading::enums_of(&schema),
            schema,
            ..Self::default()
        }
    }

    /// Folds a script.
    pub fn script(&mut self, file: FileId, text: &str) {
        for statement in statements(text, file) {
            self.statement(&statement);
        }
    }

    /// Folds a statement.
    pub fn statement(&mut self, statement: &Statement<'_>) {
        let known = Known {
            schema: &self.schema,
            enums: &self.enums,
        };
        let Reading {
            mut steps,
            findings,
            asides,
            missing,
            ..
        } = super::read(statement, known);
        self.diagnostics.extend(findings);
        let missing = missing
            .into_iter()
            .filter(|(name, _)| !self.is_left(name))
            .map(|(_, found)| found)
            .collect::<Vec<_>>();
        self.diagnostics.extend(missing);
        let place = Place::new(statement.file, statement.range.clone());
        for aside in asides {
            self.aside(aside, &mut steps);
        }
        self.fold(&steps, place);
        self.statements.push(Done {
            file: statement.file,
            range: statement.range.clone(),
            steps,
        });
    }

    fn is_left(&self, name: &str) -> bool {
        self.left_names.contains(name)
    }

    /// Folds the steps of one statement: the first that does not fit is reported, for all of them
    /// speak of one table.
    fn fold(&mut self, steps: &[Step], place: Place) {
        let mut told = false;
        for step in steps {
            let found = match fold::apply(step, &mut self.schema) {
                Ok(()) => {
                    self.note(step);
                    continue;
                }
                Err(Misfit::Contradiction(why)) => {
                    if self.concerns_left(step) || std::mem::replace(&mut told, true) {
                        continue;
                    }
                    contradiction(why)
                }
                Err(Misfit::Beyond(why)) => {
                    if let Step::AddForeignKey { key, .. } = step {
                        self.left_names.insert(key.name.clone());
                    }
                    Diagnostic::new(Code::M003, format!("{why}, and is left alone")).note(
                        "the schema language does not hold it: no comparison sees it, no \
                         migration touches it",
                    )
                }
            };
            self.diagnostics.push(found.at(place, ""));
        }
    }

    /// Keeps what is in no table.
    fn note(&mut self, step: &Step) {
        match step {
            Step::CreateEnum(it) => self.enums.push(it.clone()),
            Step::DropEnum(name) => {
                self.enums.retain(|it| it.native.as_ref() != Some(name));
            }
            Step::AddEnumValue {
                name,
                value,
                before,
            } => self.for_enum(name, |words| {
                fold::add_word(words, value, before.as_deref());
            }),
            Step::RenameEnumValue { name, from, to } => {
                self.for_enum(name, |words| fold::rename_word(words, from, to));
            }
            Step::Publish(table) => {
                self.published.insert(table.clone());
            }
            Step::Unpublish(table) | Step::DropTable(table) => {
                self.published.remove(table);
            }
            Step::RenameTable { table, to } => {
                self.move_published(table, table.sibling(to));
            }
            Step::SetSchema { table, to } => {
                self.move_published(table, TableName::new(to.as_deref(), &table.name));
            }
            _ => {}
        }
    }

    fn move_published(&mut self, from: &TableName, to: TableName) {
        if self.published.remove(from) {
            self.published.insert(to);
        }
    }

    fn for_enum(&mut self, name: &str, change: impl Fn(&mut Vec<String>)) {
        let native = |it: &&mut EnumType| it.native.as_deref() == Some(name);
        for it in self.enums.iter_mut().filter(native) {
            change(&mut it.values);
        }
    }

    fn aside(&mut self, aside: Aside, steps: &mut Vec<Step>) {
        match aside {
            Aside::LeftTable(name) => {
                self.left_tables.insert(name);
            }
            Aside::LeftPart(_, name) | Aside::LeftType(name) => {
                self.left_names.insert(name);
            }
            Aside::RenamedEnum(from, to) => self.rename_enum(&from, &to),
            Aside::PublishesAll(None) => self.publishes_all = true,
            Aside::PublishesAll(Some(schema)) => {
                let schema = Some(schema).filter(|it| it != "public");
                let tables = self.schema.tables.iter();
                let inside = tables.filter(|it| it.schema == schema);
                self.published.extend(inside.map(TableName::of));
            }
            Aside::PublishesAnew => {
                let kept = |table: &TableName| {
                    steps
                        .iter()
                        .any(|it| matches!(it, Step::Publish(kept) if kept == table))
                };
                let gone: Vec<_> = self
                    .published
                    .iter()
                    .filter(|table| !kept(table))
                    .cloned()
                    .collect();
                steps.extend(gone.into_iter().map(Step::Unpublish));
            }
        }
    }

    fn rename_enum(&mut self, from: &str, to: &str) {
        let rename = |it: &mut EnumType| {
            if it.native.as_deref() == Some(from) {
                it.native = Some(to.to_owned());
            }
        };
        self.enums.iter_mut().for_each(rename);
        for column in self.schema.tables.iter_mut().flat_map(|it| &mut it.columns) {
            if let Scalar::Enum(it) = &mut column.ty.scalar {
                rename(it);
            }
        }
    }

    /// Is the step about something that was left alone?
    fn concerns_left(&self, step: &Step) -> bool {
        let name = match step {
            Step::DropConstraint { name, .. } | Step::Validate { name, .. } => Some(name),
            Step::RenameConstraint { from, .. } => Some(from),
            _ => None,
        };
        let in_left = |table| self.left_tables.contains(&table);
        step.about().is_some_and(in_left) || name.is_some_and(|name| self.is_left(name))
    }
}
