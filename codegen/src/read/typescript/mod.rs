//! TypeScript, as far as subjects are made of it. In: the text of files. Out: a [`resolve::Program`]
//! that says what a name or a call stands for, across the files and what they import.
//!
//! `limits` bounds what the parser gets, `lower` cuts its tree down to `syntax`, `module` holds
//! one file, `follow` fetches what is imported.

pub(in crate::read) mod follow;
pub(in crate::read) mod limits;
pub(in crate::read) mod lower;
pub(in crate::read) mod module;
pub(in crate::read) mod resolve;
pub(in crate::read) mod syntax;
mod tsconfig;
pub(in crate::read) mod walk;

use syncline_schema::codes::Code;
use syncline_schema::{Diagnostic, Place};

use self::module::Module;
use crate::read::text::Source;

/// How much stack the parser gets, in bytes; only what is used is ever mapped. Several times what
/// the deepest text needs that [`limits`] lets through.
const STACK: usize = 256 * 1024 * 1024;

thread_local! {
    /// Has this thread a stack of [`STACK`]?
    static ROOMY: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs the parser where it has room: a stack overflow cannot be caught. Where there is room
/// already, it runs in place: a thread of its own begins with memory of its own, too.
///
/// # Errors
/// No thread could be had, or the parser failed.
pub(in crate::read) fn with_stack<T: Send>(parse: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    if ROOMY.get() {
        return Ok(parse());
    }
    let parse = || {
        ROOMY.set(true);
        parse()
    };
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, parse)?;
        thread
            .join()
            .map_err(|_| std::io::Error::other("the parser failed"))
    })
}

/// Parses files that are given. Call it within [`with_stack`].
///
/// # Errors
/// C001 for each file that is nested too deep, and for each syntax error.
pub(in crate::read) fn parse_all(
    files: &[Source],
    insides: bool,
) -> Result<Vec<Module>, Vec<Diagnostic>> {
    let mut modules = Vec::new();
    let mut problems = Vec::new();
    for source in files {
        match parse(source, insides) {
            Ok(module) => modules.push(module),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(modules)
    } else {
        Err(problems)
    }
}

/// Parses one file, after the scan for its depth.
///
/// # Errors
/// C001, as [`parse_all`].
pub(in crate::read) fn parse(source: &Source, insides: bool) -> Result<Module, Vec<Diagnostic>> {
    if let Err(at) = limits::check(&source.text) {
        let message = format!("cannot read {}: it is nested too deep", source.path);
        let place = Place::new(source.file, at.saturating_sub(1)..at);
        return Err(vec![
            Diagnostic::new(Code::C001, message)
                .at(place, "too much is open here")
                .help("is this a schema file? Hand-written ones nest some ten levels deep"),
        ]);
    }
    module::parse(source, insides)
}
