//! Path aliases: `paths` and `baseUrl` of the `tsconfig.json` in the folder of a file or above it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use syncline_schema::{FileId, Files};

use super::module::Binding;
use super::resolve::join;
use super::syntax::{Entry, Expr, Kind};
use super::{parse, with_stack};
use crate::read::text::Source;

/// What one `tsconfig.json` says of paths.
#[derive(Clone, Debug, Default)]
struct Config {
    /// Pattern and what it stands for, as paths of their own.
    paths: Vec<(String, Vec<String>)>,
    base: Option<String>,
}

/// The configurations of a run, by folder.
#[derive(Debug, Default)]
pub(super) struct Configs {
    by_folder: HashMap<String, Option<Config>>,
}

/// How many configurations may extend each other.
const MAX_EXTENDS: usize = 5;

impl Configs {
    /// The paths, without extension, that a specifier of a file may mean by an alias.
    pub(super) fn candidates(
        &mut self,
        files: &dyn Files,
        importer: &str,
        specifier: &str,
    ) -> Vec<String> {
        let mut folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            let known = self
                .by_folder
                .entry(folder.to_owned())
                .or_insert_with(|| read(files, &beside(folder, "tsconfig.json"), MAX_EXTENDS));
            if let Some(config) = known {
                return config.candidates(specifier);
            }
            match folder.rsplit_once('/') {
                Some((above, last)) if last != ".." => folder = above,
                None if !folder.is_empty() && folder != ".." => folder = "",
                _ => return Vec::new(),
            }
        }
    }
}

impl Config {
    fn candidates(&self, specifier: &str) -> Vec<String> {
        for (pattern, targets) in &self.paths {
            let rest = match pattern.split_once('*') {
                Some((before, after)) => specifier
                    .strip_prefix(before)
                    .and_then(|rest| rest.strip_suffix(after)),
                None => (pattern == specifier).then_some(""),
            };
            if let Some(rest) = rest {
                return targets
                    .iter()
                    .map(|target| target.replacen('*', rest, 1))
                    .collect();
            }
        }
        let base = self.base.iter();
        base.map(|base| beside(base, specifier)).collect()
    }
}

fn beside(folder: &str, name: &str) -> String {
    let before = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    join(&before, name)
}

fn read(files: &dyn Files, path: &str, extends: usize) -> Option<Config> {
    let bytes = files.read(Path::new(path)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    // JSON with comments and trailing commas is an expression of TypeScript.
    let source = Source {
        file: FileId(u32::MAX),
        path: path.to_owned(),
        text: Arc::from(format!("export default {text}")),
    };
    let module = with_stack(|| parse(&source, false)).ok()?.ok()?;
    let Some(Binding::Constant(root)) = module.names.get("default") else {
        return None;
    };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut config = match field(root, "extends").and_then(text_of) {
        Some(other) if extends > 0 && other.starts_with('.') => {
            let other = beside(folder, other);
            let with_end = format!("{}.json", other.trim_end_matches(".json"));
            read(files, &with_end, extends - 1).unwrap_or_default()
        }
        _ => Config::default(),
    };
    let Some(options) = field(root, "compilerOptions") else {
        return Some(config);
    };
    if let Some(base) = field(options, "baseUrl").and_then(text_of) {
        config.base = Some(beside(folder, base));
    }
    let base = config.base.clone().unwrap_or_else(|| folder.to_owned());
    if let Some(Kind::Object(entries)) = field(options, "paths").map(|it| &it.kind) {
        config.paths = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Field { key, value, .. } => Some((key.clone(), targets(value, &base))),
                _ => None,
            })
            .collect();
    }
    Some(config)
}

fn targets(value: &Expr, base: &str) -> Vec<String> {
    let Kind::Array(items) = &value.kind else {
        return Vec::new();
    };
    let texts = items.iter().filter_map(text_of);
    texts.map(|target| beside(base, target)).collect()
}

fn field<'e>(object: &'e Expr, name: &str) -> Option<&'e Expr> {
    let Kind::Object(entries) = &object.kind else {
        return None;
    };
    entries.iter().find_map(|entry| match entry {
        Entry::Field { key, value, .. } if key == name => Some(value),
        _ => None,
    })
}

fn text_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}
