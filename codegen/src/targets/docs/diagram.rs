//! The diagram: tables with their keys, and what points at what. Mermaid's `erDiagram`.

use syncline_schema::Schema;
use syncline_schema::model::{Role, Table};
use syncline_schema::types;

/// Mermaid shows no text that is longer, in characters (its `maxTextSize`).
const MAX_LENGTH: usize = 50_000;

/// Words that Mermaid takes for a key, in any case.
const KEYS: &[&str] = &["pk", "fk", "uk"];

/// The lines inside the fence; none where no table points at another, or where the text is longer
/// than Mermaid takes.
pub(super) fn lower(schema: &Schema) -> Option<Vec<String>> {
    let mut lines = vec!["erDiagram".to_owned()];
    let mut relations = Vec::new();
    let mut length = 0;
    for table in &schema.tables {
        let before = (lines.len(), relations.len());
        push_entity(&mut lines, table);
        push_relations(&mut relations, table);
        let added = lines[before.0..].iter().chain(&relations[before.1..]);
        length += added.map(|line| line.chars().count() + 1).sum::<usize>();
        if length > MAX_LENGTH {
            return None;
        }
    }
    if relations.is_empty() {
        return None;
    }
    lines.extend(relations);
    Some(lines)
}

fn push_entity(lines: &mut Vec<String>, table: &Table) {
    lines.push(format!("  {} {{", quoted(&table.name)));
    let keys = table.key_columns();
    for column in table.declared_columns() {
        let is_key = keys.contains(&column.name.as_str());
        let mark = match (is_key, column.references.is_some()) {
            (true, true) => " PK, FK",
            (true, false) => " PK",
            (false, true) => " FK",
            (false, false) if column.role == Role::Owner => "",
            (false, false) => continue,
        };
        let ty = word(types::row_of(&column.ty.scalar).name);
        lines.push(format!("    {ty} {}{mark}", word(&column.name)));
    }
    lines.push("  }".to_owned());
}

fn push_relations(relations: &mut Vec<String>, table: &Table) {
    for column in table.declared_columns() {
        let Some(reference) = &column.references else {
            continue;
        };
        let one = if column.nullable { "o|" } else { "||" };
        relations.push(format!(
            "  {} }}o--{one} {} : {}",
            quoted(&table.name),
            quoted(&reference.table),
            quoted(&column.name),
        ));
    }
}

/// A name in quotes, without the characters that Mermaid takes in no quotes.
fn quoted(name: &str) -> String {
    let kept = name.chars().map(|c| {
        if "\"%\\".contains(c) || c.is_control() {
            '_'
        } else {
            c
        }
    });
    format!("\"{}\"", kept.collect::<String>())
}

/// A name where Mermaid takes no quotes.
fn word(name: &str) -> String {
    let fits =
        |c: char| c.is_ascii_alphanumeric() || c == '_' || ('\u{c0}'..='\u{ffff}').contains(&c);
    let mut out: String = name
        .chars()
        .map(|c| if fits(c) { c } else { '_' })
        .collect();
    if !out.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        out.insert(0, '_');
    }
    if KEYS.iter().any(|key| out.eq_ignore_ascii_case(key)) {
        out.push('_');
    }
    out
}
