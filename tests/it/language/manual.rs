//! docs/SCHEMA.md: its examples are sound sources, its tables are the compiler's own.
//!
//! `UPDATE_EXPECT=1 cargo test --test it language::manual` prints the tables again.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use syncline_codegen::render;
use syncline_schema::source::grammar::{self, Record, Shape};
use syncline_schema::types::TYPES;
use syncline_schema::{Files, Severity};

fn path() -> PathBuf {
    testkit::repo_root().join("docs/SCHEMA.md")
}

fn page() -> String {
    fs::read_to_string(path()).expect("docs/SCHEMA.md")
}

/// Every table with known keys that can be reached from the whole file, each once.
fn records() -> Vec<&'static Record> {
    fn add(record: &'static Record, list: &mut Vec<&'static Record>) {
        if !list.iter().any(|known| known.name == record.name) {
            list.push(record);
            record.keys.iter().for_each(|key| walk(&key.shape, list));
        }
    }
    fn walk(shape: &'static Shape, list: &mut Vec<&'static Record>) {
        match shape {
            Shape::Record(record) => add(record, list),
            Shape::List(inner) | Shape::Map(inner) => walk(inner, list),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| walk(shape, list)),
            _ => {}
        }
    }
    let mut list = Vec::new();
    add(&grammar::ROOT, &mut list);
    list
}

/// What a key holds, for a reader.
fn holds(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true, false".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Integer(min, max) => format!("{min} to {max}"),
        Shape::Choice(words) => words
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", "),
        Shape::List(inner) => format!("list of {}", holds(inner)),
        Shape::Map(inner) => format!("table of {}", holds(inner)),
        Shape::Record(record) => match record.name.strip_prefix('[') {
            Some(_) => "table".to_owned(),
            None => record.name.to_owned(),
        },
        Shape::Either(shapes) => shapes.iter().map(holds).collect::<Vec<_>>().join(", or "),
        Shape::Any => "a value of the type".to_owned(),
    }
}

fn key_table(name: &str) -> String {
    let records = records();
    let record = records.iter().find(|record| record.name == name);
    let record = record.unwrap_or_else(|| panic!("no table of keys is called {name:?}"));
    let mut out = "| key | holds | meaning |\n|---|---|---|\n".to_owned();
    for key in record.keys {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} |",
            key.name,
            holds(&key.shape),
            key.doc
        );
    }
    out
}

fn type_table() -> String {
    let mut out = "| type | PostgreSQL | stored on the device | TypeScript there | on the server | Rust | an upload may hold |\n\
                   |---|---|---|---|---|---|---|\n"
        .to_owned();
    let holes = |text: &str| {
        let filled = [
            ("{n}", "n"),
            ("{p}", "p"),
            ("{s}", "s"),
            ("{union}", "union of its words"),
            ("{sql}", "as given"),
        ];
        filled.iter().fold(text.to_owned(), |text, (hole, word)| {
            text.replace(hole, word)
        })
    };
    for row in TYPES {
        let written = match row.name {
            "varchar" => "varchar(n)",
            "decimal" => "decimal(p,s)",
            "raw" => "raw(\"…\")",
            name => name,
        };
        // What only PostgreSQL knows is in no upload, and on no device.
        let on_device = row.name != "raw";
        let or_none = |text: String| if on_device { text } else { "–".to_owned() };
        let _ = writeln!(
            out,
            "| `{written}` | {} | {} | {} | {} | {} | {} |",
            holes(row.postgres),
            or_none(row.storage.name().to_owned()),
            or_none(holes(row.ts_device)),
            holes(row.ts_server),
            or_none(row.rust.to_owned()),
            row.upload
        );
    }
    out
}

/// The page with its tables printed again, and the names of the tables of keys in it.
fn printed(page: &str) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut names = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let marker = line
            .strip_prefix("<!-- ")
            .and_then(|line| line.strip_suffix(" -->"));
        let table = match marker.map(|marker| marker.split_once(": ").unwrap_or((marker, ""))) {
            Some(("keys", name)) => {
                names.push(name.to_owned());
                key_table(name)
            }
            Some(("types", "")) => type_table(),
            _ => continue,
        };
        let _ = write!(out, "\n{table}\n<!-- end -->\n");
        assert!(
            lines.any(|line| line == "<!-- end -->"),
            "{line} has no end"
        );
    }
    (out, names)
}

#[test]
fn its_tables_are_the_compilers() {
    let page = page();
    let (printed, names) = printed(&page);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path(), &printed).expect("docs/SCHEMA.md");
    } else {
        assert!(
            page == printed,
            "docs/SCHEMA.md is stale: UPDATE_EXPECT=1 prints its tables again"
        );
    }
    let all: Vec<_> = records()
        .iter()
        .map(|record| record.name.to_owned())
        .collect();
    for name in &all {
        let times = names.iter().filter(|it| *it == name).count();
        assert_eq!(
            times, 1,
            "the keys of {name} stand {times} times in docs/SCHEMA.md"
        );
    }
}

/// The examples, whole or as they follow the project's name.
fn examples() -> Vec<String> {
    let page = page();
    let mut examples = Vec::new();
    let mut parts = page.split("```toml\n");
    parts.next();
    for part in parts {
        let (example, _) = part.split_once("```").expect("the end of a block");
        let whole = example.contains("[project]");
        let project = "[project]\nname = \"app\"\n\n";
        examples.push(if whole {
            example.to_owned()
        } else {
            format!("{project}{example}")
        });
    }
    examples
}

/// A source, and the file that it takes structs or more tables from.
struct Example<'a>(&'a str);

impl Files for Example<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        Ok(match path.to_str() {
            Some("syncline.toml") => self.0.as_bytes().to_vec(),
            Some("src/models.rs") => {
                let page = page();
                let block = page
                    .split("```rust\n")
                    .nth(1)
                    .and_then(|rest| rest.split("```").next());
                block.expect("the example of structs").as_bytes().to_vec()
            }
            _ => b"[tables.orders.columns]\nnumber = \"integer\"\n".to_vec(),
        })
    }

    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        Ok(vec![PathBuf::from(pattern.replace('*', "orders"))])
    }
}

#[test]
fn its_examples_are_sound() {
    let examples = examples();
    assert!(examples.len() >= 25, "{}", examples.len());
    for example in examples {
        let loaded = syncline_schema::load(&Example(&example), Path::new("syncline.toml"));
        let found = &loaded.diagnostics;
        let sound = found.count(Severity::Error) + found.count(Severity::Warning) == 0;
        assert!(
            sound,
            "{example}\n{}",
            render::human(found, &loaded.sources, false)
        );
        // And every target can print it.
        syncline_codegen::generate(&loaded.schema, syncline_codegen::targets::TARGETS)
            .expect("templates that fit");
    }
}

/// A key that no example shows is a key that nobody finds.
#[test]
fn its_examples_show_every_key_of_a_table_and_a_column() {
    let examples = examples().concat();
    for record in [
        &grammar::TABLE,
        &grammar::COLUMN,
        &grammar::INDEX,
        &grammar::INDEX_PART,
        &grammar::UNIQUE,
    ] {
        for key in record.keys {
            // Said in words; the long example of every key is a case of the diagnostics.
            let in_words = [
                "sync",
                "rls",
                "using",
                "opclass",
                "nulls_not_distinct",
                "timestamps",
                "expression",
            ];
            let shown = examples.contains(&format!("{} = ", key.name))
                || examples.contains(&format!(".{}]", key.name));
            let said = in_words.contains(&key.name) && page().contains(&format!("`{}`", key.name));
            assert!(
                shown || said,
                "no example shows `{}` of {}",
                key.name,
                record.name
            );
        }
    }
}
