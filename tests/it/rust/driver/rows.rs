//! Which rows a statement touches, and which of their columns.

use kitchen_server::tables::{articles, clicks, entries, every_array, folders, teams};
use postgres::Client;
use syncline_runtime::Mask;

use crate::upload::{Upload, delete, patch, put, put_known};
use crate::{Failure, expect, look};

const FOLDER: &str = "SELECT concat_ws('|', name, slug, position, revision, kind,
    coalesce(secret, 'NULL'), coalesce(parent_id, 'NULL'), created_at < updated_at,
    deleted_at IS NULL) FROM folders WHERE id = 'f'";

pub fn a_put_replaces(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    let row: Upload<'_> = &[
        ("id", "\"f\""),
        ("name", "\"one\""),
        ("slug", "\"one\""),
        ("kind", "\"first\""),
        ("position", "5"),
        ("parent_id", "\"p\""),
        ("created_at", "\"2020-01-01T00:00:00Z\""),
        // Not of the statement: only the server writes them.
        ("revision", "9"),
        ("secret", "\"x\""),
    ];
    // Its parent comes behind it: the reference is looked at when the transaction ends.
    let parent = [
        ("id", "\"p\""),
        ("name", "\"p\""),
        ("slug", "\"p\""),
        ("kind", "\"\""),
    ];
    expect(
        "new rows",
        &put(client, mapper, "me", &[row, &parent])?,
        "+f +p",
    )?;
    expect(
        "the row",
        &look(client, FOLDER)?,
        "one|one|5|0|first|NULL|p|t|t",
    )?;
    client.batch_execute("UPDATE folders SET secret = 's', revision = 3, deleted_at = now()")?;
    let row: Upload<'_> = &[
        ("id", "\"f\""),
        ("name", "\"two\""),
        ("slug", "\"two\""),
        ("kind", "\"second\""),
        ("created_at", "\"2030-01-01T00:00:00Z\""),
    ];
    expect("the row again", &put(client, mapper, "me", &[row])?, "f")?;
    // Absent: the default, or NULL. Kept: what the server writes, and what is set once.
    expect(
        "the row",
        &look(client, FOLDER)?,
        "two|two|0|3|first|s|NULL|t|t",
    )
}

pub fn a_put_keeps_the_unknown(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    client.batch_execute("UPDATE folders SET position = 7, parent_id = 'p' WHERE id = 'f'")?;
    let mut known = Mask::none(mapper.table);
    for (at, column) in mapper.table.columns.iter().enumerate() {
        if column.name != "position" {
            known.insert(at);
        }
    }
    let old = [
        ("id", "\"f\""),
        ("name", "\"three\""),
        ("slug", "\"three\""),
        ("kind", "\"\""),
    ];
    let new = [
        ("id", "\"g\""),
        ("name", "\"four\""),
        ("slug", "\"four\""),
        ("kind", "\"\""),
    ];
    let said = put_known(client, mapper, "me", Some(&known), &[&old, &new])?;
    expect("both rows", &said, "f +g")?;
    expect(
        "the old row",
        &look(client, FOLDER)?,
        "three|three|7|3|first|s|NULL|t|t",
    )?;
    let position = "SELECT position::text FROM folders WHERE id = 'g'";
    expect("the new row's position", &look(client, position)?, "0")
}

pub fn a_patch_changes_what_it_names(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    client.batch_execute(
        "UPDATE folders SET updated_at = '2020-01-01Z', created_at = '2019-01-01Z', parent_id = 'g'
         WHERE id = 'f'",
    )?;
    let f = [
        ("id", "\"f\""),
        ("name", "\"five\""),
        ("parent_id", "null"),
        ("kind", "\"k\""),
    ];
    let g = [
        ("id", "\"g\""),
        ("position", "8"),
        ("updated_at", "\"2021-01-01T00:00:00Z\""),
    ];
    let missing = [("id", "\"nowhere\""), ("position", "8")];
    let said = patch(client, mapper, "me", &[&f, &g, &missing])?;
    expect("the rows patched", &said, "f g")?;
    expect(
        "the row",
        &look(client, FOLDER)?,
        "five|three|7|3|first|s|NULL|t|t",
    )?;
    let at = "SELECT (updated_at > now() - interval '1 hour')::text FROM folders WHERE id = 'f'";
    expect("it was updated now", &look(client, at)?, "true")?;
    let g = "SELECT concat_ws('|', name, position, updated_at) FROM folders WHERE id = 'g'";
    expect(
        "the other row",
        &look(client, g)?,
        "four|8|2021-01-01 00:00:00+00",
    )
}

pub fn foreign_rows_stay(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    let whole = "SELECT string_agg(f::text, ';' ORDER BY id) FROM folders AS f";
    let before = look(client, whole)?;
    let foreign = [
        ("id", "\"f\""),
        ("name", "\"mine!\""),
        ("slug", "\"mine\""),
        ("kind", "\"\""),
    ];
    expect(
        "a foreign put",
        &put(client, mapper, "you", &[&foreign])?,
        "",
    )?;
    expect(
        "a foreign patch",
        &patch(client, mapper, "you", &[&foreign])?,
        "",
    )?;
    expect(
        "a foreign delete",
        &delete(client, mapper, "you", &["f", "g"])?,
        "",
    )?;
    expect(
        "a missing row's patch",
        &patch(client, mapper, "you", &[&[("id", "\"no\"")]])?,
        "",
    )?;
    expect("the rows", &look(client, whole)?, &before)?;
    // The owner is no column of any statement, whatever an upload says.
    let claimed = [&foreign[..], &[("owner_id", "\"you\"")]].concat();
    put(client, mapper, "me", &[&claimed])?;
    patch(client, mapper, "me", &[&claimed])?;
    let owners = "SELECT string_agg(DISTINCT owner_id, ' ') FROM folders";
    expect("the owners", &look(client, owners)?, "me")
}

pub fn deletes(client: &mut Client) -> Result<(), Failure> {
    let mapper = &folders::MAPPER;
    client.batch_execute("UPDATE folders SET updated_at = '2020-01-01Z'")?;
    expect(
        "a delete",
        &delete(client, mapper, "me", &["g", "nowhere"])?,
        "g",
    )?;
    expect("it again", &delete(client, mapper, "me", &["g"])?, "")?;
    let marked = "SELECT concat_ws('|', deleted_at IS NOT NULL, updated_at = deleted_at)
                  FROM folders WHERE id = 'g'";
    expect("the row", &look(client, marked)?, "t|t")?;
    let back = [
        ("id", "\"g\""),
        ("name", "\"back\""),
        ("slug", "\"back\""),
        ("kind", "\"\""),
    ];
    expect(
        "the row put again",
        &put(client, mapper, "me", &[&back])?,
        "g",
    )?;
    expect("the row", &look(client, marked)?, "f")?;
    let hard = &every_array::MAPPER;
    expect("a hard delete", &delete(client, hard, "you", &["r1"])?, "")?;
    expect(
        "a hard delete",
        &delete(client, hard, "me", &["r1", "r2"])?,
        "r1 r2",
    )?;
    let left = "SELECT count(*)::text FROM every_array WHERE id IN ('r1', 'r2')";
    expect("what is left", &look(client, left)?, "0")
}

pub fn the_owner_in_the_key(client: &mut Client) -> Result<(), Failure> {
    let mapper = &entries::MAPPER;
    let row = [("id", "\"e\""), ("account_id", "\"a\""), ("number", "1")];
    expect("my row", &put(client, mapper, "me", &[&row])?, "+e")?;
    expect(
        "your row of the same id",
        &put(client, mapper, "you", &[&row])?,
        "+e",
    )?;
    expect("my row again", &put(client, mapper, "me", &[&row])?, "e")?;
    let other = [("id", "\"e\""), ("number", "2"), ("reverses_id", "\"e\"")];
    expect("your patch", &patch(client, mapper, "you", &[&other])?, "e")?;
    expect("my delete", &delete(client, mapper, "me", &["e"])?, "e")?;
    let all = "SELECT string_agg(concat_ws('|', owner_id, number, deleted_at IS NULL), ' '
               ORDER BY owner_id) FROM entries";
    expect("the rows", &look(client, all)?, "me|1|f you|2|t")
}

pub fn an_owner_that_is_a_uuid(client: &mut Client) -> Result<(), Failure> {
    let mapper = &teams::MAPPER;
    let (me, you) = (
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-000000000002",
    );
    let row = [
        ("id", "\"00000000-0000-4000-8000-00000000000A\""),
        ("name", "\"n\""),
    ];
    let id = "00000000-0000-4000-8000-00000000000a";
    expect(
        "my team",
        &put(client, mapper, me, &[&row])?,
        &format!("+{id}"),
    )?;
    expect("your put", &put(client, mapper, you, &[&row])?, "")?;
    expect("your patch", &patch(client, mapper, you, &[&row])?, "")?;
    expect("my patch", &patch(client, mapper, me, &[&row])?, id)?;
    expect("your delete", &delete(client, mapper, you, &[id])?, "")?;
    expect("my delete", &delete(client, mapper, me, &[id])?, id)
}

pub fn insert_only_and_not_at_all(client: &mut Client) -> Result<(), Failure> {
    let mapper = &clicks::MAPPER;
    let row = |target| [("id", "\"c\""), ("target", target)];
    expect(
        "a click",
        &put(client, mapper, "me", &[&row("\"a\"")])?,
        "+c",
    )?;
    expect(
        "it again",
        &put(client, mapper, "me", &[&row("\"b\"")])?,
        "c",
    )?;
    expect(
        "another's",
        &put(client, mapper, "you", &[&row("\"c\"")])?,
        "",
    )?;
    expect(
        "the click",
        &look(client, "SELECT target FROM clicks")?,
        "a",
    )?;
    if mapper.statements.patch.is_some() || mapper.statements.delete.is_some() {
        return Err("clicks are only inserted".into());
    }
    if articles::MAPPER.statements != syncline_runtime::Statements::NONE {
        return Err("articles are the server's to write".into());
    }
    Ok(())
}
