//! What `check` finds, for people: table by table, types side by side.

use std::collections::BTreeMap;
use std::fmt::Write;

use syncline_schema::{Code, Diagnostic, Diagnostics, Severity, Sources};

use super::{human, summary};

/// Findings about no table first, then those of each table under a heading with their counts,
/// tables in reading order. Notes come last.
pub fn by_table(found: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let mut notes = Diagnostics::default();
    let mut plain = Diagnostics::default();
    let mut order: Vec<&str> = Vec::new();
    let mut tables: BTreeMap<&str, Diagnostics> = BTreeMap::new();
    for one in found.iter() {
        let list = match &one.about {
            _ if one.severity == Severity::Note => &mut notes,
            None => &mut plain,
            Some(table) => {
                if !tables.contains_key(table.as_ref()) {
                    order.push(table);
                }
                tables.entry(table).or_default()
            }
        };
        list.push(one.clone());
    }
    let mut out = human(&plain, sources, colour);
    for table in order {
        let list = &tables[table];
        let (bold, off) = if colour {
            ("\u{1b}[1m", "\u{1b}[0m")
        } else {
            ("", "")
        };
        let counts = summary(list).unwrap_or_default();
        let _ = writeln!(out, "{bold}── table {table}: {counts}{off}");
        out.push_str(&side_by_side(list));
        out.push('\n');
        out.push_str(&human(list, sources, colour));
    }
    out.push_str(&human(&notes, sources, colour));
    out
}

/// A line for each column whose types do not meet: what the file says, what the schema says.
fn side_by_side(list: &Diagnostics) -> String {
    let rows: Vec<_> = list.iter().filter_map(types).collect();
    let width = |part: for<'a> fn(&'a Row<'_>) -> &'a str| {
        let widths = rows.iter().map(|row| part(row).chars().count());
        widths.max().unwrap_or_default()
    };
    let (name, here) = (width(|it| it.0), width(|it| &it.1));
    let mut out = String::new();
    for (column, found, declared) in &rows {
        let _ = writeln!(
            out,
            "   {column:<name$}  {found:<here$}  schema: {declared}"
        );
    }
    out
}

/// The longest text of a cell: a declaration may be a page long.
const MAX_CELL: usize = 60;

/// A column, what a file says of it, what the schema says.
type Row<'a> = (&'a str, String, String);

fn types(found: &Diagnostic) -> Option<Row<'_>> {
    let [here, declared, ..] = found.labels.as_slice() else {
        return None;
    };
    let name = found.message.split('`').nth(1)?;
    let fits = found.code == Code::C004 && !here.text.is_empty() && !declared.text.is_empty();
    fits.then(|| (name, cell(&here.text), cell(&declared.text)))
}

fn cell(text: &str) -> String {
    let mut out: String = text.chars().take(MAX_CELL).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
