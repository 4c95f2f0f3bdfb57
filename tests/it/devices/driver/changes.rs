//! One function a kind of change: what old devices recorded, then what new devices write.

use postgres::Client;

use crate::Failure;
use crate::server::{Device, upload};

type Change = fn(&mut Client) -> Result<(), Failure>;

pub const ALL: &[(&str, Change)] = &[
    ("a renamed column", renamed_column),
    ("a renamed table", renamed_table),
    ("a rename where versions are known", known_versions),
    ("integer to bigint", wider),
    ("integer to text", to_text),
    ("text to integer", to_number),
    ("date to timestamp", to_timestamp),
    ("a new required column", new_column),
    ("a removed column", removed_column),
    ("a removed table", removed_table),
    ("words of an enum", words),
    ("a shorter text", narrower),
    ("a renamed owner", renamed_owner),
];

/// An op, and what is said of it.
type Said<'a> = (&'a str, &'a str);

/// Uploads ops one by one, and looks at the table's rows: `columns` of each, by id.
fn after(
    client: &mut Client,
    ops: &[Said<'_>],
    columns: &str,
    table: &str,
    rows: &[&str],
) -> Result<(), Failure> {
    after_by(client, Device::Silent, ops, columns, table, rows)
}

fn after_by(
    client: &mut Client,
    device: Device<'_>,
    ops: &[Said<'_>],
    columns: &str,
    table: &str,
    rows: &[&str],
) -> Result<(), Failure> {
    for (op, expected) in ops {
        let said = upload(client, device, op).map_err(|error| {
            let cause = error.source().map(ToString::to_string);
            format!("{op}: {error}: {}", cause.unwrap_or_default())
        })?;
        if said != *expected {
            return Err(format!("{op}: {said:?}, not {expected:?}").into());
        }
    }
    let query = format!("SELECT ROW(id, {columns})::text FROM {table} ORDER BY id");
    let found: Vec<String> = client.query(&query, &[])?.iter().map(|row| row.get(0)).collect();
    if found == rows {
        return Ok(());
    }
    Err(format!("{table}: {found:#?}, not {rows:#?}").into())
}

fn renamed_column(client: &mut Client) -> Result<(), Failure> {
    let columns = "title, name, rank";
    let old = [
        (r#"{"op":"PATCH","table":"renamed","id":"there","data":{"name":"patched"}}"#, "there"),
        (r#"{"op":"PUT","table":"renamed","id":"a","data":{"name":"put","rank":1}}"#, "+a"),
        (r#"{"op":"PUT","table":"renamed","id":"b","data":{"name":"put"}}"#, "+b"),
        (r#"{"op":"PUT","table":"renamed","id":"b","data":{"name":"again"}}"#, "b"),
        (r#"{"op":"PUT","table":"renamed","id":"c","data":{"name":"going"}}"#, "+c"),
        (r#"{"op":"DELETE","table":"renamed","id":"c"}"#, "c"),
    ];
    let rows = ["(a,put,put,1)", "(b,again,again,5)", "(there,patched,patched,9)"];
    after(client, &old, columns, "renamed", &rows)?;
    let new = [
        (r#"{"op":"PATCH","table":"renamed","id":"there","data":{"title":"new"}}"#, "there"),
        (r#"{"op":"PATCH","table":"renamed","id":"a","data":{"rank":2}}"#, "a"),
        (r#"{"op":"PUT","table":"renamed","id":"b","data":{"title":"new"}}"#, "b"),
    ];
    let rows = ["(a,put,put,2)", "(b,new,new,5)", "(there,new,new,9)"];
    after(client, &new, columns, "renamed", &rows)
}

fn renamed_table(client: &mut Client) -> Result<(), Failure> {
    let old = [
        (r#"{"op":"PATCH","table":"memos","id":"there","data":{"body":"patched"}}"#, "there"),
        (r#"{"op":"PUT","table":"memos","id":"a","data":{"body":"put"}}"#, "+a"),
        (r#"{"op":"DELETE","table":"memos","id":"going"}"#, "going"),
        (r#"{"op":"PUT","table":"pages","id":"b","data":{"text":"new"}}"#, "+b"),
    ];
    let rows = ["(a,put,put,t)", "(b,new,new,t)", "(going,x,x,f)", "(there,patched,patched,t)"];
    after(client, &old, "text, body, deleted_at IS NULL", "pages", &rows)
}

/// The mask of an old version has what was renamed and what is replaced, by their old names.
fn known_versions(client: &mut Client) -> Result<(), Failure> {
    let rows = ["(a,v,v,2)", "(b,new,new,5)", "(there,new,new,9)"];
    let old = [(r#"{"op":"PUT","table":"renamed","id":"a","data":{"name":"v"}}"#, "a")];
    let device = Device::Knows(&["id", "name"]);
    after_by(client, device, &old, "title, name, rank", "renamed", &rows)?;
    let device = Device::Knows(&["id", "length"]);
    let old = [
        (r#"{"op":"PUT","table":"widened","id":"there","data":{"length":3}}"#, "there"),
        (r#"{"op":"PUT","table":"widened","id":"v","data":{"length":4}}"#, "+v"),
    ];
    let rows = ["(there,3,3)", "(v,4,4)"];
    after_by(client, device, &old, "size, length", "widened", &rows)?;
    let device = Device::Knows(&["id", "size"]);
    let new = [
        (r#"{"op":"PUT","table":"widened","id":"there","data":{"size":5}}"#, "there"),
        (r#"{"op":"DELETE","table":"widened","id":"v"}"#, "v"),
    ];
    after_by(client, device, &new, "size, length", "widened", &["(there,5,5)"])
}

fn wider(client: &mut Client) -> Result<(), Failure> {
    let columns = "size, length";
    let old = [
        (r#"{"op":"PATCH","table":"widened","id":"there","data":{"length":7}}"#, "there"),
        (r#"{"op":"PUT","table":"widened","id":"a","data":{"length":8}}"#, "+a"),
        (r#"{"op":"PUT","table":"widened","id":"b","data":{"length":9}}"#, "+b"),
        (r#"{"op":"PATCH","table":"widened","id":"b","data":{"length":null}}"#, "b"),
    ];
    after(client, &old, columns, "widened", &["(a,8,8)", "(b,0,)", "(there,7,7)"])?;
    let new = [
        (r#"{"op":"PATCH","table":"widened","id":"there","data":{"size":"9007199254740993"}}"#, "there"),
        (r#"{"op":"PATCH","table":"widened","id":"a","data":{"size":"5"}}"#, "a"),
        (r#"{"op":"PUT","table":"widened","id":"b","data":{}}"#, "b"),
        (r#"{"op":"PUT","table":"widened","id":"c","data":{"size":"-6"}}"#, "+c"),
        (r#"{"op":"PUT","table":"widened","id":"d","data":{"size":"5000000000"}}"#, "+d"),
    ];
    let rows = ["(a,5,5)", "(b,0,)", "(c,-6,-6)", "(d,5000000000,)", "(there,9007199254740993,)"];
    after(client, &new, columns, "widened", &rows)
}

fn to_text(client: &mut Client) -> Result<(), Failure> {
    let columns = "label, code";
    let old = [
        (r#"{"op":"PATCH","table":"lettered","id":"there","data":{"code":12}}"#, "there"),
        (r#"{"op":"PUT","table":"lettered","id":"a","data":{"code":8}}"#, "+a"),
        (r#"{"op":"PATCH","table":"lettered","id":"a","data":{"code":null}}"#, "a"),
    ];
    after(client, &old, columns, "lettered", &["(a,,)", "(there,12,12)"])?;
    let new = [
        (r#"{"op":"PATCH","table":"lettered","id":"there","data":{"label":"A-12"}}"#, "there"),
        (r#"{"op":"PUT","table":"lettered","id":"a","data":{"label":"99"}}"#, "a"),
        (r#"{"op":"PUT","table":"lettered","id":"b","data":{"label":"99999999999"}}"#, "+b"),
    ];
    let rows = ["(a,99,99)", "(b,99999999999,)", "(there,A-12,)"];
    after(client, &new, columns, "lettered", &rows)
}

/// What is no number becomes the default, and the upload goes on.
fn to_number(client: &mut Client) -> Result<(), Failure> {
    let columns = "number, amount";
    let old = [
        (r#"{"op":"PATCH","table":"numbered","id":"there","data":{"amount":"12"}}"#, "there"),
        (r#"{"op":"PUT","table":"numbered","id":"a","data":{"amount":"a dozen"}}"#, "+a"),
        (r#"{"op":"PUT","table":"numbered","id":"b","data":{"amount":"3"}}"#, "+b"),
        (r#"{"op":"PATCH","table":"numbered","id":"b","data":{"amount":"2.5 or so"}}"#, "b"),
        (r#"{"op":"PUT","table":"numbered","id":"c","data":{"amount":""}}"#, "+c"),
        (r#"{"op":"PUT","table":"numbered","id":"d","data":{"amount":"99999999999999999999999"}}"#, "+d"),
    ];
    let rows = [
        "(a,-1,\"a dozen\")",
        "(b,-1,\"2.5 or so\")",
        "(c,-1,\"\")",
        "(d,-1,99999999999999999999999)",
        "(there,12,12)",
    ];
    after(client, &old, columns, "numbered", &rows)?;
    let new = [
        (r#"{"op":"PATCH","table":"numbered","id":"a","data":{"number":13}}"#, "a"),
        (r#"{"op":"PUT","table":"numbered","id":"b","data":{"number":14}}"#, "b"),
        (r#"{"op":"PUT","table":"numbered","id":"c","data":{}}"#, "c"),
        (r#"{"op":"DELETE","table":"numbered","id":"d"}"#, "d"),
    ];
    after(client, &new, columns, "numbered", &["(a,13,13)", "(b,14,14)", "(c,-1,)", "(there,12,12)"])
}

fn to_timestamp(client: &mut Client) -> Result<(), Failure> {
    let columns = "at AT TIME ZONE 'UTC', day";
    let old = [
        (r#"{"op":"PATCH","table":"moved","id":"there","data":{"day":"2026-02-03"}}"#, "there"),
        (r#"{"op":"PUT","table":"moved","id":"a","data":{"day":"2026-02-04"}}"#, "+a"),
    ];
    let rows = ["(a,\"04.02.2026 00:00:00\",04.02.2026)", "(there,\"03.02.2026 00:00:00\",03.02.2026)"];
    after(client, &old, columns, "moved", &rows)?;
    let new = [
        (r#"{"op":"PATCH","table":"moved","id":"there","data":{"at":"2026-02-05T23:30:00-03:30"}}"#, "there"),
        (r#"{"op":"PUT","table":"moved","id":"a","data":{}}"#, "a"),
    ];
    let rows = ["(a,,)", "(there,\"06.02.2026 03:00:00\",06.02.2026)"];
    after(client, &new, columns, "moved", &rows)
}

fn new_column(client: &mut Client) -> Result<(), Failure> {
    let columns = "title, state, note";
    let old = [
        (r#"{"op":"PATCH","table":"grown","id":"there","data":{"title":"y"}}"#, "there"),
        (r#"{"op":"PUT","table":"grown","id":"a","data":{"title":"z"}}"#, "+a"),
    ];
    let device = Device::Knows(&["id", "title"]);
    after_by(client, device, &old, columns, "grown", &["(a,z,new,none)", "(there,y,new,none)"])?;
    let new = [(r#"{"op":"PATCH","table":"grown","id":"a","data":{"state":"old","note":"n"}}"#, "a")];
    after(client, &new, columns, "grown", &["(a,z,old,n)", "(there,y,new,none)"])?;
    let old = [(r#"{"op":"PUT","table":"grown","id":"a","data":{"title":"zz"}}"#, "a")];
    after_by(client, device, &old, columns, "grown", &["(a,zz,old,n)", "(there,y,new,none)"])
}

fn removed_column(client: &mut Client) -> Result<(), Failure> {
    let old = [
        (r#"{"op":"PATCH","table":"shrunk","id":"there","data":{"title":"y","extra":"z"}}"#, "there"),
        (r#"{"op":"PATCH","table":"shrunk","id":"there","data":{"extra":"zz"}}"#, "there"),
        (r#"{"op":"PUT","table":"shrunk","id":"a","data":{"title":"z","extra":5}}"#, "+a"),
        (r#"{"op":"PUT","table":"shrunk","id":"b","data":{"title":"z","other":5}}"#, "refused: other is unknown"),
    ];
    after(client, &old, "title", "shrunk", &["(a,z)", "(there,y)"])
}

fn removed_table(client: &mut Client) -> Result<(), Failure> {
    for op in ["PUT", "PATCH", "DELETE"] {
        let op = format!(r#"{{"op":"{op}","table":"gone","id":"a","data":{{"title":"x"}}}}"#);
        let said = upload(client, Device::Silent, &op)?;
        if said != "dropped" {
            return Err(format!("{op}: {said}").into());
        }
    }
    Ok(())
}

fn words(client: &mut Client) -> Result<(), Failure> {
    let refused = "refused: state: is not one of the enum's values";
    let old = [
        (r#"{"op":"PATCH","table":"worded","id":"there","data":{"state":"closed"}}"#, "there"),
        (r#"{"op":"PUT","table":"worded","id":"a","data":{"state":"open"}}"#, "+a"),
        (r#"{"op":"PUT","table":"worded","id":"b","data":{"state":"odd"}}"#, refused),
        (r#"{"op":"PATCH","table":"worded","id":"a","data":{"state":"odd"}}"#, refused),
    ];
    after(client, &old, "state", "worded", &["(a,open)", "(there,done)"])?;
    let new = [(r#"{"op":"PATCH","table":"worded","id":"a","data":{"state":"later"}}"#, "a")];
    after(client, &new, "state", "worded", &["(a,later)", "(there,done)"])
}

fn narrower(client: &mut Client) -> Result<(), Failure> {
    let old = [
        (r#"{"op":"PATCH","table":"narrowed","id":"there","data":{"body":"short"}}"#, "there"),
        (
            r#"{"op":"PATCH","table":"narrowed","id":"there","data":{"body":"longer"}}"#,
            "refused: body: is longer than 5 characters",
        ),
    ];
    after(client, &old, "body", "narrowed", &["(there,short)"])
}

fn renamed_owner(client: &mut Client) -> Result<(), Failure> {
    let columns = "owner_id, user_id, made AT TIME ZONE 'UTC', made = made_at, deleted_at IS NULL";
    let old = [
        (r#"{"op":"PUT","table":"handed","id":"a","data":{"user_id":"you","made_at":"2026-03-04T05:06:07Z"}}"#, "+a"),
        (r#"{"op":"PATCH","table":"handed","id":"there","data":{"made_at":"2026-03-04T05:06:07Z"}}"#, "there"),
        (r#"{"op":"DELETE","table":"handed","id":"there"}"#, "there"),
    ];
    let rows = [
        "(a,me,me,\"04.03.2026 05:06:07\",t,t)",
        "(there,me,me,\"04.03.2026 05:06:07\",t,f)",
    ];
    after(client, &old, columns, "handed", &rows)
}
