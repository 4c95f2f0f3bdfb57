//! A column as its descriptor and as a field of the row struct.

use syncline_schema::model::Column;
use syncline_schema::types;

use super::text;

/// One field of a row struct.
#[derive(Debug, serde::Serialize)]
pub(super) struct Field {
    doc: Vec<String>,
    /// The name as Rust writes it.
    pub(super) name: String,
    /// The whole declaration, in one line or two.
    declaration: String,
}

pub(super) fn field(column: &Column) -> Field {
    let name = text::field(&column.name);
    let rust = types::row_of(&column.ty.scalar).rust;
    // PostgreSQL's arrays may hold NULLs.
    let rust = match (column.ty.array, column.nullable) {
        (false, false) => rust.to_owned(),
        (false, true) => format!("Option<{rust}>"),
        (true, false) => format!("Vec<Option<{rust}>>"),
        (true, true) => format!("Option<Vec<Option<{rust}>>>"),
    };
    let line = format!("pub {name}: {rust},");
    let declaration = if line.len() + 4 <= text::WIDTH {
        line
    } else {
        format!("pub {name}:\n        {rust},")
    };
    Field {
        doc: text::doc(column.doc.as_deref().unwrap_or_default()),
        name,
        declaration,
    }
}
