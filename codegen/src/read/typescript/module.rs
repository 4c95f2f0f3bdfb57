//! One file: what its names stand for, what it exports, and which expressions are in it.

use std::collections::HashMap;
use std::sync::Arc;

use oxc_allocator::Allocator;
use oxc_ast::ast;
use oxc_parser::Parser;
use oxc_span::SourceType;
use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, FileId, Place};

use super::lower;
use super::syntax::{Expr, Function, Kind};
use crate::read::text::Source;

/// A parsed file.
#[derive(Debug)]
pub(in crate::read) struct Module {
    pub(in crate::read) file: FileId,
    /// Folders and name, for imports between files.
    pub(in crate::read) path: String,
    /// Is it one of the files that were named, rather than imported by one?
    pub(in crate::read) given: bool,
    pub(in crate::read) text: Arc<str>,
    /// Names of the top level.
    pub(in crate::read) names: HashMap<String, Binding>,
    /// Exported name to local name or to what another file exports.
    pub(in crate::read) exports: HashMap<String, Export>,
    /// `export * from "…"`, with the place of the specifier.
    pub(in crate::read) stars: Vec<(String, Place)>,
    /// Constants that are declared, in order.
    pub(in crate::read) declared: Vec<String>,
    /// Expressions under no name.
    pub(in crate::read) loose: Vec<Expr>,
    /// The first import from Drizzle.
    pub(in crate::read) anchor: Option<Place>,
    /// What was asked for of the insides of functions.
    pub(in crate::read) inside: Inside,
}

/// What stands inside of functions: of hand-written code, where that matters.
#[derive(Debug, Default)]
pub(in crate::read) struct Inside {
    /// Names that one declaration gives a value to; none where several do.
    pub(in crate::read) names: HashMap<String, Option<Expr>>,
    /// Calls of `.complete()` where an error was caught.
    pub(in crate::read) completes: Vec<std::ops::Range<usize>>,
    /// Is `.complete()` called at all?
    pub(in crate::read) is_connector: bool,
}

/// What a name of the top level stands for.
#[derive(Debug)]
pub(in crate::read) enum Binding {
    Constant(Expr),
    /// `import { name } from "source"`; `default` for a default import.
    Import {
        source: String,
        name: String,
    },
    /// `import * as x from "source"`
    Namespace {
        source: String,
    },
}

/// What an exported name stands for.
#[derive(Debug)]
pub(in crate::read) enum Export {
    Local(String),
    From { source: String, name: String },
}

/// How many syntax errors of a file are shown: past the first few they echo each other.
const ERRORS_SHOWN: usize = 5;

/// Parses a file.
///
/// # Errors
/// C001 for each syntax error.
pub(in crate::read) fn parse(source: &Source, insides: bool) -> Result<Module, Vec<Diagnostic>> {
    let Source { file, path, text } = source;
    let allocator = Allocator::default();
    // A `<T>` before an expression is a type in one, an element in the other.
    let kind = if path.ends_with("x") {
        SourceType::tsx()
    } else {
        SourceType::ts()
    };
    let parsed = Parser::new(&allocator, text, kind).parse();
    let errors: Vec<_> = parsed
        .diagnostics
        .errors()
        .take(ERRORS_SHOWN)
        .map(|error| {
            let label = error.labels.first();
            let at = label.map_or(Place::NOWHERE, |label| {
                let start = label.offset() as usize;
                Place::new(*file, start..start + label.len() as usize)
            });
            let message = error.message.trim_end_matches('.');
            Diagnostic::new(
                Code::C001,
                format!("{path} is not valid TypeScript: {message}"),
            )
            .at(at, "")
        })
        .collect();
    if !errors.is_empty() || parsed.panicked {
        return Err(errors);
    }
    let mut module = Module {
        file: *file,
        path: path.clone(),
        given: true,
        text: text.clone(),
        names: HashMap::new(),
        exports: HashMap::new(),
        stars: Vec::new(),
        declared: Vec::new(),
        loose: Vec::new(),
        anchor: None,
        inside: Inside::default(),
    };
    if insides {
        module.inside = lower::inside(&parsed.program);
    }
    for statement in &parsed.program.body {
        module.statement(statement);
    }
    Ok(module)
}

/// Drizzle's column packages; `None` for any other specifier.
pub(in crate::read) fn is_drizzle(source: &str) -> bool {
    source == "drizzle-orm" || source.starts_with("drizzle-orm/")
}

impl Module {
    /// The place of a range of this file.
    pub(in crate::read) fn place(&self, span: &std::ops::Range<usize>) -> Place {
        Place::new(self.file, span.clone())
    }

    fn statement(&mut self, statement: &ast::Statement<'_>) {
        use ast::Statement as S;
        match statement {
            S::ImportDeclaration(it) => self.import(it),
            S::ExportDeclaration(it) => {
                let names = self.declaration(&it.declaration);
                for name in names {
                    self.exports.insert(name.clone(), Export::Local(name));
                }
            }
            S::ExportNamedDeclaration(it) => {
                for one in &it.specifiers {
                    let local = Export::Local(one.local.name().to_string());
                    self.exports.insert(one.exported.name().to_string(), local);
                }
            }
            S::ExportFromDeclaration(it) => {
                for one in &it.specifiers {
                    let from = Export::From {
                        source: it.source.value.to_string(),
                        name: one.local.name().to_string(),
                    };
                    self.exports.insert(one.exported.name().to_string(), from);
                }
            }
            S::ExportAllDeclaration(it) => {
                if it.exported.is_none() && it.export_kind.is_value() {
                    let span = it.source.span.start as usize..it.source.span.end as usize;
                    self.stars
                        .push((it.source.value.to_string(), self.place(&span)));
                }
            }
            S::ExportDefaultDeclaration(it) => {
                if let Some(value) = it.declaration.as_expression() {
                    self.declare("default".to_owned(), lower::expression(value));
                    let local = Export::Local("default".to_owned());
                    self.exports.insert("default".to_owned(), local);
                }
            }
            S::VariableDeclaration(_) | S::FunctionDeclaration(_) => {
                statement.as_declaration().map(|it| self.declaration(it));
            }
            other => self.loose.extend(lower::loose(other)),
        }
    }

    fn import(&mut self, it: &ast::ImportDeclaration<'_>) {
        if it.import_kind.is_type() {
            return;
        }
        let source = it.source.value.to_string();
        if self.anchor.is_none() && is_drizzle(&source) {
            let span = it.source.span.start as usize..it.source.span.end as usize;
            self.anchor = Some(self.place(&span));
        }
        for one in it.specifiers.iter().flatten() {
            let source = source.clone();
            let (local, binding) = match one {
                ast::ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    let name = it.imported.name().to_string();
                    (&it.local, Binding::Import { source, name })
                }
                ast::ImportDeclarationSpecifier::ImportDefaultSpecifier(it) => {
                    let name = "default".to_owned();
                    (&it.local, Binding::Import { source, name })
                }
                ast::ImportDeclarationSpecifier::ImportNamespaceSpecifier(it) => {
                    (&it.local, Binding::Namespace { source })
                }
            };
            self.names.insert(local.name.to_string(), binding);
        }
    }

    /// Takes the names that a declaration makes.
    fn declaration(&mut self, declaration: &ast::Declaration<'_>) -> Vec<String> {
        match declaration {
            ast::Declaration::VariableDeclaration(it) => {
                let mut names = Vec::new();
                for one in &it.declarations {
                    let Some(value) = one.init.as_ref().map(lower::expression) else {
                        continue;
                    };
                    match &one.id {
                        ast::BindingPattern::BindingIdentifier(id) => {
                            names.push(id.name.to_string());
                            self.declare(id.name.to_string(), value);
                        }
                        _ => self.loose.push(value),
                    }
                }
                names
            }
            ast::Declaration::FunctionDeclaration(it) => {
                let Some(id) = &it.id else { return Vec::new() };
                let span = it.span.start as usize..it.span.end as usize;
                let function: Function = lower::function(it);
                let value = Expr {
                    kind: Kind::Function(Box::new(function)),
                    span,
                };
                self.declare(id.name.to_string(), value);
                vec![id.name.to_string()]
            }
            other => {
                self.loose.extend(lower::loose_in(other));
                Vec::new()
            }
        }
    }

    fn declare(&mut self, name: String, value: Expr) {
        self.declared.push(name.clone());
        self.names.insert(name, Binding::Constant(value));
    }
}
