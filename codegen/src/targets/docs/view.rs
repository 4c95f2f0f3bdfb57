//! What the page prints. Texts are Markdown.

use syncline_schema::Schema;

use super::table::{self, TableView};
use super::{diagram, markdown};
use crate::targets::BANNER;

/// The page.
#[derive(Debug, serde::Serialize)]
pub(super) struct View {
    banner: &'static str,
    project: String,
    /// The lines of the diagram; none where it would have nothing to show or be too large.
    diagram: Option<Vec<String>>,
    tables: Vec<TableView>,
}

/// Lowers the schema.
pub(super) fn lower(schema: &Schema) -> View {
    View {
        banner: BANNER,
        project: markdown::text(&schema.settings.project),
        diagram: diagram::lower(schema),
        tables: schema.tables.iter().map(table::lower).collect(),
    }
}
