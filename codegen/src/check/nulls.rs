//! Nullability and defaults that refuse a device's write, or that let through what the other side
//! says cannot be.

use syncline_schema::Diagnostic;
use syncline_schema::codes::Code;
use syncline_schema::diagnostic::Severity;
use syncline_schema::model::{Column, DefaultValue, Role, Table};

use super::advice;
use super::tables::Side;
use crate::read::{ReadColumn, ReadDefault};

/// Compares whether a column may be empty.
pub(super) fn compare(
    side: Side,
    table: &Table,
    wanted: &Column,
    found: &ReadColumn,
) -> Option<Diagnostic> {
    let (severity, what, why) = match side {
        Side::Server(_) => server(table, wanted, found),
        Side::Device => device(table, wanted, found),
    }?;
    let name = format!("{}.{}", table.name, wanted.name);
    let mut finding = Diagnostic::new(Code::C009, format!("`{name}` {what}"))
        .at(found.place, format!("`{}`", found.written))
        .at(
            advice::place_of(table, wanted),
            advice::label_of(wanted, side),
        );
    finding.severity = severity;
    if severity != Severity::Note {
        finding = finding.note(why);
    }
    Some(advice::write_property(finding, wanted, side))
}

type Verdict = Option<(Severity, &'static str, &'static str)>;

fn server(table: &Table, wanted: &Column, found: &ReadColumn) -> Verdict {
    let wanted = &*wanted.in_postgres();
    let fills_itself = !matches!(
        found.default,
        ReadDefault::None | ReadDefault::App | ReadDefault::Unknown
    );
    if wanted.role == Role::Id {
        return None;
    }
    if found.not_null && wanted.nullable {
        return Some(
            if !table.writable() || wanted.server_only || wanted.read_only {
                (
                    Severity::Warning,
                    "may be null in the schema, and not in PostgreSQL",
                    "the server's code may write null here, and PostgreSQL refuses it",
                )
            } else if fills_itself {
                (
                    Severity::Error,
                    "may be null on the device, and not in PostgreSQL",
                    "a device that sets it to null has its upload refused for good",
                )
            } else {
                (
                    Severity::Error,
                    "may be null on the device, and not in PostgreSQL",
                    "a device that leaves it out has its upload refused for good",
                )
            },
        );
    }
    let server_fills = matches!(wanted.default, Some(DefaultValue::Raw(_)));
    if found.not_null && server_fills && matches!(found.default, ReadDefault::None) {
        return Some((
            Severity::Error,
            "has no default in PostgreSQL",
            "no device can compute it: every row that one inserts is refused",
        ));
    }
    if !found.not_null && !wanted.nullable && !found.primary_key {
        return Some(if wanted.role == Role::Owner {
            (
                Severity::Warning,
                "may be null in PostgreSQL",
                "a row without an owner reaches nobody, and no device can change it",
            )
        } else {
            (
                Severity::Warning,
                "may be null in PostgreSQL, and not on the device",
                "a null that the server writes arrives where the type says that it cannot",
            )
        });
    }
    None
}

fn device(table: &Table, wanted: &Column, found: &ReadColumn) -> Verdict {
    if matches!(wanted.role, Role::Id | Role::Owner) || found.primary_key {
        return None;
    }
    if found.not_null && wanted.nullable {
        return Some((
            Severity::Warning,
            "may be null, and not on the device",
            "a null can arrive, and the type says that it cannot",
        ));
    }
    let writes = table.writable() && !wanted.read_only;
    if found.not_null || wanted.nullable_on_device() || found.has_default || !writes {
        return None;
    }
    Some(if wanted.default.is_some() || wanted.injected() {
        (
            Severity::Warning,
            "is required, and may be null on the device",
            "a device that sets it to null has its upload refused for good",
        )
    } else {
        (
            Severity::Error,
            "is required, and may be null on the device",
            "a device that leaves it out has its upload refused for good",
        )
    })
}
