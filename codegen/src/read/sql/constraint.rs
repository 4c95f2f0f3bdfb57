//! Constraints, as they stand behind columns, in `CREATE TABLE` and behind `ADD`.

use std::ops::Range;

use syncline_schema::model::{Check, Index, IndexColumn, OnDelete, Table};

use super::cursor::{Cursor, Name, Result};
use super::names::Names;
use super::reading::{Aside, Reading};
use crate::diff::{ForeignKeyDef, Step, TableName};
use crate::read::sql::token::{self, Kind};

/// A constraint, named or not.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    pub(super) name: Option<String>,
    pub(super) body: Body,
    /// Its bytes.
    pub(super) range: Range<usize>,
    not_valid: bool,
    deferrable: bool,
    deferred: bool,
}

/// What a constraint says.
#[derive(Clone, Debug)]
pub(super) enum Body {
    NotNull(String),
    Key {
        columns: Vec<String>,
        using_index: Option<String>,
    },
    Unique {
        columns: Vec<String>,
        include: Vec<String>,
        nulls_not_distinct: bool,
        using_index: Option<String>,
    },
    Check(String),
    ForeignKey {
        columns: Vec<String>,
        target: Name,
        target_columns: Vec<String>,
        on_delete: OnDelete,
        /// What the schema cannot hold of it.
        beyond: Option<&'static str>,
    },
    /// What no schema holds, in words.
    Beyond(&'static str),
}

/// Takes a constraint; `of` is the column behind which it stands.
pub(super) fn take(
    cursor: &mut Cursor<'_>,
    of: Option<&str>,
    reading: &mut Reading<'_>,
) -> Result<Option<Constraint>> {
    let start = cursor.position();
    let name = if cursor.eat("constraint") {
        Some(cursor.name()?)
    } else {
        None
    };
    let Some(body) = body(cursor, of, reading)? else {
        return if name.is_some() {
            Err(cursor.expected("a constraint"))
        } else {
            Ok(None)
        };
    };
    let mut out = Constraint {
        name,
        body,
        range: 0..0,
        not_valid: false,
        deferrable: false,
        deferred: false,
    };
    attributes(cursor, &mut out, reading)?;
    out.range = cursor.bytes(start..cursor.position());
    Ok(Some(out))
}

fn body(
    cursor: &mut Cursor<'_>,
    of: Option<&str>,
    reading: &mut Reading<'_>,
) -> Result<Option<Body>> {
    let own = || of.map(|name| vec![name.to_owned()]);
    if cursor.eat("not null") {
        // PostgreSQL 18 has it for tables as well: `NOT NULL column`.
        let column = match of {
            Some(name) => name.to_owned(),
            None => cursor.name()?,
        };
        return Ok(Some(Body::NotNull(column)));
    }
    if cursor.eat("primary key") {
        let (columns, using_index) = columns(cursor, own())?;
        if cursor.is("include") {
            let range = cursor.here();
            cursor.next();
            cursor.parens()?;
            reading.left_alone(range, "INCLUDE of a primary key");
        }
        storage(cursor)?;
        return Ok(Some(Body::Key {
            columns,
            using_index,
        }));
    }
    if cursor.eat("unique") {
        let mut nulls_not_distinct = cursor.eat("nulls not distinct");
        let _ = cursor.eat("nulls distinct");
        let (columns, using_index) = columns(cursor, own())?;
        nulls_not_distinct |= cursor.eat("nulls not distinct");
        let include = if cursor.eat("include") {
            cursor.names()?
        } else {
            Vec::new()
        };
        storage(cursor)?;
        return Ok(Some(Body::Unique {
            columns,
            include,
            nulls_not_distinct,
            using_index,
        }));
    }
    if cursor.eat("check") {
        let inside = cursor.parens()?;
        if inside.is_empty() {
            return Err(cursor.expected("a condition before"));
        }
        return Ok(Some(Body::Check(cursor.one_line(inside))));
    }
    if cursor.is("references") && of.is_some() {
        return foreign_key(cursor, own().unwrap_or_default()).map(Some);
    }
    if of.is_none() && cursor.eat("foreign key") {
        let columns = cursor.names()?;
        return foreign_key(cursor, columns).map(Some);
    }
    if of.is_none() && cursor.eat("exclude") {
        if cursor.eat("using") {
            cursor.name()?;
        }
        cursor.parens()?;
        storage(cursor)?;
        if cursor.eat("where") {
            cursor.parens()?;
        }
        return Ok(Some(Body::Beyond("an exclusion constraint")));
    }
    Ok(None)
}

/// The columns of a key or unique rule: its column's own, in parentheses, or those of an index.
fn columns(
    cursor: &mut Cursor<'_>,
    own: Option<Vec<String>>,
) -> Result<(Vec<String>, Option<String>)> {
    if let Some(own) = own {
        return Ok((own, None));
    }
    if cursor.eat("using index") {
        return Ok((Vec::new(), Some(cursor.name()?)));
    }
    Ok((cursor.names()?, None))
}

/// Takes what says how an index is stored, which is nothing to a schema.
fn storage(cursor: &mut Cursor<'_>) -> Result<()> {
    loop {
        if cursor.is("with") && cursor.ahead(1).is_some_and(|it| it.of(cursor.text) == "(") {
            cursor.next();
            cursor.parens()?;
        } else if cursor.eat("using index tablespace") {
            cursor.name()?;
        } else {
            return Ok(());
        }
    }
}

fn foreign_key(cursor: &mut Cursor<'_>, columns: Vec<String>) -> Result<Body> {
    cursor.expect("references")?;
    let target = cursor.qualified()?;
    let target_columns = if cursor.is_mark("(") {
        cursor.names()?
    } else {
        Vec::new()
    };
    let (mut on_delete, mut beyond) = (OnDelete::NoAction, None);
    loop {
        if cursor.eat("match full") {
            // With one column there is no difference.
            if columns.len() > 1 {
                beyond = Some("MATCH FULL");
            }
        } else if cursor.eat("match simple") {
        } else if cursor.eat("match partial") {
            beyond = Some("MATCH PARTIAL");
        } else if cursor.eat("on delete") {
            match action(cursor)? {
                Some((it, named)) => {
                    on_delete = it;
                    // Of two columns, only the second can be emptied: the first is the owner.
                    let usual = match (columns.as_slice(), named.as_slice()) {
                        ([_], []) => true,
                        ([_, last] | [last], [named]) => last == named,
                        (_, []) => it != OnDelete::SetNull,
                        _ => false,
                    };
                    if !usual {
                        beyond = Some("ON DELETE SET NULL of these columns");
                    }
                }
                None => beyond = Some("ON DELETE SET DEFAULT"),
            }
        } else if cursor.eat("on update") {
            match action(cursor)? {
                Some((OnDelete::NoAction, _)) => {}
                _ => beyond = Some("ON UPDATE"),
            }
        } else {
            break;
        }
    }
    Ok(Body::ForeignKey {
        columns,
        target,
        target_columns,
        on_delete,
        beyond,
    })
}

/// An action and the columns that it names; none for SET DEFAULT.
fn action(cursor: &mut Cursor<'_>) -> Result<Option<(OnDelete, Vec<String>)>> {
    let action = if cursor.eat("no action") {
        Some(OnDelete::NoAction)
    } else if cursor.eat("restrict") {
        Some(OnDelete::Restrict)
    } else if cursor.eat("cascade") {
        Some(OnDelete::Cascade)
    } else if cursor.eat("set null") {
        Some(OnDelete::SetNull)
    } else if cursor.eat("set default") {
        None
    } else {
        return Err(cursor.expected("what happens: NO ACTION, RESTRICT, CASCADE, SET NULL"));
    };
    let named = if cursor.is_mark("(") {
        cursor.names()?
    } else {
        Vec::new()
    };
    Ok(action.map(|it| (it, named)))
}

/// Takes what may stand behind any constraint.
fn attributes(
    cursor: &mut Cursor<'_>,
    out: &mut Constraint,
    reading: &mut Reading<'_>,
) -> Result<()> {
    loop {
        let range = cursor.here();
        if cursor.eat("not valid") {
            out.not_valid = true;
        } else if cursor.eat("not deferrable") {
            out.deferrable = false;
        } else if cursor.eat("deferrable") {
            out.deferrable = true;
        } else if cursor.eat("initially deferred") {
            out.deferrable = true;
            out.deferred = true;
        } else if cursor.eat("initially immediate") || cursor.eat("enforced") {
        } else if cursor.eat("no inherit") {
            reading.left_alone(range, "NO INHERIT of a constraint");
        } else if cursor.eat("not enforced") {
            reading.left_alone(range, "NOT ENFORCED of a constraint");
        } else {
            return Ok(());
        }
    }
}

/// The steps that make a constraint of a table that is there. `table` has the columns, for names.
pub(super) fn steps(
    constraint: Constraint,
    table: &Table,
    names: &mut Names,
    reading: &mut Reading<'_>,
) {
    let of = TableName::of(table);
    let left = |reading: &mut Reading<'_>, name: Option<String>, what: String| {
        reading.left_alone(constraint.range.clone(), what);
        let parts = name.map(|name| Aside::LeftPart(of.clone(), name));
        reading.asides.extend(parts);
    };
    match constraint.body {
        Body::NotNull(column) => {
            if constraint.not_valid {
                left(reading, None, format!("NOT VALID of NOT NULL on {column}"));
            }
            reading.steps.push(Step::SetNotNull { table: of, column });
        }
        Body::Key {
            columns,
            using_index,
        } => {
            if constraint.deferrable {
                left(reading, None, "DEFERRABLE of a primary key".to_owned());
            }
            let columns = match &using_index {
                Some(index) => index_columns(reading, table, index),
                None => columns,
            };
            let name = constraint
                .name
                .or_else(|| using_index.clone())
                .unwrap_or_else(|| names.key(table));
            reading.steps.push(Step::AddPrimaryKey {
                table: of,
                name,
                columns,
                using_index,
            });
        }
        Body::Unique {
            columns,
            include,
            nulls_not_distinct,
            using_index,
        } => {
            let columns = match &using_index {
                Some(index) => index_columns(reading, table, index),
                None => columns,
            };
            let name = constraint
                .name
                .or_else(|| using_index.clone())
                .unwrap_or_else(|| names.unique(table, &columns));
            if constraint.deferrable {
                left(
                    reading,
                    None,
                    format!("DEFERRABLE of the unique constraint {name}"),
                );
            }
            let mut index =
                Index::new(name, columns.into_iter().map(IndexColumn::column).collect());
            index.unique = true;
            index.constraint = true;
            index.include = include;
            index.nulls_not_distinct = nulls_not_distinct;
            index.place = reading.place(constraint.range.clone());
            reading.steps.push(Step::AddUnique {
                table: of,
                index: Box::new(index),
                using_index,
            });
        }
        Body::Check(expression) => {
            let expression = unqualified(&expression, &table.name);
            let name = constraint
                .name
                .unwrap_or_else(|| names.check(table, &expression));
            reading.steps.push(Step::AddCheck {
                table: of,
                check: Check {
                    name,
                    expression,
                    place: reading.place(constraint.range),
                },
                not_valid: constraint.not_valid,
            });
        }
        Body::ForeignKey {
            columns,
            target,
            target_columns,
            on_delete,
            beyond,
        } => {
            let name = constraint
                .name
                .unwrap_or_else(|| names.foreign_key(table, &columns));
            let immediate = constraint.deferrable && !constraint.deferred;
            let beyond = beyond.or(immediate.then_some("DEFERRABLE INITIALLY IMMEDIATE"));
            if let Some(why) = beyond {
                left(
                    reading,
                    Some(name.clone()),
                    format!("the foreign key {name} with {why}"),
                );
                return;
            }
            let target = TableName::from(target);
            let target_columns = if target_columns.is_empty() {
                key_of(reading, table, &target, columns.len())
            } else {
                target_columns
            };
            reading.steps.push(Step::AddForeignKey {
                table: of,
                key: ForeignKeyDef {
                    name,
                    columns,
                    target,
                    target_columns,
                    on_delete,
                    deferred: constraint.deferred,
                },
                not_valid: constraint.not_valid,
            });
        }
        Body::Beyond(what) => {
            let name = constraint.name;
            left(reading, name, what.to_owned());
        }
    }
}

fn index_columns(reading: &Reading<'_>, table: &Table, index: &str) -> Vec<String> {
    let known = reading.known.table(&TableName::of(table)).unwrap_or(table);
    let index = known.indexes.iter().find(|it| it.name == index);
    let columns = index.map(|it| it.columns.as_slice()).unwrap_or_default();
    columns
        .iter()
        .filter_map(|it| it.name().map(str::to_owned))
        .collect()
}

/// The key of the table pointed at, which is meant where no columns are named; `id` where the
/// table is not known.
fn key_of(reading: &Reading<'_>, table: &Table, target: &TableName, count: usize) -> Vec<String> {
    let to = if *target == TableName::of(table) {
        Some(table)
    } else {
        reading.known.table(target)
    };
    let key = to.map(Table::key_columns).unwrap_or_default();
    if key.len() == count {
        return key.into_iter().map(str::to_owned).collect();
    }
    vec!["id".to_owned(); count.min(1)]
}

/// The expression without its own table's name before columns, as PostgreSQL keeps it.
pub(super) fn unqualified(sql: &str, table: &str) -> String {
    let tokens = token::tokens(sql);
    let text = |at: usize| tokens.get(at).map_or("", |it| it.of(sql));
    let mut out = String::with_capacity(sql.len());
    let mut end = 0;
    for (at, token) in tokens.iter().enumerate() {
        let named = match token.kind {
            Kind::Word => token.of(sql).to_lowercase() == table,
            Kind::Quoted => token.of(sql) == format!("\"{}\"", table.replace('"', "\"\"")),
            _ => false,
        };
        // `(table.column).field` keeps its parentheses; `schema.table.column` is not written.
        let before = at > 0 && text(at - 1) == ".";
        if named && !before && text(at + 1) == "." {
            out.push_str(&sql[end..token.start]);
            end = tokens[at + 1].end;
        }
    }
    out.push_str(&sql[end..]);
    out
}

/// Which columns of a table an expression names.
pub(super) fn columns_in<'t>(table: &'t Table, sql: &str) -> Vec<&'t str> {
    let tokens = token::tokens(sql);
    let text = |at: usize| tokens.get(at).map_or("", |it| it.of(sql));
    let mut found: Vec<&str> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let name = match token.kind {
            Kind::Word => token.of(sql).to_lowercase(),
            Kind::Quoted => token.of(sql).trim_matches('"').replace("\"\"", "\""),
            _ => continue,
        };
        if text(at + 1) == "(" || (at > 0 && text(at - 1) == "::") {
            continue;
        }
        if let Some(column) = table.column(&name)
            && !found.contains(&column.name.as_str())
        {
            found.push(&column.name);
        }
    }
    found
}
