//! What the server does with one op, in short: names are looked up, values decoded, a statement run.

use devices_server::{REMOVED_TABLES, TABLES};
use postgres::Client;
use serde_json::Value;
use syncline_runtime::{Column, Mapper, Mask, Named, decode};

use crate::Failure;
use crate::upload::{delete, patch, put, put_known};

/// What a device knows of the table that it writes.
#[derive(Clone, Copy)]
pub enum Device<'a> {
    /// It does not say which version it has.
    Silent,
    /// These columns, as its version called them.
    Knows(&'a [&'a str]),
}

/// Takes in one op of the user `me`. Says what became of it: ids that were written (`+` before a
/// new one), `dropped`, or why it was refused.
pub fn upload(client: &mut Client, device: Device<'_>, op: &str) -> Result<String, Failure> {
    let op: Value = serde_json::from_str(op)?;
    let text = |key: &str| op[key].as_str().ok_or("no text").map(str::to_owned);
    let (name, id) = (text("table")?, text("id")?);
    if REMOVED_TABLES.contains(&name.as_str()) {
        return Ok("dropped".to_owned());
    }
    let mapper = TABLES.iter().find(|it| it.table.is_called(&name));
    let mapper: &Mapper = mapper.ok_or("an unknown table")?;
    let mut row: Vec<(&str, String)> = vec![("id", Value::from(id.as_str()).to_string())];
    for (name, value) in op["data"].as_object().into_iter().flatten() {
        let column: &Column = match mapper.table.find(name) {
            Some(Named::Column { column, .. }) => column,
            Some(Named::Removed) => continue,
            None => return Ok(format!("refused: {name} is unknown")),
        };
        let json = value.to_string();
        if let Err(why) = decode(column, &json) {
            return Ok(format!("refused: {why}"));
        }
        row.push((column.name, json));
    }
    let row: Vec<_> = row.iter().map(|(name, json)| (*name, json.as_str())).collect();
    match text("op")?.as_str() {
        "PUT" => match device {
            Device::Silent => put(client, mapper, "me", &[&row]),
            Device::Knows(names) => {
                let known = Mask::known(mapper.table, names.iter().copied());
                put_known(client, mapper, "me", Some(&known), &[&row])
            }
        },
        "PATCH" => patch(client, mapper, "me", &[&row]),
        _ => delete(client, mapper, "me", &[&id]),
    }
}
