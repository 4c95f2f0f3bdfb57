//! The schema as a page to read.

use syncline_codegen::{generate, targets};
use syncline_schema::model::{Residence, Schema};
use syncline_schema::source::load_str;

const KITCHEN: &str = include_str!("../schemas/kitchen.toml");
const AWKWARD: &str = include_str!("../schemas/awkward.toml");
const GROWN: &str = include_str!("../schemas/grown.toml");

fn page(schema: &Schema) -> String {
    let chosen = targets::find("docs").expect("a target");
    let made = generate(schema, &[chosen]).expect("templates that fit");
    made.files
        .get("docs/schema.md")
        .expect("a file")
        .text
        .clone()
}

#[test]
fn the_page_of_the_kitchen_sink() {
    insta::assert_snapshot!(page(&load_str(KITCHEN).schema));
}

#[test]
fn every_column_has_a_row_of_five_cells() {
    for source in [KITCHEN, AWKWARD, GROWN] {
        let schema = load_str(source).schema;
        let page = page(&schema);
        let sections: Vec<_> = page.split("\n## ").skip(1).collect();
        assert_eq!(sections.len(), schema.tables.len());
        for (section, table) in sections.into_iter().zip(&schema.tables) {
            let mut rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
            for column in &table.columns {
                let row = rows.next().expect("a row");
                let cells: Vec<_> = row
                    .replace("\\|", "/")
                    .split('|')
                    .map(str::to_owned)
                    .collect();
                assert_eq!(cells.len(), 7, "{row}");
                assert_eq!(cells[1].trim(), format!("`{}`", column.name));
                assert_eq!(
                    cells[2].trim() == "–",
                    table.residence == Residence::Server || !column.on_device()
                );
                assert_eq!(cells[4].trim() == "–", table.residence == Residence::Local);
            }
            assert_eq!(rows.next(), None);
        }
    }
}

#[test]
fn a_schema_of_no_tables_has_a_page_too() {
    let schema = load_str("[project]\nname = \"empty\"\n").schema;
    insta::assert_snapshot!(page(&schema), @r"
    <!-- Made by Syncline from syncline.toml. Do not edit. -->

    # The schema of empty
    ");
}

#[test]
fn a_diagram_that_mermaid_would_not_show_is_left_out() {
    let tables: String = (0..2_000)
        .map(|at| format!("[tables.a_long_table_{at}.columns]\na = {{ type = \"text\", references = \"a_long_table_{at}\" }}\n"))
        .collect();
    let schema = load_str(&format!("[project]\nname = \"large\"\n{tables}")).schema;
    assert_eq!(schema.tables.len(), 2_000);
    assert!(!page(&schema).contains("mermaid"));
}
