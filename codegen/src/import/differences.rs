//! What subjects differ in, and what the source owes to PostgreSQL: the steps from one to the other.

use std::collections::BTreeSet;

use syncline_schema::Schema;

use super::{Remark, Server};
use crate::diff::{Pair, Renames, Scope, Step, TableName, diff};
use crate::sql;

/// The first subject's tables, and those that only the others have. What they differ in is said.
pub(super) fn merged(servers: &[Server], remarks: &mut Vec<Remark>) -> Schema {
    let Some((first, others)) = servers.split_first() else {
        return Schema::default();
    };
    let mut schema = first.schema.clone();
    for other in others {
        let known: BTreeSet<_> = schema.tables.iter().map(TableName::of).collect();
        let (both, more): (Vec<_>, Vec<_>) = (other.schema.tables.iter().cloned())
            .partition(|it| known.contains(&TableName::of(it)));
        let theirs: BTreeSet<_> = both.iter().map(TableName::of).collect();
        let mut ours = schema.clone();
        ours.tables.retain(|it| theirs.contains(&TableName::of(it)));
        let next = Schema {
            tables: both,
            ..Schema::default()
        };
        let pair = Pair {
            previous: &ours,
            next: &next,
        };
        for step in diff(pair, &Renames::default(), Scope::Tables) {
            let text = format!(
                "{} differs: `{}`; {} is believed",
                other.shown,
                one_line(&sql::step(&step)),
                first.shown
            );
            remarks.push(Remark {
                table: step.about().map(|it| it.name),
                ..Remark::plain(text)
            });
        }
        for table in more {
            let text = format!("only {} has this table", other.shown);
            remarks.push(Remark::table(&table.name, text));
            schema.tables.push(table);
        }
    }
    schema
}

/// What a migration would do to PostgreSQL as it is: where the language has no word for it.
pub(super) fn owed(read: &Schema, imported: &Schema, remarks: &mut Vec<Remark>) {
    let pair = Pair {
        previous: read,
        next: imported,
    };
    let mut deferrable = false;
    for step in diff(pair, &Renames::default(), Scope::Tables) {
        if matches!(step, Step::AddForeignKey { .. }) {
            deferrable = true;
        }
        let text = format!(
            "not as PostgreSQL has it, a migration would run: `{}`",
            one_line(&sql::step(&step))
        );
        remarks.push(Remark {
            table: step.about().map(|it| it.name),
            ..Remark::plain(text)
        });
    }
    if deferrable {
        remarks.push(Remark::plain(
            "the language's foreign keys are judged when a transaction ends: a device's may hold a row before the one that it points at",
        ));
    }
}

/// On one line, and not too long a one.
pub(super) fn one_line(sql: &str) -> String {
    const LONGEST: usize = 240;
    let words: Vec<_> = sql.split_whitespace().collect();
    let line = words.join(" ");
    let line = line.trim_end_matches(';');
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", &line[..at]),
        None => line.to_owned(),
    }
}
