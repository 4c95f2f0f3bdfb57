//! What the TypeScript targets share: names, text, default values, relations.
//!
//! In: parts of the schema. Out: source text that stands in a view as it is.

mod literal;
mod names;
mod relations;
mod text;

use syncline_schema::model::{Extensions, Schema};

pub(super) use literal::device_literal;
pub(super) use names::{constant, member, new_row_type, property, row_type};
pub(super) use relations::{RelationsView, Side, lower as lower_relations};
pub(super) use text::{doc_comment, line_comment, sql, string};

/// What import specifiers of our own files end in.
pub(super) fn extension(schema: &Schema) -> &'static str {
    match schema.settings.extensions {
        Extensions::None => "",
        Extensions::Js => ".js",
    }
}
