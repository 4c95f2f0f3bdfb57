//! The publication that the PowerSync Service reads.

use syncline_schema::model::Table;

use super::name;

/// The one name under which the service looks for it.
pub const PUBLICATION: &str = "powersync";

/// Makes the publication list exactly these tables; none where there are no tables, which
/// PostgreSQL cannot say.
///
/// Every name has its schema: a table called `tables` would read as the start of `TABLES IN
/// SCHEMA` otherwise.
pub fn set_publication_tables(tables: &[&Table]) -> Option<String> {
    if tables.is_empty() {
        return None;
    }
    let mut out = format!("ALTER PUBLICATION {PUBLICATION} SET TABLE");
    for (at, table) in tables.iter().enumerate() {
        out.push_str(if at > 0 { ",\n  " } else { "\n  " });
        name::push(&mut out, table.schema.as_deref().unwrap_or("public"));
        out.push('.');
        name::push(&mut out, &table.name);
    }
    out.push(';');
    Some(out)
}
