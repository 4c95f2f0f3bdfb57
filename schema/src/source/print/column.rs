//! What is said of a column beside its type.

use super::{Value, item, map, say, say_if, say_text, text, texts};
use crate::model::{Column, DefaultValue, Literal, OnDelete, Role, Scalar, Unit};
use crate::source::tree::Entries;

/// The type as the source writes it, without the mark of a nullable column.
pub(super) fn type_text(column: &Column) -> String {
    column.ty.to_string()
}

/// Everything but type and doc.
pub(super) fn options(column: &Column, values: bool) -> Entries<'static> {
    let mut out = Entries::default();
    if let Scalar::Enum(it) = &column.ty.scalar {
        if values {
            say(
                &mut out,
                "values",
                texts(it.values.iter().map(String::as_str)),
            );
        }
        match &it.native {
            Some(name) if *name == column.name => say_if(&mut out, "native", true),
            name => say_text(&mut out, "native", name.as_deref()),
        }
        if !it.renamed.is_empty() {
            let renamed = it
                .renamed
                .iter()
                .map(|(old, new)| (old.as_str(), new.as_str()));
            say(&mut out, "renamed_values", map(renamed));
        }
    }
    // An id is made by the device unless it says otherwise.
    let implied = column.role == Role::Id && column.default == Some(DefaultValue::Uuid);
    if let Some(default) = column.default.as_ref().filter(|_| !implied) {
        say(&mut out, "default", default_of(default, &column.ty.scalar));
    }
    if let Some(it) = &column.references {
        let target = match it.column.as_str() {
            "id" => it.table.clone(),
            other => format!("{}.{other}", it.table),
        };
        say(&mut out, "references", text(target));
        say_if(&mut out, "enforce", it.enforce);
        let on_delete = match it.on_delete {
            OnDelete::NoAction => None,
            OnDelete::Restrict => Some("restrict"),
            OnDelete::Cascade => Some("cascade"),
            OnDelete::SetNull => Some("set_null"),
        };
        say_text(&mut out, "on_delete", on_delete);
    }
    if let Some(n) = column.max_length {
        say(
            &mut out,
            "max_length",
            Value::Integer(n.to_string().into(), 10),
        );
    }
    say_text(&mut out, "check", column.check.as_deref());
    say_if(&mut out, "read_only", column.read_only);
    say_if(&mut out, "immutable", column.immutable);
    say_if(&mut out, "server_only", column.server_only);
    let unit = column.unit.map(|unit| match unit {
        Unit::Milliseconds => "ms",
        Unit::Seconds => "s",
    });
    say_text(&mut out, "unit", unit);
    say_text(&mut out, "renamed_from", column.renamed_from.as_deref());
    say_text(&mut out, "replaces", column.replaces.as_deref());
    out
}

fn default_of(default: &DefaultValue, scalar: &Scalar) -> Value<'static> {
    match default {
        DefaultValue::Now => text("now"),
        DefaultValue::Uuid => text("uuid"),
        DefaultValue::Device => text("device"),
        DefaultValue::Raw(sql) => map([("raw", sql.as_str())]),
        DefaultValue::Literal(value) => literal(value, scalar),
    }
}

fn literal(value: &Literal, scalar: &Scalar) -> Value<'static> {
    match value {
        Literal::Bool(it) => Value::Bool(*it),
        Literal::Integer(it) => Value::Integer(it.to_string().into(), 10),
        Literal::Number(digits) if matches!(scalar, Scalar::Decimal { .. }) => text(digits.clone()),
        // A whole float of many digits is no integer of 64 bits.
        Literal::Number(digits) if digits.contains('.') => Value::Float(digits.clone().into()),
        Literal::Number(digits) => Value::Float(format!("{digits}.0").into()),
        Literal::Text(it) | Literal::Json(it) => text(it.clone()),
        Literal::Array(items) => {
            Value::List(items.iter().map(|it| item(literal(it, scalar))).collect())
        }
    }
}
