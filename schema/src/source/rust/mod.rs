//! The Rust front end: structs with `#[derive(SyncTable)]` and `#[sync(…)]`.
//!
//! In: `syn` items. Out: the tree that TOML would have given, so that options, defaults,
//! injection and constraints are those of the TOML front end. The macro calls [`table`] and
//! [`words`] with the one item that it sees; the command line reads whole files.
//!
//! `[defaults]` does not hold for structs: the macro, which sees one struct and no file, has to
//! come to the same table.

mod attribute;
mod field_type;
#[cfg(feature = "rust-files")]
mod file;
mod item;
#[cfg(feature = "rust-files")]
mod limits;
#[cfg(feature = "rust-files")]
mod module;
mod options;
mod spans;
mod words;

#[cfg(feature = "rust-files")]
pub(super) use file::read as read_files;
pub use item::Held;
pub use spans::Spans;
pub use words::{Variant, Words, read as words};

use syn::DeriveInput;

use self::item::Lookup;
use super::grammar;
use super::node::Node;
use crate::diagnostic::Diagnostics;
use crate::model::{Defaults, Schema, Table};
use crate::place::Spanned;

/// A struct and its table.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The table. Words that only the compiler knows are not in it: see [`Held::words`].
    pub table: Table,
    /// The struct's fields.
    pub fields: Vec<Held>,
    /// The path of the runtime crate, where it is said.
    pub runtime: Option<Spanned<String>>,
}

/// Reads one struct on its own: what takes other tables to judge is left to the command line.
pub fn table(item: &DeriveInput, spans: &Spans, out: &mut Diagnostics) -> Option<Derived> {
    let mut derived = resolve(item, &|_| Ok(None), spans, out)?;
    let schema = Schema {
        tables: vec![derived.table.clone()],
        ..Schema::default()
    };
    crate::validate::alone(&schema, out);
    derived.table.expand();
    Some(derived)
}

/// Reads one struct, without the rules of [`crate::validate`].
fn resolve(
    item: &DeriveInput,
    lookup: Lookup<'_>,
    spans: &Spans,
    out: &mut Diagnostics,
) -> Option<Derived> {
    let declared = item::read(item, lookup, spans, out)?;
    let node = Node::new(&declared.tree);
    let fields = node.table()?;
    fields.check(&grammar::TABLE, out);
    let name = &declared.name;
    let table = super::table::read(&name.value, name.place, fields, &Defaults::default(), out);
    Some(Derived {
        table,
        fields: declared.fields,
        runtime: declared.runtime,
    })
}
