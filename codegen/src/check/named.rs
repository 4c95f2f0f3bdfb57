//! The tables that sync configs name, where nothing else says what tables there are: enough to tell
//! a query that gives a user's rows to everybody.

use syncline_schema::model::{Access, Column, Delete, Residence, Role, Scalar, Table};
use syncline_schema::{Schema, Sources, sql};

use super::pair::OWNERS;
use super::{Subject, SubjectKind};
use crate::read::sync_config::{self, read_query};
use crate::read::text;

/// A table for each that a query sends. It has an owner where a query of it filters by one.
pub(super) fn tables(subjects: &[Subject]) -> Schema {
    let mut schema = Schema::default();
    let sources = &mut Sources::default();
    for subject in subjects {
        if subject.kind != SubjectKind::SyncConfig {
            continue;
        }
        let Ok(source) = text::add(sources, &subject.path, &subject.bytes) else {
            continue;
        };
        let config = sync_config::read(&source);
        let definitions = config.definitions.iter();
        for query in definitions.flat_map(|it| &it.stream.queries) {
            let named = sql::with_room(|| {
                let sent = read_query(&query.sql).ok()?;
                Some((sent.table.text, owner_in(&query.sql)))
            });
            if let Some((name, owner)) = named {
                take_in(&mut schema, name, owner);
            }
        }
    }
    schema
}

/// The owner's column that a query names behind `WHERE`.
fn owner_in(query: &str) -> Option<&'static str> {
    let text = query.to_lowercase();
    let (_, condition) = text.split_once("where")?;
    let words: Vec<_> = condition
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .collect();
    // `bucket.user_id` and `auth.user_id()` are no columns.
    OWNERS.iter().copied().find(|name| {
        words
            .windows(2)
            .any(|it| matches!(it, [before, word] if word == name && !PREFIXES.contains(before)))
            || words.first() == Some(name)
    })
}

/// What stands before a name that is no column.
const PREFIXES: &[&str] = &["auth", "bucket", "request", "token_parameters"];

fn take_in(schema: &mut Schema, name: String, owner: Option<&str>) {
    let at = match schema.tables.iter().position(|it| it.name == name) {
        Some(at) => at,
        None => {
            let mut table = Table::new(name, Residence::Synced);
            table.access = Access::Public;
            table.delete = Delete::Hard;
            table.columns = vec![Column::new("id".to_owned(), Scalar::Text, false, Role::Id)];
            schema.tables.push(table);
            schema.tables.len() - 1
        }
    };
    if let (Some(table), Some(owner)) = (schema.tables.get_mut(at), owner)
        && table.owner().is_none()
    {
        let column = Column::new(owner.to_owned(), Scalar::Text, false, Role::Owner);
        table.columns.push(column);
        table.access = Access::Owner;
    }
}

#[cfg(test)]
mod tests {
    use super::owner_in;

    #[test]
    fn an_owner_is_a_column_of_the_condition() {
        let owner = "SELECT * FROM a WHERE owner_id = auth.user_id()";
        assert_eq!(owner_in(owner), Some("owner_id"));
        assert_eq!(owner_in("SELECT * FROM a WHERE id = bucket.user_id"), None);
        assert_eq!(
            owner_in("SELECT * FROM a WHERE user_id = auth.user_id()"),
            Some("user_id")
        );
        assert_eq!(owner_in("SELECT owner_id FROM a"), None);
    }
}
