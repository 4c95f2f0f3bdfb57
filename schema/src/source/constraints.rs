//! Indexes, unique rules and checks of a table.

use super::node::{Fields, Node};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Access, Check, Delete, Index, IndexColumn, IndexPart, Nulls, Role, Table};
use crate::names;
use crate::place::Place;

/// Reads `indexes`, `unique` and `checks` into `table`. `unique` names the columns whose long
/// form says so.
pub(super) fn read(
    table: &mut Table,
    fields: Fields<'_>,
    unique: Vec<(String, Place)>,
    out: &mut Diagnostics,
) {
    for node in fields.get("indexes").into_iter().flat_map(Node::items) {
        table.indexes.extend(index(table, node, out));
    }
    for (name, place) in unique {
        let rule = Unique {
            columns: vec![name],
            ..Unique::at(place)
        };
        table.indexes.push(rule.index(table));
    }
    for node in fields.get("unique").into_iter().flat_map(Node::items) {
        let rule = Unique::read(node);
        if rule.columns.is_empty() {
            out.extend(no_columns(node, "unique rule"));
            continue;
        }
        check_sql(rule.predicate.as_deref(), node, "where", out);
        table.indexes.push(rule.index(table));
    }
    for (name, _, node) in fields.table("checks").into_iter().flat_map(Fields::entries) {
        if let Some(expression) = condition(&format!("check `{name}`"), node, out) {
            table.checks.push(Check {
                name: name.to_owned(),
                expression,
                place: node.place,
            });
        }
    }
}

/// An SQL condition, which is reported where it is none.
pub(super) fn condition(what: &str, node: Node<'_>, out: &mut Diagnostics) -> Option<String> {
    let expression = node.text()?;
    if let Err(why) = crate::sql::check_expression(expression) {
        let message = format!("{what} is not one SQL expression: {why}");
        out.push(Diagnostic::new(Code::S024, message).at(node.place, ""));
    }
    Some(expression.trim().to_owned())
}

/// An index without columns, unless they are there and in the wrong shape, which has been said.
fn no_columns(node: Node<'_>, what: &str) -> Option<Diagnostic> {
    let list = node.table().map_or(Some(node), |it| it.get("columns"));
    let misshapen = match list {
        Some(list) => list.items().next().is_some() || !list.is_list(),
        None => node.table().is_some_and(|it| it.misspells("columns")),
    };
    (!misshapen).then(|| {
        Diagnostic::new(Code::S029, format!("the {what} has no columns"))
            .at(node.place, "")
            .help("name at least one column")
    })
}

fn check_sql(sql: Option<&str>, node: Node<'_>, key: &str, out: &mut Diagnostics) {
    let Some(why) = sql.and_then(|sql| crate::sql::check_expression(sql).err()) else {
        return;
    };
    let place = node
        .table()
        .and_then(|it| it.get(key))
        .map_or(node.place, |it| it.place);
    out.push(
        Diagnostic::new(
            Code::S024,
            format!("`{key}` is not one SQL expression: {why}"),
        )
        .at(place, ""),
    );
}

fn index(table: &Table, node: Node<'_>, out: &mut Diagnostics) -> Option<Index> {
    let fields = node.table();
    let list = match fields {
        Some(fields) => fields.get("columns"),
        None => Some(node),
    };
    let desc = fields.and_then(|it| it.bool("desc")).unwrap_or(false);
    let columns: Vec<_> = list
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|it| part(it, desc, out))
        .collect();
    if columns.is_empty() {
        out.extend(no_columns(node, "index"));
        return None;
    }
    let text = |key| fields.and_then(|it| it.owned(key));
    let predicate = text("where").map(|it| it.trim().to_owned());
    check_sql(predicate.as_deref(), node, "where", out);
    let method = text("using").filter(|method| method != "btree");
    if let Some(method) = method.as_deref().filter(|it| !names::is_plain_sql(it)) {
        out.push(
            Diagnostic::new(Code::S009, format!("\"{method}\" is no index method"))
                .at(node.place, ""),
        );
    }
    let parts = columns.iter().map(|part| part.name().unwrap_or("expr"));
    let name = text("name").unwrap_or_else(|| names::index(&table.name, parts));
    Some(Index {
        method,
        predicate,
        include: fields
            .map(|it| it.texts("include"))
            .unwrap_or_default()
            .into_iter()
            .map(|it| it.value)
            .collect(),
        renamed_from: text("renamed_from"),
        place: node.place,
        ..Index::new(name, columns)
    })
}

fn part(node: Node<'_>, desc: bool, out: &mut Diagnostics) -> Option<IndexColumn> {
    let Some(fields) = node.table() else {
        return Some(IndexColumn {
            desc,
            ..IndexColumn::column(node.text()?)
        });
    };
    let part = match (fields.text("column"), fields.text("expression")) {
        (Some(column), None) => IndexPart::Column(column.to_owned()),
        (None, Some(expression)) => {
            check_sql(Some(expression), node, "expression", out);
            IndexPart::Expression(expression.trim().to_owned())
        }
        _ => {
            out.push(
                Diagnostic::new(Code::S015, "an index part is a column or an expression")
                    .at(node.place, "takes exactly one of `column` and `expression`"),
            );
            return None;
        }
    };
    let nulls = match fields.text("nulls") {
        Some("first") => Some(Nulls::First),
        Some("last") => Some(Nulls::Last),
        _ => None,
    };
    let opclass = fields.owned("opclass");
    if let Some(name) = opclass
        .as_deref()
        .filter(|it| !it.split('.').all(names::is_plain_sql))
    {
        out.push(
            Diagnostic::new(Code::S009, format!("\"{name}\" is no operator class"))
                .at(node.place, ""),
        );
    }
    let desc = fields.bool("desc").unwrap_or(desc);
    // What PostgreSQL does anyway is not said, so that two ways of writing it are one schema.
    let usual = if desc { Nulls::First } else { Nulls::Last };
    Some(IndexColumn {
        part,
        desc,
        nulls: nulls.filter(|it| *it != usual),
        opclass,
    })
}

/// A unique rule as it is written.
struct Unique {
    columns: Vec<String>,
    name: Option<String>,
    global: bool,
    predicate: Option<String>,
    nulls_not_distinct: bool,
    renamed_from: Option<String>,
    place: Place,
}

impl Unique {
    fn at(place: Place) -> Self {
        Self {
            columns: Vec::new(),
            name: None,
            global: false,
            predicate: None,
            nulls_not_distinct: false,
            renamed_from: None,
            place,
        }
    }

    fn read(node: Node<'_>) -> Self {
        let texts = |node: Node<'_>| node.texts().into_iter().map(|it| it.value).collect();
        let Some(fields) = node.table() else {
            return Self {
                columns: texts(node),
                ..Self::at(node.place)
            };
        };
        Self {
            columns: fields.get("columns").map(texts).unwrap_or_default(),
            name: fields.owned("name"),
            global: fields.bool("global").unwrap_or(false),
            predicate: fields.text("where").map(|it| it.trim().to_owned()),
            nulls_not_distinct: fields.bool("nulls_not_distinct").unwrap_or(false),
            renamed_from: fields.owned("renamed_from"),
            place: node.place,
        }
    }

    /// The index that keeps the rule. Unless it is global, it starts with the owner and leaves
    /// soft-deleted rows out: otherwise one tenant can probe another, and a link that was
    /// deleted can never be made again.
    fn index(self, table: &Table) -> Index {
        let name = self
            .name
            .unwrap_or_else(|| names::unique(&table.name, self.columns.iter().map(String::as_str)));
        let mut columns = self.columns;
        let mut predicate = self.predicate;
        if !self.global {
            let owner = (table.access == Access::Owner)
                .then(|| table.with_role(Role::Owner))
                .flatten();
            if let Some(owner) = owner.filter(|owner| !columns.contains(&owner.name)) {
                columns.insert(0, owner.name.clone());
            }
            if let (Delete::Soft, Some(column)) = (table.delete, table.deleted_at()) {
                let alive = format!("{} IS NULL", names::quote_sql(&column.name));
                predicate = Some(match predicate {
                    Some(own) => format!("({own}) AND {alive}"),
                    None => alive,
                });
            }
        }
        Index {
            unique: true,
            global: self.global,
            predicate,
            nulls_not_distinct: self.nulls_not_distinct,
            renamed_from: self.renamed_from,
            place: self.place,
            ..Index::new(name, columns.into_iter().map(IndexColumn::column).collect())
        }
    }
}
