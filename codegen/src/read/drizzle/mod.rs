//! The reader of Drizzle files. In: the files of one side, as far as they are given. Out: their
//! tables and columns with the types that the builders stand for.
//!
//! Followed: `sqliteTable`, `pgTable`, `pgSchema(…).table` and table creators; aliases and
//! namespace imports; callbacks for columns; constants, spreads, and functions that return one
//! expression, also from another of the files; custom types and enums. All else is C005.
//!
//! Without the feature `read-ts` there is no TypeScript parser, and the reader says so (C001).

#[cfg(feature = "read-ts")]
mod builders;
#[cfg(feature = "read-ts")]
mod casing;
#[cfg(feature = "read-ts")]
pub(in crate::read) mod column;
#[cfg(feature = "read-ts")]
pub(in crate::read) mod default;
#[cfg(feature = "read-ts")]
mod extras;
#[cfg(feature = "read-ts")]
mod kind;
#[cfg(feature = "read-ts")]
pub(in crate::read) mod table;

use syncline_schema::Diagnostic;
use syncline_schema::codes::Code;

use super::Library;
use super::Reading;
use super::text::Source;
#[cfg(feature = "read-ts")]
use super::typescript::resolve::Program;

/// Which of Drizzle's packages the files are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `drizzle-orm/sqlite-core`: the device.
    Sqlite,
    /// `drizzle-orm/pg-core`: the server.
    Pg,
}

/// Reads a group of files, and nothing but them. Where one of them cannot be read, there are no
/// tables and the diagnostics say why: half a group would look like drift.
#[cfg(feature = "read-ts")]
pub fn read(dialect: Dialect, files: &[Source]) -> Reading {
    read_here(dialect, files, None)
}

/// [`read`], with the files that they import from.
#[cfg(feature = "read-ts")]
pub fn read_with(dialect: Dialect, files: &[Source], library: Library<'_>) -> Reading {
    read_here(dialect, files, Some(library))
}

/// Says that this build cannot read TypeScript.
#[cfg(not(feature = "read-ts"))]
pub fn read_with(dialect: Dialect, files: &[Source], _: Library<'_>) -> Reading {
    read(dialect, files)
}

/// Says that this build cannot read TypeScript.
#[cfg(not(feature = "read-ts"))]
pub fn read(_: Dialect, files: &[Source]) -> Reading {
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    let message = format!(
        "cannot read {}: this build has no TypeScript reader",
        paths.join(", ")
    );
    refused([Diagnostic::new(Code::C001, message)
        .help("build Syncline with its default features, or with `--features read-ts`")])
}

fn refused(problems: impl IntoIterator<Item = Diagnostic>) -> Reading {
    let mut reading = Reading {
        gaps: true,
        ..Reading::default()
    };
    reading.diagnostics.extend(problems);
    reading
}

#[cfg(feature = "read-ts")]
fn read_here(dialect: Dialect, files: &[Source], library: Option<Library<'_>>) -> Reading {
    use crate::read::typescript::follow;

    match follow::read(files, library, false, |program| {
        tables(dialect, files, program)
    }) {
        Ok(reading) => reading,
        Err(problems) => refused(problems),
    }
}

#[cfg(feature = "read-ts")]
fn tables(dialect: Dialect, files: &[Source], program: &Program) -> Reading {
    use syncline_schema::Place;

    let (mut reading, other_side) = table::read(program, dialect);
    reading.anchor = program
        .modules
        .iter()
        .find_map(|module| module.anchor)
        .or_else(|| Some(Place::new(files.first()?.file, 0..0)))
        .unwrap_or(Place::NOWHERE);
    hidden_exports(program, &mut reading);
    if reading.tables.is_empty() && !reading.gaps {
        return refused([no_table(dialect, files, other_side, reading.anchor)]);
    }
    reading
}

/// What to say of files that declare nothing for this side.
#[cfg(feature = "read-ts")]
fn no_table(
    dialect: Dialect,
    files: &[Source],
    other_side: Option<syncline_schema::Place>,
    anchor: syncline_schema::Place,
) -> Diagnostic {
    let (call, wanted, other) = match dialect {
        Dialect::Sqlite => ("sqliteTable", "SQLite", "PostgreSQL"),
        Dialect::Pg => ("pgTable", "PostgreSQL", "SQLite"),
    };
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    let message = format!("{} declares no table for {wanted}", paths.join(", "));
    let problem = Diagnostic::new(Code::C001, message);
    match other_side {
        Some(place) => problem
            .at(place, format!("this one is for {other}"))
            .help("is the file given for the wrong side?"),
        None => problem
            .at(anchor, "")
            .help(format!("tables are read from calls of `{call}`")),
    }
}

/// Reports the files that are exported from but not given: tables may be in them.
#[cfg(feature = "read-ts")]
fn hidden_exports(program: &Program, reading: &mut Reading) {
    for (at, module) in program.modules.iter().enumerate() {
        for (source, place) in &module.stars {
            if source.starts_with('.') && program.import(at, source).is_none() {
                reading.gaps = true;
                let message = format!("\"{source}\" is not among the files given");
                reading.diagnostics.push(
                    Diagnostic::new(Code::C005, message)
                        .at(*place, "tables that it declares are not compared")
                        .help("name that file under `[check]` as well"),
                );
            }
        }
    }
}

#[cfg(all(test, feature = "read-ts"))]
mod tests {
    use super::*;
    use crate::read::typescript::limits;

    /// The deepest text of `unit` that passes the scan, with what it takes to be whole.
    fn deepest(unit: &str, middle: &str, close: &str) -> String {
        let text = |n: usize| format!("x = {}{middle}{}", unit.repeat(n), close.repeat(n));
        let (mut low, mut high) = (1, 20_000);
        while low + 1 < high {
            let n = usize::midpoint(low, high);
            if limits::check(&text(n)).is_ok() {
                low = n;
            } else {
                high = n;
            }
        }
        text(low)
    }

    #[test]
    fn what_the_scan_lets_through_fits_the_stack() {
        for (unit, middle, close) in [
            ("(", "1", ")"),
            ("[", "1", "]"),
            ("{a:", "1", "}"),
            ("f(", "1", ")"),
            ("!", "1", ""),
            ("- ", "1", ""),
            ("typeof ", "1", ""),
            ("a=>", "1", ""),
            ("async a=>", "1", ""),
            ("x?y:", "1", ""),
            ("x?", "1", ":2"),
            ("1+", "1", ""),
            ("1**", "1", ""),
            ("a=", "1", ""),
            ("a.b().", "c", ""),
            ("new ", "A", ""),
            ("a<", "1", ""),
            ("A<A<", "1", ">>"),
            ("<T>", "x", ""),
            ("`${", "1", "}`"),
            ("(a)=>", "1", ""),
            ("()=>{return ", "1", "}"),
            ("class extends ", "A {}", "{}"),
            ("1;if(x)", "y", ""),
            ("1;if(x){}else ", "y", ""),
            ("1;type A=[", "B", "]"),
            ("1;type B=keyof ", "C", ""),
            ("1;type C=D extends E?F:", "G", ""),
            ("1;l:", "y", ""),
        ] {
            let text = deepest(unit, middle, close);
            let source = Source {
                file: syncline_schema::FileId(0),
                path: "deep.ts".to_owned(),
                text: text.into(),
            };
            let reading = read(Dialect::Pg, &[source]);
            assert!(!reading.diagnostics.is_empty(), "{unit}");
        }
    }
}
