//! The server's settings, and its replication slots.

use syncline_schema::Code;

use super::{Database, Level, Line};
use crate::live::server::Slot;

/// Settings that are not what sync wants.
pub(super) fn settings(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let set = &facts.server.settings;
    if set.wal_level == "logical" {
        lines.push(Line::ok(
            Code::U002,
            format!("PostgreSQL {}, wal_level is logical", set.version),
        ));
    } else {
        lines.push(Line::error(
            Code::U002,
            format!("wal_level is {}, not logical", set.wal_level),
            "the service cannot read changes: it stays up, and every stream answers 500 PSYNC_S2302",
            format!(
                "{}\nthen restart PostgreSQL",
                change(facts, "wal_level", "logical")
            ),
        ));
    }
    if set.in_recovery {
        lines.push(Line::warning(
            Code::U002,
            "this server is a standby",
            "it takes no uploads, and before PostgreSQL 16 it has no logical slots",
            "give the URL of the primary server: --database-url",
        ));
    }
    let slots = facts.server.slots.len();
    if u32::try_from(slots).is_ok_and(|it| it >= set.max_replication_slots) {
        lines.push(Line::error(
            Code::U002,
            format!(
                "{slots} of {} replication slots are taken",
                set.max_replication_slots
            ),
            "the service makes a new slot at each deploy of a changed sync config, beside the old one: without room for it, PSYNC_S1120",
            format!(
                "{}\nthen restart PostgreSQL; or drop a slot that nobody reads: SELECT pg_drop_replication_slot('…');",
                change(facts, "max_replication_slots", &(slots + 4).to_string())
            ),
        ));
    }
    if set.max_wal_senders == 0 {
        lines.push(Line::error(
            Code::U002,
            "max_wal_senders is 0",
            "nobody may read the replication stream",
            format!(
                "{}\nthen restart PostgreSQL",
                change(facts, "max_wal_senders", "10")
            ),
        ));
    }
    risks(facts, lines);
}

/// Settings with which it works, until it does not.
fn risks(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let set = &facts.server.settings;
    let before = lines.len();
    if !set.fsync {
        lines.push(Line::warning(
            Code::U008,
            "fsync is off",
            "a crash of the machine loses the database; devices do not send again what the server said it had",
            format!(
                "{}\nSELECT pg_reload_conf();",
                change(facts, "fsync", "on")
            ),
        ));
    }
    if set.synchronous_commit == "off" {
        lines.push(Line::warning(
            Code::U008,
            "synchronous_commit is off",
            "a crash loses the last uploads, which devices were told are kept and do not send again",
            format!(
                "{}\nSELECT pg_reload_conf();",
                change(facts, "synchronous_commit", "on")
            ),
        ));
    }
    if set.max_slot_wal_keep_size.is_none() {
        lines.push(Line::warning(
            Code::U008,
            "max_slot_wal_keep_size has no limit",
            "while the service is away its slot keeps all changes, until the disk is full and PostgreSQL stops",
            format!(
                "{}\nSELECT pg_reload_conf();",
                change(facts, "max_slot_wal_keep_size", "10GB")
            ),
        ));
    }
    if lines.len() == before {
        lines.push(Line::ok(
            Code::U008,
            "commits are kept, and slots have a limit".to_owned(),
        ));
    }
}

/// How a setting is changed there.
fn change(facts: &Database<'_>, name: &str, value: &str) -> String {
    if facts.on_supabase() {
        format!(
            "supabase --experimental postgres-config update --config {name}={value} (Supabase has no ALTER SYSTEM)"
        )
    } else {
        format!("ALTER SYSTEM SET {name} = '{value}';")
    }
}

/// The slots of this database.
pub(super) fn slots(facts: &Database<'_>, lines: &mut Vec<Line>) {
    let set = &facts.server.settings;
    let prefix = &facts.configuration.slot_prefix;
    let mine = |slot: &&Slot| {
        slot.database.as_deref() == Some(&set.database)
            && slot.plugin.as_deref() == Some("pgoutput")
            && slot.name.starts_with(prefix.as_str())
    };
    let mut any = false;
    for slot in facts.server.slots.iter().filter(mine) {
        any = true;
        lines.push(judged(slot, set.max_slot_wal_keep_size));
    }
    if !any {
        lines.push(Line::warning(
            Code::U007,
            format!("no replication slot {prefix}… reads this database"),
            "the service makes one when it starts: it has never reached this database, or its slot was dropped",
            "start the service, and look at its log for PSYNC_S11 errors",
        ));
    }
}

/// Drops a slot, so that the service makes another and copies the tables again.
fn drop_slot(slot: &Slot) -> String {
    format!(
        "SELECT pg_drop_replication_slot('{}');\nthen restart the service: it copies the tables again",
        slot.name.replace('\'', "''")
    )
}

fn judged(slot: &Slot, limit: Option<u64>) -> Line {
    let name = &slot.name;
    let (lag, kept) = (slot.lag.unwrap_or(0), slot.kept.unwrap_or(0));
    let near = limit.is_some_and(|it| it > 0 && kept > it / 2);
    let of = limit.map_or_else(String::new, |it| format!(" of {} allowed", size(it)));
    let behind = format!("it is {} behind and keeps {}{of}", size(lag), size(kept));
    match slot.wal_status.as_deref() {
        Some("lost") => Line::error(
            Code::U007,
            format!("the replication slot {name} is lost"),
            "PSYNC_S1146: changes that it needs are gone. Devices keep what they have; a service that runs makes another slot and copies the tables again",
            format!(
                "give slots more room, or the next is lost too (max_slot_wal_keep_size), and start the service; if the lost slot stays:
{}",
                drop_slot(slot)
            ),
        ),
        Some("unreserved") => Line::error(
            Code::U007,
            format!("the replication slot {name} is about to be lost: {behind}"),
            "the next checkpoint may remove changes that it needs; then all tables are copied again",
            "start the service now, or raise the limit: ALTER SYSTEM SET max_slot_wal_keep_size = '…'; SELECT pg_reload_conf();",
        ),
        _ if near => Line {
            level: if slot.active {
                Level::Warning
            } else {
                Level::Error
            },
            code: Code::U007,
            title: format!(
                "the replication slot {name} has used more than half of its room: {behind}"
            ),
            meaning: "beyond the limit it is lost, and all tables are copied again".to_owned(),
            mend:
                "look whether the service runs and keeps up; raise max_slot_wal_keep_size meanwhile"
                    .to_owned(),
        },
        _ if !slot.active => Line::warning(
            Code::U007,
            format!("nobody reads the replication slot {name}: {behind}"),
            "devices get no changes while the service is away, and PostgreSQL keeps all WAL for it",
            format!(
                "start the service; if the slot is left over from an older one:\n{}",
                drop_slot(slot)
            ),
        ),
        _ => Line::ok(
            Code::U007,
            format!("the replication slot {name} is read: {behind}"),
        ),
    }
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 10 * 1024 && unit + 1 < UNITS.len() {
        value /= 1024;
        unit += 1;
    }
    format!("{value} {}", UNITS[unit])
}
