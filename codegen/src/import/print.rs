//! The source's text, with remarks where they belong.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use syncline_schema::Schema;
use syncline_schema::model::{IdType, Migrations, Role, Scalar, Stream, SyncFormat, Table};
use syncline_schema::source::print;

use super::{Remark, rules};

/// Says once what most tables have.
pub(super) fn choose_defaults(schema: &mut Schema) {
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for owner in schema.synced().filter_map(Table::owner) {
        *owners.entry(&owner.name).or_default() += 1;
    }
    // Of two that are as frequent, the first by name.
    let most = owners.iter().rev().max_by_key(|(_, count)| **count);
    let most = most.map(|(name, _)| (*name).to_owned());
    let ids = || schema.synced().filter_map(|it| it.with_role(Role::Id));
    let uuids = ids().filter(|it| it.ty.scalar == Scalar::Uuid).count();
    let uuid = uuids * 2 > ids().count();
    let defaults = &mut schema.settings.defaults;
    if let Some(owner) = most {
        defaults.owner = owner;
    }
    if uuid {
        defaults.id = IdType::Uuid;
    }
}

/// The whole source.
pub(super) fn toml(project: &str, schema: &Schema, remarks: &[Remark]) -> String {
    let mut out = String::from(
        "# Written by `syncline import`. What begins with `# import:` wants a look: what was decided,\n# or what this language cannot hold.\n\n",
    );
    // Writing to a String cannot fail.
    let _ = writeln!(out, "[project]\nname = {}", quoted(project));
    let (defaults, usual) = (
        &schema.settings.defaults,
        syncline_schema::model::Defaults::default(),
    );
    if *defaults != usual {
        out.push_str("\n[defaults]\n");
        if defaults.owner != usual.owner {
            let _ = writeln!(out, "owner = {}", quoted(&defaults.owner));
        }
        if defaults.id != usual.id {
            out.push_str("id = \"uuid\"\n");
        }
    }
    if schema.settings.sync.format == SyncFormat::Rules {
        out.push_str("\n[sync]\nformat = \"rules\"\n");
    }
    let dir = &schema.settings.migrations.dir;
    if *dir != Migrations::default().dir {
        let _ = writeln!(out, "\n[migrations]\ndir = {}", quoted(dir));
    }
    for table in &schema.tables {
        out.push('\n');
        let text = print::toml([table], defaults);
        let about: Vec<_> = remarks
            .iter()
            .filter(|it| it.table.as_deref() == Some(&table.name))
            .collect();
        push_table(&mut out, table, &text, &about);
    }
    for stream in &schema.streams {
        push_stream(&mut out, stream);
    }
    let here = |name: &Option<String>| {
        name.as_deref()
            .is_some_and(|name| schema.table(name).is_some())
    };
    let rest: Vec<_> = remarks.iter().filter(|it| !here(&it.table)).collect();
    if !rest.is_empty() {
        out.push('\n');
    }
    for remark in rest {
        comment(&mut out, &remark.to_string());
    }
    out
}

fn push_table(out: &mut String, table: &Table, text: &str, about: &[&Remark]) {
    let mut placed = vec![false; about.len()];
    let mut body = String::new();
    let mut in_columns = false;
    for line in text.lines() {
        if line.ends_with(".columns]") {
            in_columns = true;
        } else if !in_columns && line.starts_with("unique = ") {
            let crosses = table
                .indexes
                .iter()
                .any(|it| rules::crosses_owners(table, it));
            if crosses {
                body.push_str(
                    "# syncline-ignore S014: PostgreSQL had this rule before it was imported\n",
                );
            }
        } else if in_columns {
            for (at, remark) in about.iter().enumerate() {
                let key = remark.column.as_deref().unwrap_or_default();
                if !key.is_empty()
                    && (line.starts_with(&format!("{key} = "))
                        || line.starts_with(&format!("{} = ", quoted(key))))
                {
                    placed[at] = true;
                    comment(&mut body, &remark.text);
                }
            }
        }
        body.push_str(line);
        body.push('\n');
    }
    for (remark, placed) in about.iter().zip(placed) {
        if !placed {
            let text = match &remark.column {
                Some(column) => format!("{column}: {}", remark.text),
                None => remark.text.clone(),
            };
            comment(out, &text);
        }
    }
    out.push_str(&body);
}

/// One line: no text of others ends the comment.
fn comment(out: &mut String, text: &str) {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(plain).collect();
    out.push_str("# import: ");
    out.push_str(text.trim_end());
    out.push('\n');
}

fn push_stream(out: &mut String, stream: &Stream) {
    let _ = writeln!(out, "\n[streams.{}]", quoted_key(&stream.name));
    if !stream.auto_subscribe {
        out.push_str("auto_subscribe = false\n");
    } else {
        out.push_str("auto_subscribe = true\n");
    }
    if let Some(priority) = stream.priority {
        let _ = writeln!(out, "priority = {priority}");
    }
    if stream.accept_potentially_dangerous_queries {
        out.push_str("accept_potentially_dangerous_queries = true\n");
    }
    if !stream.with.is_empty() {
        let with = stream.with.iter();
        let with: Vec<_> = with
            .map(|(name, query)| format!("{} = {}", quoted_key(name), one(&query.sql)))
            .collect();
        let _ = writeln!(out, "with = {{ {} }}", with.join(", "));
    }
    match stream.queries.as_slice() {
        [query] => {
            let _ = writeln!(out, "query = {}", one(&query.sql));
        }
        several => {
            out.push_str("queries = [\n");
            for query in several {
                let _ = writeln!(out, "  {},", one(&query.sql));
            }
            out.push_str("]\n");
        }
    }
}

/// A query as the source has it: no line of it is a comment any more, so it fits on one.
fn one(sql: &str) -> String {
    quoted(sql.trim())
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn quoted_key(key: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !key.is_empty() && key.bytes().all(bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}
