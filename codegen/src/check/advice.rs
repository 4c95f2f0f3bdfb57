//! What to write: declarations as the generated files have them.

use syncline_schema::diagnostic::closest;
use syncline_schema::model::{Column, ColumnType, DefaultValue, Literal, Role, Scalar, Table};
use syncline_schema::types::{self, Builder};
use syncline_schema::{Diagnostic, Place, names};

use super::tables::Side;

/// The column as the schema source says it: `timestamp`, `decimal(12, 2)[]`.
pub(super) fn declared(ty: &ColumnType) -> String {
    let scalar = match &ty.scalar {
        Scalar::Varchar(n) => format!("varchar({n})"),
        Scalar::Decimal { precision, scale } => format!("decimal({precision},{scale})"),
        Scalar::Raw(sql) => format!("raw(\"{sql}\")"),
        scalar => types::row_of(scalar).name.to_owned(),
    };
    let array = if ty.array { "[]" } else { "" };
    format!("{scalar}{array}")
}

/// Where the schema declares a column: an injected one at its table.
pub(super) fn place_of(table: &Table, column: &Column) -> Place {
    column.place.or(table.place)
}

/// The label at [`place_of`].
pub(super) fn label_of(column: &Column, side: Side) -> String {
    let ty = declared(&column.ty);
    let there = match side {
        Side::Device => types::storage(&column.ty).name().to_owned(),
        Side::Server(_) => types::postgres(&column.ty),
    };
    let also = if there == ty {
        String::new()
    } else {
        let on = match side {
            Side::Device => "on the device",
            Side::Server(_) => "in PostgreSQL",
        };
        format!(", {there} {on}")
    };
    if column.injected() && column.role != Role::Owner && column.role != Role::Id {
        format!("`{}`, which Syncline adds, is `{ty}`{also}", column.name)
    } else {
        format!("`{}` is `{ty}`{also}", column.name)
    }
}

/// The property to write for a column; none where a custom type is needed first.
pub(super) fn property(column: &Column, side: Side) -> Option<String> {
    let scalar = &column.ty.scalar;
    let row = types::row_of(scalar);
    let json = Builder {
        call: "text",
        options: "mode: \"json\"",
    };
    let builder = match side {
        Side::Device if column.ty.array && row.device_array.is_some() => return None,
        Side::Device if column.ty.array => json,
        Side::Device => row.drizzle_sqlite,
        Side::Server(_) => match scalar {
            Scalar::Raw(_) | Scalar::Bytes => return None,
            Scalar::Enum(it) if it.native.is_some() => return None,
            _ => row.drizzle_pg,
        },
    };
    let key = names::camel(&column.name);
    let name = types::typescript_string(&column.name);
    let options = types::fill(builder.options, scalar);
    let options = if options.is_empty() {
        String::new()
    } else {
        format!(", {{ {options} }}")
    };
    let array = if column.ty.array && side.is_server() {
        ".array()"
    } else {
        ""
    };
    let nullable = match side {
        Side::Device => column.nullable_on_device(),
        Side::Server(_) => column.nullable,
    };
    let marks = if column.role == Role::Id {
        ".primaryKey()"
    } else if nullable {
        ""
    } else {
        ".notNull()"
    };
    Some(format!(
        "{key}: {}({name}{options}){array}{marks}{}",
        builder.call,
        default(column, side)
    ))
}

/// The default behind a property, as far as it is the same in both languages.
fn default(column: &Column, side: Side) -> String {
    let clock = matches!(
        column.ty.scalar,
        Scalar::Timestamp | Scalar::LocalTimestamp | Scalar::Date | Scalar::Time
    );
    let value = match &column.default {
        Some(DefaultValue::Now) if side.is_server() && clock => {
            return ".defaultNow()".to_owned();
        }
        Some(DefaultValue::Uuid) if column.ty.scalar == Scalar::Uuid && side.is_server() => {
            return ".defaultRandom()".to_owned();
        }
        Some(DefaultValue::Raw(sql)) if side.is_server() => format!("sql`{sql}`"),
        Some(DefaultValue::Literal(Literal::Bool(value))) => value.to_string(),
        Some(DefaultValue::Literal(Literal::Integer(value)))
            if column.ty.scalar != Scalar::BigInt =>
        {
            value.to_string()
        }
        Some(DefaultValue::Literal(Literal::Text(text))) => types::typescript_string(text),
        _ => return String::new(),
    };
    format!(".default({value})")
}

/// What mends PostgreSQL's tables.
pub(super) const MIGRATE: &str =
    "`syncline migrate plan` prints the steps that mend it; or change the source";

/// Says to write [`property`].
pub(super) fn write_property(diagnostic: Diagnostic, column: &Column, side: Side) -> Diagnostic {
    if side.is_sql() {
        return diagnostic.help(MIGRATE);
    }
    diagnostic.help_opt(property(column, side).map(|it| format!("write `{it}`")))
}

/// Past so many unknown names, none is taken for a misspelling of a missing one: the two files
/// are about different things.
const MAX_UNKNOWN: usize = 300;

/// Which of the unknown names a missing one goes by, so that both are one finding.
pub(super) fn meant(missing: &str, renamed_from: Option<&str>, unknown: &[&str]) -> Option<usize> {
    let at = |name: &str| unknown.iter().position(|it| *it == name);
    renamed_from.and_then(at).or_else(|| {
        let few = unknown.len() <= MAX_UNKNOWN;
        few.then(|| closest(missing, unknown.iter().copied()))
            .flatten()
            .and_then(at)
    })
}
