//! Rust files, read without being compiled: the structs and enums that are ours, in the order in
//! which the modules declare them. Everything else is skipped unparsed.
//!
//! syn recurses, so the work is done on a thread with a large stack. Files are read by the
//! caller's thread, which the [`Files`] belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use syn::DeriveInput;

use super::module::{self, Found, Module};
use super::{Derived, Spans, limits, resolve, words};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Table;
use crate::place::{FileId, Place, Sources, Spanned};
use crate::source::limits::text_of;
use crate::source::{Files, Loaded};

/// What syn's recursion takes at the most, in bytes; only what is used is ever mapped.
const STACK: usize = 256 << 20;

type Answer = Result<Vec<u8>, String>;

/// Reads the tables of the files that `patterns` match, and of the modules that they declare.
pub(in crate::source) fn read(
    files: &impl Files,
    patterns: &[Spanned<String>],
    loaded: &mut Loaded,
) -> Vec<Table> {
    let mut roots = Vec::new();
    for pattern in patterns {
        let problem = match files.glob(&pattern.value) {
            Err(why) => format!("cannot read \"{}\": {why}", pattern.value),
            Ok(paths) if paths.is_empty() => format!("no file matches \"{}\"", pattern.value),
            Ok(paths) => {
                roots.extend(paths.into_iter().map(|path| (path, pattern.place)));
                continue;
            }
        };
        loaded
            .diagnostics
            .push(Diagnostic::new(Code::S018, problem).at(pattern.place, ""));
    }
    let (ask, asked) = channel();
    let (answer, answered) = channel();
    let sources = std::mem::take(&mut loaded.sources);
    let out = std::mem::take(&mut loaded.diagnostics);
    let work = move || {
        let mut reader = Reader {
            ask,
            answered,
            sources,
            out,
            read: BTreeSet::new(),
            structs: Vec::new(),
            enums: BTreeMap::new(),
        };
        for (path, place) in roots {
            reader.file(&path, Some(place));
        }
        let tables = reader.tables();
        (tables, reader.sources, reader.out)
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work);
        let thread = match thread {
            Ok(thread) => thread,
            Err(why) => {
                let message = format!("no thread to read Rust files on: {why}");
                loaded
                    .diagnostics
                    .push(Diagnostic::new(Code::S018, message));
                return Vec::new();
            }
        };
        while let Ok(path) = asked.recv() {
            let path: PathBuf = path;
            if answer.send(files.read(&path)).is_err() {
                break;
            }
        }
        let (tables, sources, out) = thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        loaded.sources = sources;
        loaded.diagnostics = out;
        tables
    })
}

struct Reader {
    ask: Sender<PathBuf>,
    answered: Receiver<Answer>,
    sources: Sources,
    out: Diagnostics,
    read: BTreeSet<PathBuf>,
    structs: Vec<(FileId, DeriveInput)>,
    /// By name: the file, and the words.
    enums: BTreeMap<String, Vec<(FileId, Vec<String>)>>,
}

impl Reader {
    fn bytes(&self, path: &Path) -> Answer {
        let gone = |_| "nobody reads".to_owned();
        self.ask
            .send(path.to_owned())
            .map_err(|_| "nobody reads".to_owned())?;
        self.answered.recv().map_err(gone)?
    }

    /// Reads a file and what it declares. `named_at` is where a pattern names it.
    fn file(&mut self, path: &Path, named_at: Option<Place>) {
        if !self.read.insert(path.to_owned()) {
            return;
        }
        match self.bytes(path) {
            Ok(bytes) => self.text(path, bytes),
            Err(why) => {
                let message = format!("cannot read {}: {why}", path.display());
                let place = named_at.unwrap_or(Place::NOWHERE);
                self.out
                    .push(Diagnostic::new(Code::S018, message).at(place, ""));
            }
        }
    }

    fn text(&mut self, path: &Path, bytes: Vec<u8>) {
        let text = match text_of(bytes, path) {
            Ok(text) => text,
            Err(problem) => return self.out.push(problem),
        };
        let file = self.sources.add(path, text.clone());
        if let Some(at) = limits::too_deep(&text) {
            let place = Place::new(file, at..at + 1);
            self.out.push(
                Diagnostic::new(Code::S019, "the source is nested too deep")
                    .at(place, "")
                    .help("name the files with your models only"),
            );
            return;
        }
        let tokens = match text.parse::<proc_macro2::TokenStream>() {
            Ok(tokens) => tokens,
            Err(error) => {
                let place = Place::new(file, error.span().byte_range());
                self.out.push(
                    Diagnostic::new(Code::S027, "the file is not Rust")
                        .at(place, "not from here on"),
                );
                return;
            }
        };
        for found in module::items(tokens) {
            self.found(found, path, file);
        }
    }

    fn found(&mut self, found: Found, path: &Path, file: FileId) {
        match found {
            Found::Module(module) => self.module(&module, path, file),
            Found::Table(tokens) => {
                if let Some(item) = self.parse(tokens, file) {
                    self.structs.push((file, item));
                }
            }
            Found::Words(tokens) => {
                let Some(item) = self.parse(tokens, file) else {
                    return;
                };
                if let Some(it) = words::read(&item, &Spans::File(file), &mut self.out) {
                    let list = it.variants.into_iter().map(|variant| variant.word);
                    let known = self.enums.entry(it.ident.to_string()).or_default();
                    known.push((file, list.collect()));
                }
            }
        }
    }

    fn parse(&mut self, tokens: proc_macro2::TokenStream, file: FileId) -> Option<DeriveInput> {
        let spans = Spans::File(file);
        if !limits::is_flat(tokens.clone()) {
            let place = spans.of_tokens(tokens, proc_macro2::Span::call_site());
            self.out
                .push(Diagnostic::new(Code::S019, "the item is nested too deep").at(place, ""));
            return None;
        }
        match syn::parse2(tokens) {
            Ok(item) => Some(item),
            Err(error) => {
                let place = spans.of(error.span());
                self.out.push(
                    Diagnostic::new(Code::S027, format!("not valid Rust: {error}")).at(place, ""),
                );
                None
            }
        }
    }

    /// Reads the file of `mod name;`. One that is not there is only missed where no `cfg` may
    /// leave it out.
    fn module(&mut self, module: &Module, path: &Path, file: FileId) {
        let candidates = module.files(path);
        if candidates.iter().any(|it| self.read.contains(it)) {
            return;
        }
        for candidate in &candidates {
            if let Ok(bytes) = self.bytes(candidate) {
                self.read.insert(candidate.clone());
                return self.text(candidate, bytes);
            }
        }
        if !module.conditional {
            let shown: Vec<_> = candidates
                .iter()
                .map(|it| it.display().to_string())
                .collect();
            self.out.push(
                Diagnostic::new(
                    Code::S018,
                    format!("there is no file for module `{}`", module.name),
                )
                .at(Spans::File(file).of(module.name.span()), "")
                .help(format!("looked for {}", shown.join(" and "))),
            );
        }
    }

    /// The tables, now that all enums are known.
    fn tables(&mut self) -> Vec<Table> {
        let structs = std::mem::take(&mut self.structs);
        let enums = &self.enums;
        let mut tables = Vec::with_capacity(structs.len());
        for (file, item) in &structs {
            let lookup = |ident: &proc_macro2::Ident| words_of(enums, *file, ident).map(Some);
            let derived = resolve(item, &lookup, &Spans::File(*file), &mut self.out);
            tables.extend(derived.map(|Derived { table, .. }| table));
        }
        tables
    }
}

/// The words of the enum that a field in `file` names.
fn words_of(
    enums: &BTreeMap<String, Vec<(FileId, Vec<String>)>>,
    file: FileId,
    ident: &proc_macro2::Ident,
) -> Result<Vec<String>, Diagnostic> {
    let name = ident.to_string();
    let known = enums.get(&name).map(Vec::as_slice).unwrap_or_default();
    let here = known.iter().find(|(at, _)| *at == file);
    let same = known.windows(2).all(|pair| pair[0].1 == pair[1].1);
    match (here, known.first()) {
        (Some((_, words)), _) => Ok(words.clone()),
        (None, Some((_, words))) if same => Ok(words.clone()),
        (None, Some(_)) => Err(
            Diagnostic::new(Code::S004, format!("there are several enums `{name}`"))
                .help("give them names of their own, or say #[sync(values = [\"…\"])]"),
        ),
        (None, None) => Err(
            Diagnostic::new(Code::S004, format!("there is no type `{name}`"))
                .help(format!(
                    "put #[derive(SyncEnum)] on the enum `{name}`, in one of the files under [source], or say what the column holds: #[sync(type = \"text\")]"
                )),
        ),
    }
}
