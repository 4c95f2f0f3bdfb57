//! From the main source file to the whole schema: its includes, its Rust files, the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::node::{Fields, Node};
use super::{
    Files, Loaded, grammar, limits, rejections, removed, settings, stream, table, toml_text,
};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::place::Place;

/// Reads the source at `root` and the files that it includes.
pub fn load(files: &impl Files, root: &Path) -> Loaded {
    let mut loaded = Loaded::default();
    read_file(files, root, None, &mut Seen::default(), &mut loaded);
    crate::validate::validate(&loaded.schema, &mut loaded.diagnostics);
    loaded.schema.expand();
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

/// Where a file, or a part of it, could not be read, what then seems to be missing is the same
/// mistake said again; so is what is odd on the very line that is not valid TOML.
fn leave_out_echoes(loaded: &mut Loaded) {
    let Loaded {
        diagnostics,
        sources,
        ..
    } = loaded;
    let unread = |code| matches!(code, Code::S001 | Code::S018 | Code::S019 | Code::S027);
    if !diagnostics.iter().any(|found| unread(found.code)) {
        return;
    }
    let line = |found: &Diagnostic| {
        let at = found.place();
        Some((at.file()?, sources.locate(at)?.line))
    };
    let syntax = |found: &&Diagnostic| found.code == Code::S001;
    let broken: BTreeSet<_> = diagnostics.iter().filter(syntax).map(line).collect();
    diagnostics.retain(|found| {
        let missing = matches!(
            found.code,
            Code::S011 | Code::S013 | Code::S029 | Code::S031 | Code::L005 | Code::L006
        );
        unread(found.code) || !(missing || broken.contains(&line(found)))
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
    let tree = toml_text::parse(&text, file, &mut loaded.diagnostics);
    let Some(root) = Node::new(&tree).table() else {
        return;
    };
    root.check(&grammar::ROOT, &mut loaded.diagnostics);
    read_root(root, included_at.is_none(), seen, loaded);
    if included_at.is_none() {
        read_includes(files, path, root, seen, loaded);
        read_rust(files, root, seen, loaded);
        add_rejections(loaded);
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
            diagnostics.push(declared_twice(name, place, *first));
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
            .flat_map(|it| removed::read(it, diagnostics)),
    );
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

/// The tables of `[source] rust`.
#[cfg(feature = "rust-files")]
fn read_rust(files: &impl Files, root: Fields<'_>, seen: &mut Seen, loaded: &mut Loaded) {
    let Some(source) = root.table("source") else {
        return;
    };
    for table in super::rust::read_files(files, &source.texts("rust"), loaded) {
        match seen.tables.get(&table.name) {
            Some(first) => {
                loaded
                    .diagnostics
                    .push(declared_twice(&table.name, table.place, *first))
            }
            None => {
                seen.tables.insert(table.name.clone(), table.place);
                loaded.schema.tables.push(table);
            }
        }
    }
}

#[cfg(not(feature = "rust-files"))]
fn read_rust(_: &impl Files, root: Fields<'_>, _: &mut Seen, loaded: &mut Loaded) {
    if let Some(node) = root.table("source").and_then(|it| it.get("rust")) {
        loaded.diagnostics.push(
            Diagnostic::new(Code::S025, "`rust` has no meaning here")
                .at(node.place, "this build reads no Rust files"),
        );
    }
}

/// The table of `[sync] sync_rejections`.
fn add_rejections(loaded: &mut Loaded) {
    let schema = &mut loaded.schema;
    if !schema.settings.sync.sync_rejections {
        return;
    }
    let rejections = rejections::table(&schema.settings.defaults);
    match schema.table(&rejections.name) {
        Some(first) => loaded.diagnostics.push(
            Diagnostic::new(Code::S020, "table `sync_rejections` is declared twice")
                .at(first.place, "declared here")
                .help("`sync.sync_rejections = true` adds the table: take yours out, or switch the option off"),
        ),
        None => schema.tables.push(rejections),
    }
}

fn declared_twice(name: &str, again: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::S020, format!("table `{name}` is declared twice"))
        .at(again, "declared again here")
        .at(first, "first declared here")
}
