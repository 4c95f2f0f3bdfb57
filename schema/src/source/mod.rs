//! The TOML front end: files in, `(Schema, Diagnostics)` out. It never fails: what cannot be
//! read is reported and left out, and the rest is read on.

pub mod editor;
pub mod format;
pub mod grammar;

mod column;
mod constraints;
mod default;
mod limits;
mod node;
mod settings;
mod stream;
mod table;
mod type_name;

pub use type_name::{TYPE_NAMES, TypeError, parse_type};

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use self::node::Fields;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Removed, Schema};
use crate::place::{FileId, Place, Sources};

/// Where source files come from: a folder for the command line, memory for tests.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;

    /// The files that match a glob, sorted.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    fn glob(&self, pattern: &str) -> Result<Vec<PathBuf>, String>;
}

/// A schema as it was read, with everything that there is to say of it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The schema, complete only where `diagnostics` has no error.
    pub schema: Schema,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// The files, for drawing places.
    pub sources: Sources,
}

/// Reads the source at `root` and the files that it includes.
pub fn load(files: &impl Files, root: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    read_file(files, root, None, &mut Seen::default(), &mut loaded);
    crate::validate::validate(&loaded.schema, &mut loaded.diagnostics);
    leave_out_echoes(&mut loaded);
    crate::suppress::apply(&mut loaded.diagnostics, &loaded.schema, &loaded.sources);
    loaded.diagnostics.sort();
    loaded
}

/// Reads one text as the whole source; for tests and for readers of generated sources.
pub fn load_str(text: &str) -> Loaded {
    struct One<'a>(&'a str);
    impl Files for One<'_> {
        fn read(&self, _: &Path) -> Result<Vec<u8>, String> {
            Ok(self.0.as_bytes().to_vec())
        }
        fn glob(&self, _: &str) -> Result<Vec<PathBuf>, String> {
            Ok(Vec::new())
        }
    }
    load(&One(text), Path::new("syncline.toml"))
}

/// What files before this one declared: names and where.
#[derive(Default)]
struct Seen {
    tables: BTreeMap<String, Place>,
    streams: BTreeMap<String, Place>,
}

/// Where a file is not valid TOML, a part of it was not read. What then seems to be missing, or
/// is odd on the very line that could not be read, is the same mistake said again.
fn leave_out_echoes(loaded: &mut Loaded) {
    let Loaded {
        diagnostics,
        sources,
        ..
    } = loaded;
    let line = |found: &Diagnostic| {
        let at = found.place();
        Some((at.file()?, sources.locate(at)?.line))
    };
    let syntax = |found: &&Diagnostic| found.code == Code::S001;
    let broken: BTreeSet<_> = diagnostics.iter().filter(syntax).map(line).collect();
    if broken.is_empty() {
        return;
    }
    diagnostics.retain(|found| {
        let missing = matches!(
            found.code,
            Code::S011 | Code::S013 | Code::S029 | Code::S031 | Code::L005 | Code::L006
        );
        found.code == Code::S001 || !(missing || broken.contains(&line(found)))
    });
}

/// Reads a file into `loaded`. `included_at` is none for the root.
fn read_file(
    files: &impl Files,
    path: &Path,
    included_at: Option<Place>,
    seen: &mut Seen,
    loaded: &mut Loaded,
) {
    let at = included_at.unwrap_or(Place::NOWHERE);
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(why) => {
            let message = format!("cannot read {}: {why}", path.display());
            return loaded
                .diagnostics
                .push(Diagnostic::new(Code::S018, message).at(at, ""));
        }
    };
    let text = match limits::text_of(bytes, path) {
        Ok(text) => text,
        Err(problem) => return loaded.diagnostics.push(problem),
    };
    let file = loaded.sources.add(path, text.clone());
    if let Err(problem) = limits::check(&text, file) {
        return loaded.diagnostics.push(problem);
    }
    let (table, errors) = DeTable::parse_recoverable(&text);
    report_syntax(&errors, &text, file, &mut loaded.diagnostics);
    let root = Fields::new(file, table.get_ref(), 0..text.len().min(1));
    root.check(&grammar::ROOT, &mut loaded.diagnostics);
    read_root(root, included_at.is_none(), seen, loaded);
    if included_at.is_none() {
        read_includes(files, path, root, seen, loaded);
    }
}

/// TOML's own errors, at most so many: past the first few they echo each other.
const SYNTAX_ERRORS_SHOWN: usize = 10;

fn report_syntax(errors: &[toml::de::Error], text: &str, file: FileId, out: &mut Diagnostics) {
    for error in errors.iter().take(SYNTAX_ERRORS_SHOWN) {
        let span = error.span();
        let at = span.clone().and_then(|span| text.get(span));
        let bare = at.filter(|it| it.starts_with(char::is_alphabetic) && !it.contains(['\n', '"']));
        let value = bare.filter(|_| error.message().starts_with("invalid"));
        let place = span.map_or(Place::NOWHERE, |span| Place::new(file, span));
        let message = error.message().trim_end().replace('\n', "; ");
        out.push(
            Diagnostic::new(Code::S001, format!("not valid TOML: {message}"))
                .at(place, "")
                .help_opt(value.map(|word| format!("text stands in quotes: \"{word}\""))),
        );
    }
}

fn read_root(root: Fields<'_>, is_root: bool, seen: &mut Seen, loaded: &mut Loaded) {
    let Loaded {
        schema,
        diagnostics,
        ..
    } = loaded;
    if is_root {
        settings::read(root, &mut schema.settings, diagnostics);
        schema.settings.defaults = settings::defaults(root, diagnostics);
    } else {
        for (name, place, _) in root.entries() {
            if !["tables", "streams", "removed_tables"].contains(&name) {
                diagnostics.push(
                    Diagnostic::new(
                        Code::S025,
                        format!("`{name}` belongs into the main source file"),
                    )
                    .at(
                        place,
                        "an included file holds tables, streams and removed_tables",
                    ),
                );
            }
        }
    }
    for (name, place, node) in root.table("tables").into_iter().flat_map(Fields::entries) {
        let Some(fields) = node.table() else { continue };
        if let Some(first) = seen.tables.get(name) {
            diagnostics.push(
                Diagnostic::new(Code::S020, format!("table `{name}` is declared twice"))
                    .at(place, "declared again here")
                    .at(*first, "first declared here"),
            );
            continue;
        }
        seen.tables.insert(name.to_owned(), place);
        let table = table::read(name, place, fields, &schema.settings.defaults, diagnostics);
        schema.tables.push(table);
    }
    for (name, place, node) in root.table("streams").into_iter().flat_map(Fields::entries) {
        let Some(fields) = node.table() else { continue };
        if let Some(first) = seen.streams.get(name) {
            diagnostics.push(
                Diagnostic::new(Code::S020, format!("stream `{name}` is declared twice"))
                    .at(place, "declared again here")
                    .at(*first, "first declared here"),
            );
            continue;
        }
        seen.streams.insert(name.to_owned(), place);
        schema
            .streams
            .push(stream::read(name, place, fields, diagnostics));
    }
    let removed = root.table("removed_tables");
    schema.removed_tables.extend(
        removed
            .into_iter()
            .flat_map(|it| read_removed(it, diagnostics)),
    );
    if is_root && schema.settings.sync.sync_rejections {
        let rejections = table::sync_rejections(&schema.settings.defaults);
        match schema.table(&rejections.name) {
            Some(first) => diagnostics.push(
                Diagnostic::new(Code::S020, "table `sync_rejections` is declared twice")
                    .at(first.place, "declared here")
                    .help("`sync.sync_rejections = true` adds the table: take yours out, or switch the option off"),
            ),
            None => {
                seen.tables.insert(rejections.name.clone(), Place::NOWHERE);
                schema.tables.push(rejections);
            }
        }
    }
}

fn read_includes(
    files: &impl Files,
    root_path: &Path,
    root: Fields<'_>,
    seen: &mut Seen,
    loaded: &mut Loaded,
) {
    let mut read = BTreeSet::from([root_path.to_owned()]);
    for pattern in root.texts("include") {
        match files.glob(&pattern.value) {
            Err(why) => loaded.diagnostics.push(
                Diagnostic::new(
                    Code::S018,
                    format!("cannot include \"{}\": {why}", pattern.value),
                )
                .at(pattern.place, ""),
            ),
            Ok(paths) if paths.is_empty() => loaded.diagnostics.push(
                Diagnostic::new(Code::S018, format!("no file matches \"{}\"", pattern.value))
                    .at(pattern.place, "matches nothing"),
            ),
            Ok(paths) => {
                for path in paths {
                    if read.insert(path.clone()) {
                        read_file(files, &path, Some(pattern.place), seen, loaded);
                    }
                }
            }
        }
    }
}

/// Names that are gone, with the day.
fn read_removed(fields: Fields<'_>, out: &mut Diagnostics) -> Vec<Removed> {
    let mut list = Vec::new();
    for (name, place, node) in fields.entries() {
        let Some(date) = node.text() else { continue };
        if !is_date(date) {
            out.push(
                Diagnostic::new(Code::S017, format!("\"{date}\" is not a day"))
                    .at(node.place, "takes YYYY-MM-DD"),
            );
        }
        list.push(Removed {
            name: name.to_owned(),
            date: date.to_owned(),
            place,
        });
    }
    list
}

fn is_date(text: &str) -> bool {
    default::date(text)
}
