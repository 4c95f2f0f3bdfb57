//! Row security and grants.

use syncline_schema::model::{Scalar, Table};
use syncline_schema::names;

use super::name;

/// The setting in which the server names the user, transaction by transaction.
const USER_SETTING: &str = "syncline.user_id";

/// Switches row security on. The table's own role and replication roles are above it.
pub fn enable_row_security(table: &Table) -> String {
    let mut out = String::from("ALTER TABLE ");
    name::push_table(&mut out, table);
    out.push_str(" ENABLE ROW LEVEL SECURITY;");
    out
}

/// The name of the policy of [`create_owner_policy`].
pub fn owner_policy(table: &Table) -> String {
    names::fit(&format!("{}_owner_policy", table.name))
}

/// Lets a role see and write only the rows of the user that `syncline.user_id` names; none for
/// tables without owner.
pub fn create_owner_policy(table: &Table) -> Option<String> {
    let condition = owner_condition(table)?;
    let mut out = String::from("CREATE POLICY ");
    name::push(&mut out, &owner_policy(table));
    out.push_str(" ON ");
    name::push_table(&mut out, table);
    // One policy for both sides: without WITH CHECK, the condition also judges new rows.
    out.push_str(" USING (");
    out.push_str(&condition);
    out.push_str(");");
    Some(out)
}

/// The condition of [`create_owner_policy`].
pub fn owner_condition(table: &Table) -> Option<String> {
    let owner = table.owner()?;
    let mut out = String::new();
    name::push(&mut out, &owner.name);
    // The sub-select is computed once for a statement. A setting that was set in an earlier
    // transaction reads as '', which is nobody.
    out.push_str(" = (SELECT nullif(current_setting('");
    out.push_str(USER_SETTING);
    out.push_str("', true), '')");
    if owner.ty.scalar == Scalar::Uuid {
        out.push_str("::uuid");
    }
    out.push(')');
    Some(out)
}

/// What a role may do with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privileges {
    /// Read them.
    Read,
    /// Read and write them.
    Write,
}

/// Lets a role see what a schema holds.
pub fn grant_on_schema(schema: &str, role: &str) -> String {
    let mut out = String::from("GRANT USAGE ON SCHEMA ");
    name::push(&mut out, schema);
    out.push_str(" TO ");
    name::push(&mut out, role);
    out.push(';');
    out
}

/// Grants rights on the rows of tables; none where there are no tables.
pub fn grant_on_tables(privileges: Privileges, tables: &[&Table], role: &str) -> Option<String> {
    if tables.is_empty() {
        return None;
    }
    let mut out = String::from(match privileges {
        Privileges::Read => "GRANT SELECT ON TABLE",
        Privileges::Write => "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE",
    });
    for (at, table) in tables.iter().enumerate() {
        out.push_str(if at > 0 { ",\n  " } else { "\n  " });
        name::push_table(&mut out, table);
    }
    out.push_str("\nTO ");
    name::push(&mut out, role);
    out.push(';');
    Some(out)
}
