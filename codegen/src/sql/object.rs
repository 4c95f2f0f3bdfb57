//! Schemas and enum types.

use syncline_schema::model::EnumType;

use super::name;

/// `CREATE SCHEMA`, which may be there already: schemas can be shared.
pub fn create_schema(schema: &str) -> String {
    let mut out = String::from("CREATE SCHEMA IF NOT EXISTS ");
    name::push(&mut out, schema);
    out.push(';');
    out
}

/// `CREATE TYPE … AS ENUM`, for a native enum; none for one that is text with a check.
pub fn create_enum(it: &EnumType) -> Option<String> {
    let mut out = String::from("CREATE TYPE ");
    name::push(&mut out, it.native.as_deref()?);
    out.push_str(" AS ENUM (");
    for (at, word) in it.values.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        name::push_text(&mut out, word);
    }
    out.push_str(");");
    Some(out)
}
