//! Which phase a step belongs to, and which steps PostgreSQL needs for it there.

use std::collections::{BTreeMap, BTreeSet};

use syncline_schema::literal::default_of;
use syncline_schema::model::{Check, Column, DefaultValue, Index, IndexColumn};
use syncline_schema::{Schema, names};

use super::{Phase, Planned};
use crate::diff::{Pair, Step, TableName, column_fill};

/// The order within a phase; steps of one rank keep theirs.
type Rank = u8;

/// Sorts steps into phases.
pub(super) fn phases(schemas: Pair<&Schema>, steps: Vec<Step>) -> Vec<Planned> {
    let mut placing = Placing::new(schemas, &steps);
    for step in steps {
        placing.place(step);
    }
    let mut phases: BTreeMap<Phase, Vec<(Rank, Step)>> = BTreeMap::new();
    for (phase, rank, step) in placing.placed {
        phases.entry(phase).or_default().push((rank, step));
    }
    let sorted = phases.into_iter().map(|(phase, mut steps)| {
        steps.sort_by_key(|(rank, _)| *rank);
        Planned {
            phase,
            steps: steps.into_iter().map(|(_, step)| step).collect(),
        }
    });
    sorted.collect()
}

struct Placing {
    /// Tables that this migration makes: empty, and nobody uses them yet.
    created: BTreeSet<TableName>,
    /// Tables whose rows get values: rules on them wait until they have.
    filled: BTreeSet<TableName>,
    /// Tables that PowerSync carries: it sends a value only where a row is written.
    synced: BTreeSet<TableName>,
    /// (table, constraint) that goes and comes again by the same name.
    replaced: BTreeSet<(TableName, String)>,
    /// Indexes that come by the name of one that goes, of whichever table of the schema.
    rebuilt: BTreeSet<TableName>,
    /// Tables whose primary key changes; what points at them waits for the new one.
    rekeyed: BTreeSet<TableName>,
    batch: u32,
    placed: Vec<(Phase, Rank, Step)>,
}

impl Placing {
    fn new(schemas: Pair<&Schema>, steps: &[Step]) -> Self {
        let mut it = Self {
            created: BTreeSet::new(),
            filled: BTreeSet::new(),
            synced: BTreeSet::new(),
            replaced: BTreeSet::new(),
            rebuilt: BTreeSet::new(),
            rekeyed: BTreeSet::new(),
            batch: schemas.next.settings.migrations.batch_size,
            placed: Vec::with_capacity(steps.len()),
        };
        let synced = schemas.next.synced().map(TableName::of);
        it.synced.extend(synced);
        let (mut dropped, mut unindexed) = (BTreeSet::new(), BTreeSet::new());
        for step in steps {
            match step {
                Step::CreateTable(table) => {
                    it.created.insert(TableName::of(table));
                }
                Step::Fill { table, .. } => {
                    it.filled.insert(table.clone());
                }
                Step::AddColumn { table, column } if it.trickles(table, column) => {
                    it.filled.insert(table.clone());
                }
                Step::DropConstraint { table, name } => {
                    dropped.insert((table.clone(), name.clone()));
                }
                Step::DropIndex { table, name, .. } => {
                    unindexed.insert(table.sibling(name));
                }
                _ => {}
            }
        }
        for step in steps {
            let (table, name) = match step {
                Step::AddPrimaryKey { table, name, .. } => {
                    it.rekeyed.insert(table.clone());
                    (table, name)
                }
                Step::AddUnique { table, index, .. } => (table, &index.name),
                Step::CreateIndex { table, index, .. } => {
                    let index = table.sibling(&index.name);
                    if unindexed.contains(&index) {
                        it.rebuilt.insert(index);
                    }
                    continue;
                }
                _ => continue,
            };
            let key = (table.clone(), name.clone());
            if dropped.contains(&key) {
                it.replaced.insert(key);
            }
        }
        it
    }

    fn push(&mut self, phase: Phase, rank: Rank, step: Step) {
        self.placed.push((phase, rank, step));
    }

    fn place(&mut self, step: Step) {
        use Phase::{Concurrent, Contract, Expand, Types, Validate};
        let (phase, rank) = match &step {
            Step::AddEnumValue { .. } => (Types, 0),
            Step::CreateSchema(_) => (Expand, 0),
            Step::CreateEnum(_) => (Expand, 1),
            Step::RenameTable { .. } | Step::SetSchema { .. } => (Expand, 2),
            Step::RenameEnumValue { .. } => (Expand, 3),
            Step::DropPolicy { .. } => (Expand, 3),
            Step::DropConstraint { table, name } => {
                let stands_in = self.replaced.contains(&(table.clone(), name.clone()));
                if stands_in {
                    (Validate, 3)
                } else {
                    (Expand, 3)
                }
            }
            Step::RenameColumn { .. }
            | Step::RenameConstraint { .. }
            | Step::RenameIndex { .. } => (Expand, 4),
            Step::CreateTable(_) => (Expand, 5),
            Step::AddColumn { .. } => return self.add_column(step),
            Step::SetDefault { .. } | Step::SetType { .. } => (Expand, 7),
            Step::DropNotNull { table, .. } => {
                if self.rekeyed.contains(table) {
                    (Validate, 5)
                } else {
                    (Expand, 7)
                }
            }
            Step::AddCheck { .. } => return self.add_check(step),
            Step::AddForeignKey { .. } => return self.add_foreign_key(step),
            Step::CreateIndex { .. } => return self.create_index(step),
            Step::RowSecurity { .. } => (Expand, 10),
            Step::CreatePolicy { .. } => (Expand, 11),
            Step::Comment { .. } => (Expand, 12),
            Step::Grant { .. } => (Expand, 13),
            Step::Publish(_) => (Expand, 14),
            Step::Other { .. } => (Expand, 15),
            Step::Fill { .. } => (Concurrent, 0),
            Step::DropIndex { table, name, .. } => {
                return self.drop_index(table.clone(), name.clone());
            }
            Step::Validate { .. } => (Validate, 0),
            Step::SetNotNull { table, column } => return self.set_not_null(table.clone(), column),
            Step::AddPrimaryKey { .. } | Step::AddUnique { .. } => return self.add_key(step),
            Step::Unpublish(_) => (Contract, 1),
            Step::Revoke { .. } => (Contract, 2),
            Step::DropColumn { .. } => (Contract, 3),
            Step::DropTable(_) => (Contract, 4),
            Step::DropEnum(_) => (Contract, 5),
            Step::DropSchema(_) => (Contract, 6),
        };
        self.push(phase, rank, step);
    }

    /// Does the new column's value reach the rows one by one, rather than by the catalog alone?
    fn trickles(&self, table: &TableName, column: &Column) -> bool {
        let constant = matches!(column.default, Some(DefaultValue::Literal(_)));
        default_of(column).is_some() && (!constant || self.synced.contains(table))
    }

    /// A default that PostgreSQL keeps in its catalog writes no row, so PowerSync would send none;
    /// one that differs from row to row would write the whole table under a lock. Both are filled
    /// in by batches, and only then required.
    fn add_column(&mut self, step: Step) {
        let Step::AddColumn { table, column } = step else {
            return;
        };
        let required = !column.nullable;
        let trickles = self.trickles(&table, &column);
        let default = default_of(&column).map(std::borrow::Cow::into_owned);
        let mut plain = column.clone();
        if trickles || (required && default.is_none()) {
            plain.nullable = true;
            plain.default = None;
        }
        let at_once = plain == column;
        self.push(
            Phase::Expand,
            6,
            Step::AddColumn {
                table: table.clone(),
                column: plain,
            },
        );
        if at_once {
            return;
        }
        if let Some(value) = default.filter(|_| trickles) {
            self.push(
                Phase::Expand,
                7,
                Step::SetDefault {
                    table: table.clone(),
                    default: column.default.clone(),
                    column: column.clone(),
                },
            );
            let fill = column_fill(&table, &column, &value, self.batch);
            // After what was copied from the column that it takes the place of.
            self.push(Phase::Concurrent, 1, fill);
        }
        if required {
            self.set_not_null(table, &column.name);
        }
    }

    /// Where rows are still to get values, a rule waits: it would stop every other write to them.
    fn rules(&self, table: &TableName) -> (Phase, Rank) {
        if self.filled.contains(table) {
            (Phase::Constrain, 0)
        } else {
            (Phase::Expand, 8)
        }
    }

    /// By way of a check that is validated while others write, so that the column's own rule
    /// finds nothing left to look at.
    fn set_not_null(&mut self, table: TableName, column: &str) {
        let name = names::fit(&format!("{}_{column}_not_null", table.name));
        let check = Check {
            name: name.clone(),
            expression: format!("{} IS NOT NULL", names::quote_sql(column)),
            place: syncline_schema::Place::NOWHERE,
        };
        let (phase, rank) = self.rules(&table);
        self.push(
            phase,
            rank,
            Step::AddCheck {
                table: table.clone(),
                check,
                not_valid: true,
            },
        );
        self.push(
            Phase::Validate,
            0,
            Step::Validate {
                table: table.clone(),
                name: name.clone(),
            },
        );
        self.push(
            Phase::Validate,
            1,
            Step::SetNotNull {
                table: table.clone(),
                column: column.to_owned(),
            },
        );
        self.push(Phase::Validate, 2, Step::DropConstraint { table, name });
    }

    fn add_check(&mut self, step: Step) {
        let Step::AddCheck { table, check, .. } = step else {
            return;
        };
        let name = check.name.clone();
        let (phase, rank) = self.rules(&table);
        self.push(
            phase,
            rank,
            Step::AddCheck {
                table: table.clone(),
                check,
                not_valid: true,
            },
        );
        self.push(Phase::Validate, 0, Step::Validate { table, name });
    }

    fn add_foreign_key(&mut self, step: Step) {
        let Step::AddForeignKey { table, key, .. } = step else {
            return;
        };
        let empty = self.created.contains(&table);
        let name = key.name.clone();
        let waits = self.rekeyed.contains(&key.target) && !self.created.contains(&key.target);
        let (add, validate) = if waits {
            ((Phase::Validate, 6), Phase::Contract)
        } else {
            ((Phase::Expand, 9), Phase::Validate)
        };
        let not_valid = !empty;
        self.push(
            add.0,
            add.1,
            Step::AddForeignKey {
                table: table.clone(),
                key,
                not_valid,
            },
        );
        if not_valid {
            self.push(validate, 0, Step::Validate { table, name });
        }
    }

    fn create_index(&mut self, step: Step) {
        let Step::CreateIndex {
            table, mut index, ..
        } = step
        else {
            return;
        };
        if self.created.contains(&table) {
            self.push(
                Phase::Expand,
                9,
                Step::CreateIndex {
                    table,
                    index,
                    concurrently: false,
                },
            );
            return;
        }
        let name = index.name.clone();
        let rebuilt = self.rebuilt.contains(&table.sibling(&name));
        if rebuilt {
            index.name = stand_in(&name);
        }
        let from = index.name.clone();
        self.push(
            Phase::Concurrent,
            2,
            Step::CreateIndex {
                table: table.clone(),
                index,
                concurrently: true,
            },
        );
        if rebuilt {
            self.push(
                Phase::Concurrent,
                4,
                Step::RenameIndex {
                    table,
                    from,
                    to: name,
                },
            );
        }
    }

    fn drop_index(&mut self, table: TableName, name: String) {
        self.push(
            Phase::Concurrent,
            3,
            Step::DropIndex {
                table,
                name,
                concurrently: true,
            },
        );
    }

    /// A key of rows that are there is built as an index first, while others write.
    fn add_key(&mut self, step: Step) {
        let (table, index) = match &step {
            Step::AddPrimaryKey {
                table,
                name,
                columns,
                ..
            } => {
                let columns = columns.iter().map(IndexColumn::column).collect();
                let index = Index {
                    unique: true,
                    ..Index::new(name.clone(), columns)
                };
                (table.clone(), index)
            }
            Step::AddUnique { table, index, .. } => {
                let index = Index {
                    constraint: false,
                    ..index.as_ref().clone()
                };
                (table.clone(), index)
            }
            _ => return,
        };
        if self.created.contains(&table) {
            self.push(Phase::Expand, 8, step);
            return;
        }
        let built = Index {
            name: stand_in(&index.name),
            ..index
        };
        let using_index = Some(built.name.clone());
        self.push(
            Phase::Concurrent,
            2,
            Step::CreateIndex {
                table: table.clone(),
                index: Box::new(built),
                concurrently: true,
            },
        );
        let key = match step {
            Step::AddPrimaryKey {
                table,
                name,
                columns,
                ..
            } => Step::AddPrimaryKey {
                table,
                name,
                columns,
                using_index,
            },
            Step::AddUnique { table, index, .. } => Step::AddUnique {
                table,
                index,
                using_index,
            },
            other => other,
        };
        self.push(Phase::Validate, 4, key);
    }
}

/// The name of an index while the one that it replaces still has its own.
fn stand_in(name: &str) -> String {
    names::fit(&format!("{name}_new"))
}
