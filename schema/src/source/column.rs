//! One column, in the short or the long form.

use std::collections::BTreeSet;

use super::node::{Fields, Node};
use super::type_name::parse_type;
use super::{constraints, default};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Column, ColumnType, DefaultValue, EnumType, OnDelete, Reference, Role, Scalar, Unit,
};
use crate::place::Place;

/// A column, and what its long form says for the table.
pub(super) struct Declared {
    pub(super) column: Column,
    /// `unique = true`, and where.
    pub(super) unique: Option<Place>,
}

/// Reads a column. One whose type cannot be read stays unread, and the rest is judged all the same.
pub(super) fn read(name: &str, place: Place, node: Node<'_>, out: &mut Diagnostics) -> Declared {
    let mut column = Column::new(name, Scalar::Text, false, Role::Data);
    column.place = place;
    column.ty = ColumnType::unread();
    let Some(fields) = node.table() else {
        read_type(&mut column, Some(node), node.place, out);
        refuse_short_enum(&column, node, out);
        return Declared {
            column,
            unique: None,
        };
    };
    if fields.get("type").is_some() || !fields.misspells("type") {
        read_type(&mut column, fields.get("type"), place, out);
    }
    if !column.ty.is_unread() {
        read_enum(&mut column, fields, out);
    }
    column.doc = fields.owned("doc");
    column.max_length = fields
        .get("max_length")
        .and_then(Node::integer)
        .and_then(|n| u32::try_from(n).ok());
    column.check = fields
        .get("check")
        .and_then(|it| constraints::condition(&format!("the check of `{name}`"), it, out));
    column.read_only = fields.bool("read_only").unwrap_or(false);
    column.immutable = fields.bool("immutable").unwrap_or(false);
    column.server_only = fields.bool("server_only").unwrap_or(false);
    column.unit = match fields.text("unit") {
        Some("ms") => Some(Unit::Milliseconds),
        Some("s") => Some(Unit::Seconds),
        _ => None,
    };
    column.renamed_from = fields.owned("renamed_from");
    column.replaces = fields.owned("replaces");
    read_reference(&mut column, fields, out);
    read_default(&mut column, fields, out);
    let flag = |key| {
        fields
            .get(key)
            .filter(|it| it.bool() == Some(true))
            .map(|it| it.place)
    };
    Declared {
        unique: flag("unique"),
        column,
    }
}

fn read_type(column: &mut Column, node: Option<Node<'_>>, place: Place, out: &mut Diagnostics) {
    let Some(node) = node else {
        let message = format!("column `{}` has no type", column.name);
        out.push(
            Diagnostic::new(Code::S029, message)
                .at(place, "")
                .help("add type = \"text\" or another type"),
        );
        return;
    };
    let Some(text) = node.text() else { return };
    match parse_type(text) {
        Ok((ty, nullable)) => {
            column.ty = ty;
            column.nullable = nullable;
        }
        Err(error) => {
            out.push(
                Diagnostic::new(Code::S004, error.message)
                    .at(node.place, "")
                    .help_opt(error.help),
            );
        }
    }
}

fn refuse_short_enum(column: &Column, node: Node<'_>, out: &mut Diagnostics) {
    if matches!(column.ty.scalar, Scalar::Enum(_)) {
        out.push(
            Diagnostic::new(Code::S029, format!("enum `{}` has no values", column.name))
                .at(node.place, "")
                .help(format!(
                    "write {} = {{ type = \"enum\", values = [\"one\", \"two\"] }}",
                    column.name
                )),
        );
    }
}

fn read_enum(column: &mut Column, fields: Fields<'_>, out: &mut Diagnostics) {
    let values = fields.texts("values");
    let Scalar::Enum(words) = &mut column.ty.scalar else {
        for key in ["values", "native", "renamed_values"] {
            if let Some(node) = fields.get(key) {
                out.push(
                    Diagnostic::new(
                        Code::S025,
                        format!("`{key}` has no meaning for `{}`", column.ty),
                    )
                    .at(node.place, "only enums have it"),
                );
            }
        }
        return;
    };
    let mut seen = BTreeSet::new();
    for value in &values {
        let twice = !seen.insert(value.value.as_str());
        if twice || value.value.is_empty() || value.value.contains('\0') || value.value.len() > 63 {
            out.push(
                Diagnostic::new(
                    Code::S017,
                    format!(
                        "\"{}\" cannot be a word of enum `{}`",
                        value.value, column.name
                    ),
                )
                .at(
                    value.place,
                    if twice {
                        "stands here twice"
                    } else {
                        "takes 1 to 63 bytes"
                    },
                ),
            );
        }
    }
    if values.is_empty() && !fields.misspells("values") {
        out.push(
            Diagnostic::new(Code::S029, format!("enum `{}` has no values", column.name))
                .at(fields.place, "")
                .help("add values = [\"one\", \"two\"]"),
        );
    }
    let renamed = fields
        .table("renamed_values")
        .into_iter()
        .flat_map(Fields::entries);
    *words = EnumType {
        native: match fields.get("native") {
            Some(node) if node.bool() == Some(true) => Some(column.name.clone()),
            Some(node) => node.text().map(str::to_owned),
            None => None,
        },
        renamed: renamed
            .filter_map(|(old, _, new)| Some((old.to_owned(), new.text()?.to_owned())))
            .collect(),
        values: values.into_iter().map(|it| it.value).collect(),
    };
    for (old, new) in &words.renamed {
        if !words.values.contains(new) || words.values.contains(old) {
            let node = fields.get("renamed_values");
            out.push(
                Diagnostic::new(
                    Code::S023,
                    format!("enum word \"{old}\" cannot have become \"{new}\""),
                )
                .at(node.map_or(column.place, |node| node.place), "")
                .help("the new word has to be among `values`, the old one not"),
            );
        }
    }
}

fn read_reference(column: &mut Column, fields: Fields<'_>, out: &mut Diagnostics) {
    let Some(node) = fields.get("references") else {
        for key in ["enforce", "on_delete"] {
            if let Some(node) = fields.get(key) {
                out.push(
                    Diagnostic::new(
                        Code::S025,
                        format!("`{key}` has no meaning without `references`"),
                    )
                    .at(node.place, "")
                    .help("name the table that the column points at: references = \"table\""),
                );
            }
        }
        return;
    };
    let Some(target) = node.text() else { return };
    let (table, target_column) = target.split_once('.').unwrap_or((target, "id"));
    column.references = Some(Reference {
        table: table.to_owned(),
        column: target_column.to_owned(),
        enforce: fields.bool("enforce").unwrap_or(false),
        deferred: true,
        name: None,
        on_delete: match fields.text("on_delete") {
            Some("restrict") => OnDelete::Restrict,
            Some("cascade") => OnDelete::Cascade,
            Some("set_null") => OnDelete::SetNull,
            _ => OnDelete::NoAction,
        },
        place: node.place,
    });
    let sets_null = fields.text("on_delete") == Some("set_null");
    if let (true, false, Some(node)) = (sets_null, column.nullable, fields.get("on_delete")) {
        out.push(
            Diagnostic::new(
                Code::S015,
                format!("`{}` cannot be set to null", column.name),
            )
            .at(node.place, "sets the column to null")
            .at(column.place, "but it is not nullable")
            .help("mark the type with `?`"),
        );
    }
}

fn read_default(column: &mut Column, fields: Fields<'_>, out: &mut Diagnostics) {
    let Some(node) = fields.get("default") else {
        return;
    };
    let no_words = matches!(&column.ty.scalar, Scalar::Enum(it) if it.values.is_empty());
    if column.ty.is_unread() || no_words {
        return;
    }
    match default::read(node, column) {
        Ok(DefaultValue::Raw(sql)) => {
            if let Err(why) = crate::sql::check_expression(&sql) {
                out.push(
                    Diagnostic::new(
                        Code::S024,
                        format!(
                            "the default of `{}` is not one SQL expression: {why}",
                            column.name
                        ),
                    )
                    .at(node.place, ""),
                );
            }
            column.default = Some(DefaultValue::Raw(sql));
        }
        Ok(value) => column.default = Some(value),
        Err(misfit) => out.push(
            Diagnostic::new(Code::S005, misfit.message)
                .at(node.place, "")
                .at(column.place, "of this column")
                .help(misfit.help),
        ),
    }
}
