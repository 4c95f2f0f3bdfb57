//! From the type of a field to a type of the language.

use proc_macro2::Ident;
use syn::{GenericArgument, PathArguments, Type, TypePath};

use crate::model::Scalar;
use crate::source::type_name::parse_type;
use crate::types;

/// What the type of a field says of its column.
pub(super) struct FieldType<'a> {
    /// It is `Option<…>`.
    pub(super) nullable: bool,
    /// What is inside.
    pub(super) kind: Kind<'a>,
}

/// What a field holds where it holds something.
pub(super) enum Kind<'a> {
    /// A type that is known by its name, as the language writes it.
    Known(String),
    /// A type of the user's: an enum, or something for which `type = "…"` has to speak.
    Own(&'a Ident, &'a TypePath),
    /// No column can hold it: why, and what can.
    Refused(String, &'static str),
}

/// Reads a type. A name stands for a type wherever it comes from: the macro sees names only.
pub(super) fn read(ty: &Type) -> FieldType<'_> {
    let ty = bare(ty);
    match only_argument(ty, "Option") {
        Some(inner) => FieldType {
            nullable: true,
            kind: kind(bare(inner)),
        },
        None => FieldType {
            nullable: false,
            kind: kind(ty),
        },
    }
}

/// What a field would have to be to hold a column of the type `said`, where one that holds
/// `held` cannot. What `said` is no type at all is for others to say.
pub(super) fn misfit(held: &str, said: &str) -> Option<String> {
    let (Ok((held, _)), Ok((said, nullable))) = (parse_type(held), parse_type(said)) else {
        return None;
    };
    // Words and PostgreSQL's own types are text to us.
    let as_text = |scalar: &Scalar| {
        matches!(
            scalar,
            Scalar::Text | Scalar::Varchar(_) | Scalar::Enum(_) | Scalar::Raw(_)
        )
    };
    let same = held.scalar == said.scalar || (as_text(&held.scalar) && as_text(&said.scalar));
    if same && held.array == said.array {
        return None;
    }
    let scalar = types::row_of(&said.scalar).rust;
    let array = if said.array {
        format!("Vec<{scalar}>")
    } else {
        scalar.to_owned()
    };
    Some(if nullable {
        format!("Option<{array}>")
    } else {
        array
    })
}

fn kind(ty: &Type) -> Kind<'_> {
    let Some(element) = only_argument(ty, "Vec") else {
        return scalar(ty);
    };
    let element = bare(element);
    if is_named(element, "u8") {
        return Kind::Known("bytes".to_owned());
    }
    if only_argument(element, "Option").is_some() {
        return Kind::Refused(
            "an array's elements are never null".to_owned(),
            "write Option<Vec<T>> for an array that may be absent as a whole",
        );
    }
    match scalar(element) {
        Kind::Known(name) => Kind::Known(format!("{name}[]")),
        Kind::Own(ident, _) => Kind::Refused(
            format!("there are no arrays of `{ident}`"),
            "hold a serde_json::Value, or say what the array holds: #[sync(type = \"text[]\")]",
        ),
        refused => refused,
    }
}

fn scalar(ty: &Type) -> Kind<'_> {
    let Type::Path(path) = ty else {
        return Kind::Refused(
            "a column cannot hold this type".to_owned(),
            "a field is owned data: String, bool, i32, f64, Uuid, Timestamp, …",
        );
    };
    let Some(last) = path.path.segments.last() else {
        return Kind::Refused("a column cannot hold this type".to_owned(), "name a type");
    };
    let name = last.ident.to_string();
    let plain = matches!(last.arguments, PathArguments::None);
    if let Some((_, help)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == name) {
        return Kind::Refused(format!("there is no column type for `{name}`"), help);
    }
    match KNOWN.iter().find(|(rust, _)| *rust == name) {
        Some((_, ours)) if plain => Kind::Known((*ours).to_owned()),
        _ => Kind::Own(&last.ident, path),
    }
}

/// Types by the last part of their names.
const KNOWN: &[(&str, &str)] = &[
    ("String", "text"),
    ("bool", "boolean"),
    ("i16", "smallint"),
    ("i32", "integer"),
    ("i64", "bigint"),
    ("f32", "real"),
    ("f64", "double"),
    ("Timestamp", "timestamp"),
    ("LocalTimestamp", "local_timestamp"),
    ("DateTime", "local_timestamp"),
    ("Date", "date"),
    ("Time", "time"),
    ("Uuid", "uuid"),
    ("Json", "json"),
    ("Value", "json"),
];

/// Types that would be something else on one of the sides.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "Decimal",
        "a decimal says its digits: #[sync(type = \"decimal(12,2)\")]",
    ),
    ("str", "write String"),
    ("char", "write String, with #[sync(max_length = 1)]"),
    ("u8", "PostgreSQL has no unsigned integers: write i16"),
    ("i8", "PostgreSQL's smallest integer has 16 bits: write i16"),
    ("u16", "PostgreSQL has no unsigned integers: write i32"),
    ("u32", "PostgreSQL has no unsigned integers: write i64"),
    ("u64", "PostgreSQL has no unsigned integers: write i64"),
    (
        "u128",
        "write Uuid, or a decimal: #[sync(type = \"decimal(39,0)\")]",
    ),
    ("i128", "write a decimal: #[sync(type = \"decimal(39,0)\")]"),
    ("usize", "its size is the machine's: write i64"),
    ("isize", "its size is the machine's: write i64"),
    (
        "Zoned",
        "PostgreSQL keeps instants, without a zone: write Timestamp",
    ),
    ("NaiveDateTime", "write jiff::civil::DateTime"),
    ("NaiveDate", "write jiff::civil::Date"),
    ("NaiveTime", "write jiff::civil::Time"),
    ("SystemTime", "write Timestamp"),
    (
        "HashMap",
        "a `json` column can hold it: write serde_json::Value",
    ),
    (
        "BTreeMap",
        "a `json` column can hold it: write serde_json::Value",
    ),
    ("HashSet", "write Vec"),
    ("BTreeSet", "write Vec"),
    ("Option", "one Option says it all"),
    (
        "Vec",
        "a `json` column can hold lists of lists: write serde_json::Value",
    ),
];

/// The type without parentheses and the invisible groups of other macros.
fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Paren(inner) => &inner.elem,
            Type::Group(inner) => &inner.elem,
            _ => return ty,
        };
    }
}

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|it| it.ident == name))
}

/// `T` of `name<T>`.
fn only_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|it| it.ident == name)?;
    let PathArguments::AngleBracketed(list) = &last.arguments else {
        return None;
    };
    match (list.args.first(), list.args.len()) {
        (Some(GenericArgument::Type(inner)), 1) => Some(inner),
        _ => None,
    }
}
