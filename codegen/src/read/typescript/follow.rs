//! Fetches the files that are imported, as far as something is asked of them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use syncline_schema::Diagnostic;
use syncline_schema::codes::Code;

use super::resolve::{Program, join};
use super::tsconfig::Configs;
use super::{parse, parse_all, with_stack};
use crate::read::Library;
use crate::read::text::{self, Source};

/// How many files are fetched for one group.
const MAX_FETCHED: usize = 400;

/// What a specifier without extension may stand for.
pub(in crate::read) const ENDS: &[&str] = &[
    "",
    ".ts",
    ".mts",
    ".tsx",
    ".js",
    ".mjs",
    "/index.ts",
    "/index.js",
];

/// Reads files by `read`, again and again until no import is left that it asked for; with what is
/// `inside` of the functions of the given files, where that is wanted.
///
/// # Errors
/// C001, where a file that is given cannot be parsed.
pub(in crate::read) fn read<T: Send>(
    given: &[Source],
    library: Option<Library<'_>>,
    insides: bool,
    read: impl Fn(&Program) -> T + Send,
) -> Result<T, Vec<Diagnostic>> {
    with_stack(|| read_here(given, library, insides, read)).unwrap_or_else(|why| {
        Err(vec![Diagnostic::new(
            Code::C001,
            format!("TypeScript cannot be read: {why}"),
        )])
    })
}

fn read_here<T>(
    given: &[Source],
    mut library: Option<Library<'_>>,
    insides: bool,
    read: impl Fn(&Program) -> T,
) -> Result<T, Vec<Diagnostic>> {
    let mut modules = parse_all(given, insides)?;
    let mut links: HashMap<(usize, String), usize> = HashMap::new();
    let mut configs = Configs::default();
    let mut asked = HashSet::new();
    loop {
        let program = Program::new(modules, links);
        let result = read(&program);
        let (known, known_links, wanted) = program.into_parts();
        (modules, links) = (known, known_links);
        let Some(library) = &mut library else {
            return Ok(result);
        };
        let before = links.len();
        for (from, specifier) in wanted {
            if !asked.insert((from, specifier.clone())) || modules.len() > MAX_FETCHED {
                continue;
            }
            let Some(importer) = modules.get(from).map(|it| it.path.clone()) else {
                continue;
            };
            let mut bases = configs.candidates(library.files, &importer, &specifier);
            if specifier.starts_with('.') {
                bases = vec![join(&importer, &specifier)];
            }
            let path_of = |path: &str| modules.iter().position(|it| it.path == path);
            let tries = bases.iter().flat_map(|base| {
                let stem = stem(base);
                ENDS.iter().map(move |end| format!("{stem}{end}"))
            });
            for path in tries {
                if let Some(at) = path_of(&path) {
                    links.insert((from, specifier), at);
                    break;
                }
                let Some(source) = fetch(library, &path) else {
                    continue;
                };
                if let Ok(mut module) = parse(&source, false) {
                    module.given = false;
                    links.insert((from, specifier), modules.len());
                    modules.push(module);
                }
                break;
            }
        }
        if links.len() == before {
            return Ok(result);
        }
    }
}

/// A specifier without the extension that it has in the output.
pub(in crate::read) fn stem(path: &str) -> &str {
    let stem = [".js", ".mjs", ".mts", ".tsx", ".ts"];
    stem.iter()
        .find_map(|end| path.strip_suffix(end))
        .unwrap_or(path)
}

fn fetch(library: &mut Library<'_>, path: &str) -> Option<Source> {
    let bytes = library.files.read(Path::new(path)).ok()?;
    text::add(library.sources, Path::new(path), &bytes).ok()
}
