//! Random sources that are sound by construction.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Names that some side finds hard.
const NAMES: &[&str] = &[
    "a",
    "text",
    "index",
    "sql",
    "relations",
    "order",
    "select",
    "user",
    "group",
    "type",
    "mod",
    "self",
    "tables",
    "position",
    "größe",
    "createdBy",
    "with-dash",
    "2nd",
    "t",
    "u",
    "excluded",
    "c0",
    "m",
    "row",
    "Table",
    "x\\y",
    "t$1",
    "now",
    "name",
    "coalesce",
    "a_name_that_is_as_long_as_postgresql_takes_any_name_to_be_63byt",
];

/// Types, and a default for each that needs quoting or casting.
const TYPES: &[(&str, &str)] = &[
    ("text", r#""it's \"so\" \\ $1 {{ x }} \n""#),
    ("varchar(3)", r#""'%'""#),
    ("boolean", "true"),
    ("smallint", "-32768"),
    ("integer", "-1"),
    ("bigint", "-9223372036854775808"),
    ("real", "1.5"),
    ("double", "-1e-300"),
    ("decimal(12,2)", r#""-0.50""#),
    ("timestamp", r#""now""#),
    ("local_timestamp", r#""now""#),
    ("date", r#""now""#),
    ("time", r#""now""#),
    ("uuid", r#""uuid""#),
    ("text", r#""uuid""#),
    ("json", r#""{\"it's\": null}""#),
    ("bytes", r#""/+8AAQ==""#),
    ("text[]", r#"["it's", "{", "\\"]"#),
    ("varchar(3)[]", "[]"),
    ("decimal(12,2)[]", r#"["1.50"]"#),
    ("timestamp[]", "[]"),
    ("boolean[]", "[true, false]"),
    ("text", r#"{ raw = "current_user" }"#),
    ("varchar(9)", r#"{ raw = "1 + 1" }"#),
];

#[derive(Clone, Debug)]
struct Column {
    ty: usize,
    nullable: bool,
    default: bool,
    option: Option<&'static str>,
    points_at: Option<(usize, bool, &'static str)>,
    doc: Option<String>,
}

#[derive(Clone, Debug)]
struct Table {
    columns: Vec<(&'static str, Column)>,
    options: Vec<&'static str>,
    unique: bool,
}

/// A source of one to six tables.
pub(crate) fn source() -> impl Strategy<Value = String> {
    subsequence(NAMES, 1..=6)
        .prop_shuffle()
        .prop_flat_map(|names| {
            let tables = vec(table(), names.len());
            (Just(names), tables).prop_map(|(names, tables)| print(&names, &tables))
        })
}

fn table() -> impl Strategy<Value = Table> {
    let columns = subsequence(NAMES, 0..=8)
        .prop_shuffle()
        .prop_flat_map(|names| {
            let count = names.len();
            (Just(names), vec(column(), count))
                .prop_map(|(names, columns)| names.into_iter().zip(columns).collect())
        });
    let options = subsequence(
        vec![
            "delete = \"hard\"",
            "key = \"owner\"",
            "timestamps = false",
            "rls = true",
            "insert_only = true",
            "doc = \"*/ it's\\n\\\"\"",
        ],
        0..=6,
    );
    (columns, options, any::<bool>()).prop_map(|(columns, options, unique)| Table {
        columns,
        options,
        unique,
    })
}

fn column() -> impl Strategy<Value = Column> {
    let option = option::of(select(vec![
        "immutable = true",
        "read_only = true",
        "server_only = true",
    ]));
    let actions = select(vec!["no_action", "restrict", "cascade", "set_null"]);
    let points_at = option::weighted(0.3, (0..6_usize, any::<bool>(), actions));
    (
        0..TYPES.len(),
        any::<bool>(),
        any::<bool>(),
        option,
        points_at,
        option::of(any::<String>()),
    )
        .prop_map(|(ty, nullable, default, option, points_at, doc)| Column {
            ty,
            nullable,
            default,
            option,
            points_at,
            doc,
        })
}

fn print(names: &[&str], tables: &[Table]) -> String {
    let mut out = String::from("[project]\nname = \"random\"\n");
    for (name, table) in names.iter().zip(tables) {
        let name = string(name);
        let options = table.options.join("\n");
        out.push_str(&format!("[tables.{name}]\n{options}\n"));
        if let (true, Some((column, _))) = (table.unique, table.columns.first()) {
            out.push_str(&format!("unique = [[{}]]\n", string(column)));
        }
        out.push_str(&format!("[tables.{name}.columns]\n"));
        for (column, it) in &table.columns {
            out.push_str(&format!(
                "{} = {}\n",
                string(column),
                print_column(it, names)
            ));
        }
    }
    out
}

fn print_column(column: &Column, names: &[&str]) -> String {
    let (ty, default) = TYPES[column.ty];
    let mut parts = Vec::new();
    // What the server keeps to itself must be able to fill itself.
    let kept = column.option.is_some_and(|it| it != "immutable = true");
    let nullable = if column.nullable || (kept && !column.default) {
        "?"
    } else {
        ""
    };
    if let Some((at, enforce, action)) = column.points_at {
        parts.push(format!(
            "type = \"text?\", references = {}",
            string(names[at % names.len()])
        ));
        if enforce {
            parts.push(format!("enforce = true, on_delete = \"{action}\""));
        }
    } else {
        parts.push(format!("type = \"{ty}{nullable}\""));
        if column.default {
            parts.push(format!("default = {default}"));
        }
    }
    parts.extend(column.option.map(str::to_owned));
    let doc = column.doc.as_ref().map(|doc| doc.replace('\0', ""));
    parts.extend(doc.map(|doc| format!("doc = {}", string(&doc))));
    format!("{{ {} }}", parts.join(", "))
}

/// A TOML string.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
