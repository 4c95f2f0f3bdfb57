//! Edits of a TOML file.

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::Edit;

/// The key of a table's removed columns.
const REMOVED_COLUMNS: &str = "removed_columns";

/// The table of removed tables.
const REMOVED_TABLES: &str = "removed_tables";

/// Gives the text with the edits made.
///
/// # Errors
/// What stands in the way.
pub(super) fn apply(text: &str, edits: &[&Edit]) -> Result<String, String> {
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    // Lines of one file end alike; what is added has to end as the others do.
    let returns = text.contains("\r\n");
    let unix = text.replace("\r\n", "\n");
    if returns && unix.matches('\n').count() != text.matches("\r\n").count() {
        return Err("its lines end in two ways".to_owned());
    }
    let mut document: DocumentMut = unix.parse().map_err(|_| "it is no TOML".to_owned())?;
    if document.to_string() != unix {
        return Err("it would not keep its form".to_owned());
    }
    for edit in edits {
        make(&mut document, edit)
            .ok_or_else(|| "what it declares stands where it was not looked for".to_owned())?;
    }
    let edited = document.to_string();
    let edited = if returns {
        edited.replace('\n', "\r\n")
    } else {
        edited
    };
    Ok(format!("{mark}{edited}"))
}

fn make(document: &mut DocumentMut, edit: &Edit) -> Option<()> {
    let root = document.as_table_mut();
    match edit {
        Edit::RemovedColumn {
            table,
            column,
            date,
        } => list_column(table_of(root, table)?, column, date),
        Edit::RemovedTable { table, date } => {
            if !root.contains_key(REMOVED_TABLES) {
                root.insert(REMOVED_TABLES, Item::Table(Table::new()));
            }
            let list = root.get_mut(REMOVED_TABLES)?.as_table_like_mut()?;
            list.insert(table, value(date.as_str()));
            Some(())
        }
        Edit::EndTableRename { table } => {
            let table = table_of(root, table)?.as_table_like_mut()?;
            table.remove("renamed_from").map(drop)
        }
        Edit::EndColumnRename { table, column } => {
            unsay(columns_of(root, table)?.get_mut(column)?, "renamed_from")
        }
        Edit::EndReplacement {
            table,
            column,
            replaced,
        } => {
            let columns = columns_of(root, table)?;
            unsay(columns.get_mut(column)?, "replaces")?;
            columns.remove(replaced);
            Some(())
        }
    }
}

fn table_of<'a>(root: &'a mut Table, name: &str) -> Option<&'a mut Item> {
    root.get_mut("tables")?.as_table_like_mut()?.get_mut(name)
}

fn columns_of<'a>(root: &'a mut Table, name: &str) -> Option<&'a mut dyn TableLike> {
    let table = table_of(root, name)?.as_table_like_mut()?;
    table.get_mut("columns")?.as_table_like_mut()
}

/// Adds a name to the table's `removed_columns`.
fn list_column(item: &mut Item, column: &str, date: &str) -> Option<()> {
    let table = item.as_table_like_mut()?;
    if let Some(list) = table.get_mut(REMOVED_COLUMNS) {
        list.as_table_like_mut()?.insert(column, value(date));
        if let Some(inline) = list.as_inline_table_mut() {
            spaced(inline);
        }
        return Some(());
    }
    let mut list = InlineTable::new();
    list.insert(column, Value::from(date));
    table.insert(REMOVED_COLUMNS, value(list));
    if let Some(inline) = item.as_inline_table_mut() {
        spaced(inline);
    }
    if let Some(table) = item.as_table_mut().filter(|it| it.is_implicit()) {
        head(table);
    }
    Some(())
}

/// One space between what an inline table holds and its braces, on one line.
fn spaced(inline: &mut InlineTable) {
    let one_line = !inline.to_string().contains('\n');
    let last = inline.len().saturating_sub(1);
    if one_line {
        for (at, (mut key, value)) in inline.iter_mut().enumerate() {
            key.leaf_decor_mut().set_prefix(" ");
            value
                .decor_mut()
                .set_suffix(if at == last { " " } else { "" });
        }
    }
}

/// Gives a table a header of its own, before those of its parts. What stands above the first of
/// them (blank lines, comments) was said of the whole.
fn head(table: &mut Table) {
    table.set_implicit(false);
    let first = table.iter_mut().find_map(|(_, it)| match it {
        Item::Table(part) => Some(part),
        _ => None,
    });
    if let Some(part) = first {
        let above = part.decor().prefix().cloned();
        part.decor_mut().set_prefix("");
        if let Some(above) = above {
            table.decor_mut().set_prefix(above);
        }
    }
}

/// Takes a key away from a column; one that then says its type alone is written short.
fn unsay(column: &mut Item, key: &str) -> Option<()> {
    let said = column.as_table_like_mut()?;
    said.remove(key)?;
    let Item::Value(Value::InlineTable(inline)) = column else {
        return Some(());
    };
    let only = (inline.len() == 1).then(|| inline.get("type")?.as_str().map(str::to_owned));
    match only.flatten() {
        Some(ty) => {
            let mut short = Value::from(ty);
            *short.decor_mut() = inline.decor().clone();
            *column = Item::Value(short);
        }
        None => spaced(inline),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(table: &str, column: &str) -> Edit {
        Edit::RemovedColumn {
            table: table.to_owned(),
            column: column.to_owned(),
            date: "2026-11-22".to_owned(),
        }
    }

    #[test]
    fn a_column_is_listed_where_its_table_stands() {
        let before = r#"# The app.
[project]
name = "app"  # kept

# Notes of a user.
[tables.notes.columns]
title = "text"  # shown

[tables.tags]
removed_columns = {colour = "2026-01-01"}  # old
[tables.tags.columns]
name = "text"

[tables.links.removed_columns]
kind = "2026-01-01"
[tables.links.columns]
url = "text"
"#;
        let edits = [
            removed("notes", "body"),
            removed("tags", "shape"),
            removed("links", "odd name"),
        ];
        let after = apply(before, &edits.iter().collect::<Vec<_>>()).expect("editable");
        same(
            &after,
            r#"# The app.
[project]
name = "app"  # kept

# Notes of a user.
[tables.notes]
removed_columns = { body = "2026-11-22" }
[tables.notes.columns]
title = "text"  # shown

[tables.tags]
removed_columns = { colour = "2026-01-01", shape = "2026-11-22" }  # old
[tables.tags.columns]
name = "text"

[tables.links.removed_columns]
kind = "2026-01-01"
"odd name" = "2026-11-22"
[tables.links.columns]
url = "text"
"#,
        );
    }

    #[test]
    fn removed_tables_are_listed_at_the_end() {
        let edit = |table: &str| Edit::RemovedTable {
            table: table.to_owned(),
            date: "2026-11-22".to_owned(),
        };
        let before = "[project]\r\nname = \"app\"\r\n";
        let once = apply(before, &[&edit("drafts")]).expect("editable");
        let after =
            "[project]\r\nname = \"app\"\r\n\r\n[removed_tables]\r\ndrafts = \"2026-11-22\"\r\n";
        same(&once, after);
        let twice = apply(&once, &[&edit("memos")]).expect("editable");
        same(&twice, &format!("{after}memos = \"2026-11-22\"\r\n"));
    }

    #[test]
    fn what_ends_is_taken_away() {
        let before = r#"[tables.notes]
renamed_from = "memos"
doc = "Notes."
[tables.notes.columns]
title = { type = "text", renamed_from = "name" }  # shown
body = { renamed_from = "text", type = "text", max_length = 9 }
length = "integer?"  # gone soon
size = { type = "bigint?", replaces = "length" }
[tables.notes.columns.long]
type = "text"
renamed_from = "short"
"#;
        let (table, column) = ("notes".to_owned(), |it: &str| it.to_owned());
        let rename = |it: &str| Edit::EndColumnRename {
            table: table.clone(),
            column: column(it),
        };
        let edits = [
            Edit::EndTableRename {
                table: table.clone(),
            },
            rename("title"),
            rename("body"),
            rename("long"),
            Edit::EndReplacement {
                table: table.clone(),
                column: column("size"),
                replaced: column("length"),
            },
        ];
        let after = apply(before, &edits.iter().collect::<Vec<_>>()).expect("editable");
        same(
            &after,
            r#"[tables.notes]
doc = "Notes."
[tables.notes.columns]
title = "text"  # shown
body = { type = "text", max_length = 9 }
size = "bigint?"
[tables.notes.columns.long]
type = "text"
"#,
        );
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        assert!(apply("a = 1\r\nb = 2\n", &[]).is_err());
        assert!(apply("a = \n", &[]).is_err());
        assert!(apply("a = 1\n", &[&removed("notes", "x")]).is_err());
    }

    #[track_caller]
    fn same(actual: &str, expected: &str) {
        assert_eq!(actual, expected, "\n{actual}");
    }
}
