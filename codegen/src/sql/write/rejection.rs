//! What tells a user's devices what the server refused.

use syncline_schema::Schema;
use syncline_schema::model::Scalar;

use super::{owner_and_id, param, push, quoted};
use crate::sql::name;

/// Adds a row to the table of `[sync] sync_rejections = true`; none where the schema has none.
///
/// `$1` owner, `$2` client, `$3` op id, `$4` table, `$5` row, `$6` column, `$7` code, `$8` message.
pub fn rejection(schema: &Schema) -> Option<String> {
    if !schema.settings.sync.sync_rejections {
        return None;
    }
    let mut synced = schema.synced();
    let table = synced.find(|table| table.name == "sync_rejections")?;
    let (owner, id) = owner_and_id(table)?;
    let mut out = String::from("INSERT INTO ");
    name::push_table(&mut out, table);
    push(
        &mut out,
        format_args!(
            " ({}, {}, client_id, op_id, table_name, row_id, column_name, code, message, rejected_at)\nVALUES (gen_random_uuid()",
            quoted(&id.name),
            quoted(&owner.name),
        ),
    );
    if id.ty.scalar != Scalar::Uuid {
        out.push_str("::text");
    }
    out.push_str(", ");
    param::push_owner(&mut out, owner);
    out.push_str(", $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, now())");
    Some(out)
}
