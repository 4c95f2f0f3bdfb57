//! A column and what is said of it.

use super::types::{ColumnType, Scalar};
use crate::names;
use crate::place::Place;

/// One column, as PostgreSQL has it; what the device sees follows from it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// The name in PostgreSQL and on the device.
    pub name: String,
    /// What it means, for readers of the generated code.
    pub doc: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// May it be NULL in PostgreSQL?
    pub nullable: bool,
    /// What the column is for.
    pub role: Role,
    /// What fills it when nothing is given.
    pub default: Option<DefaultValue>,
    /// The row it points at.
    pub references: Option<Reference>,
    /// The longest text, in characters.
    pub max_length: Option<u32>,
    /// A PostgreSQL condition on it.
    pub check: Option<String>,
    /// The server writes it, devices only read it.
    pub read_only: bool,
    /// Set by the first write, never changed after.
    pub immutable: bool,
    /// Never leaves PostgreSQL.
    pub server_only: bool,
    /// A timestamp that may be uploaded as a number of this unit.
    pub unit: Option<Unit>,
    /// The name before this one.
    pub renamed_from: Option<String>,
    /// The column whose type change this one is.
    pub replaces: Option<String>,
    /// The column that this one's values have gone to, where both live until the change is
    /// contracted: old devices know this one, new ones the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
    /// It takes the place of a former column that is still there: servers that know the other one
    /// alone may still run, and insert rows without this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expanding: bool,
    /// Where the source declares it.
    #[serde(skip)]
    pub place: Place,
}

impl Column {
    /// A column with nothing said of it.
    pub fn new(name: impl Into<String>, scalar: Scalar, nullable: bool, role: Role) -> Self {
        Self {
            name: name.into(),
            doc: None,
            ty: ColumnType::scalar(scalar),
            nullable,
            role,
            default: None,
            references: None,
            max_length: None,
            check: None,
            read_only: false,
            immutable: false,
            server_only: false,
            unit: None,
            renamed_from: None,
            replaces: None,
            former: None,
            expanding: false,
            place: Place::NOWHERE,
        }
    }

    /// The column as PostgreSQL holds it. Until its change is contracted it may be NULL and has no
    /// default: what an old server leaves out is told from what somebody wrote, and filled in from
    /// the former column then.
    pub fn in_postgres(&self) -> std::borrow::Cow<'_, Self> {
        if !self.expanding {
            return std::borrow::Cow::Borrowed(self);
        }
        std::borrow::Cow::Owned(Self {
            nullable: true,
            default: None,
            ..self.clone()
        })
    }

    /// Do devices of this schema have it? Not what stays in PostgreSQL, nor what only the devices
    /// of an earlier schema know.
    pub fn on_device(&self) -> bool {
        !self.server_only && self.former.is_none()
    }

    /// Is it the name that another column had before? The source does not declare it, and what is
    /// uploaded under it is that column's.
    pub fn is_former_name(&self) -> bool {
        matches!(self.former, Some(Former::RenamedTo(_)))
    }

    /// Must the device fill it before the server will take the row?
    ///
    /// The owner comes from the token, read-only columns from the server, and a `raw` default
    /// can be computed by PostgreSQL alone: all three may be NULL in a row that is only local.
    pub fn nullable_on_device(&self) -> bool {
        self.nullable
            || self.role == Role::Owner
            || self.read_only
            || matches!(self.default, Some(DefaultValue::Raw(_)))
    }

    /// The PostgreSQL condition that keeps the column's words, length and check. A former column
    /// has none: it only follows another, which has to be free to hold what its own rules allow.
    pub fn condition(&self) -> Option<String> {
        if self.former.is_some() {
            return None;
        }
        let name = names::quote_sql(&self.name);
        let words = match &self.ty.scalar {
            Scalar::Enum(it) if it.native.is_none() => {
                let list: Vec<_> = it
                    .values
                    .iter()
                    .map(|word| names::quote_text(word))
                    .collect();
                Some(format!("{name} IN ({})", list.join(", ")))
            }
            _ => None,
        };
        let length = self
            .max_length
            .map(|n| format!("char_length({name}) <= {n}"));
        let parts: Vec<_> = [words, length, self.check.clone()]
            .into_iter()
            .flatten()
            .collect();
        match parts.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(format!("({})", several.join(") AND ("))),
        }
    }

    /// Did the compiler add it, rather than the user?
    pub fn injected(&self) -> bool {
        self.role != Role::Data
    }
}

/// What became of a column that only old devices know.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Former {
    /// It has another name now, by that column's `renamed_from`.
    RenamedTo(String),
    /// A column of another type took its place, by that column's `replaces`.
    ReplacedBy(String),
}

impl Former {
    /// The column that devices of this schema have in its place.
    pub fn successor(&self) -> &str {
        match self {
            Self::RenamedTo(name) | Self::ReplacedBy(name) => name,
        }
    }
}

/// What a column is for. All but `Data` are injected where the user does not declare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The user's own.
    Data,
    /// The row's identity, made by the device.
    Id,
    /// Whose row it is, from the token.
    Owner,
    /// When the row was made.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
    /// When it was deleted, if it was.
    DeletedAt,
}

/// What fills a column that a write leaves out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultValue {
    /// A constant.
    Literal(Literal),
    /// The time of the write.
    Now,
    /// A new random UUID.
    Uuid,
    /// The device's own stable id; filled by the client only.
    Device,
    /// A PostgreSQL expression, for PostgreSQL only.
    Raw(String),
}

impl DefaultValue {
    /// Does PostgreSQL know it, rather than the device alone?
    pub fn is_servers(&self) -> bool {
        *self != Self::Device
    }
}

/// A constant of a column's type.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number, as its shortest decimal text.
    Number(String),
    /// Text, and every type that is written as text (dates, UUIDs, enum words, base64).
    Text(String),
    /// A JSON document, as compact text.
    Json(String),
    /// The elements of an array.
    Array(Vec<Literal>),
}

/// A pointer to the `id` of another table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reference {
    /// The table pointed at.
    pub table: String,
    /// The column pointed at: `id`, but for tables that import found otherwise.
    pub column: String,
    /// Does PostgreSQL enforce it, by a foreign key?
    pub enforce: bool,
    /// Is the key judged when the transaction ends? The source's always are: a device's
    /// transaction may hold a row before the row that it points at.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub deferred: bool,
    /// The foreign key's name where it is not the one of [`names::foreign_key`]; readers find such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What a delete of the row pointed at does.
    pub on_delete: OnDelete,
    /// Where the source says so.
    #[serde(skip)]
    pub place: Place,
}

fn yes() -> bool {
    true
}

/// What a delete does to the rows that point at the deleted one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The delete fails.
    #[default]
    NoAction,
    /// The delete fails at once.
    Restrict,
    /// They go too.
    Cascade,
    /// They point at nothing.
    SetNull,
}

/// The unit of a timestamp uploaded as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Milliseconds since 1970.
    Milliseconds,
    /// Seconds since 1970.
    Seconds,
}
