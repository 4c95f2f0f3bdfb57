//! The command line, by hand: an argument parser would cost more to build than the rest of this crate.

use std::ffi::OsString;

use crate::Result;
use crate::bench::upload::UploadOptions;
use crate::fuzz::FuzzOptions;

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
Developer commands.

  cargo xtask test [--fast] [-- CARGO TEST ARGUMENTS]
      Installs what the tests need, starts a throw-away PostgreSQL, and runs everything.
      --fast leaves out the tests that need Node or PostgreSQL.
      Arguments after -- replace `--workspace`: cargo xtask test -- -p syncline-codegen golden

  cargo xtask corpus PATH
      Reads, plans, applies and undoes the schema pairs of a JSON file ([{source, case, before, after}], SQL)
      on PostgreSQL. Each holds, or is refused by name, or is wrong; one that is wrong fails.

  cargo xtask fuzz [--seconds 60] [TARGET ...]
      Any bytes at all into each reader, one after the other. Wants a nightly compiler and cargo-fuzz.

  cargo xtask bench build
      CPU seconds of cold builds, without and with the default features.

  cargo xtask bench catalog
      Reading the catalog of a live PostgreSQL with 1,000 tables.

  cargo xtask bench derive
      CPU seconds that `#[derive(SyncTable)]` adds to the build of 200 structs of 12 fields.

  cargo xtask bench check
      `syncline check` of 1,000 tables over every kind of file, beside what peers can do of it.

  cargo xtask bench plan
      Planning a migration of 100 changes between 1,000 tables, beside drizzle-kit.

  cargo xtask bench generate [--sizes 10,100,1000,10000] [--runs 5] [--print]
      `syncline generate` against drizzle-kit and sqlc. Written to docs/BENCHMARKS.md; --print leaves the page alone.

  cargo xtask bench upload [--ops 1,10,100,1000] [--clients 1,8,32] [--kinds put,patch,delete,mixed]
                           [--seconds 3] [--rounds 3] [--print]
      The app's server against a handler in Node, COPY and pgbench, on a durable PostgreSQL. Written likewise.
";

/// One parsed command line.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// `test`.
    Test(TestOptions),
    /// `corpus`, of this file.
    Corpus(OsString),
    /// `fuzz`.
    Fuzz(FuzzOptions),
    /// `bench build`.
    BenchBuild,
    /// `bench catalog`.
    BenchCatalog,
    /// `bench derive`.
    BenchDerive,
    /// `bench check`.
    BenchCheck,
    /// `bench plan`.
    BenchPlan,
    /// `bench generate`.
    BenchGenerate(GenerateOptions),
    /// `bench upload`.
    BenchUpload(UploadOptions),
    /// Inner: stop PostgreSQL when the parent is gone. See `postgres::guard`.
    Guard(Vec<OsString>),
    /// Inner: run one program and print what it used. See `bench::measure`.
    Measure(Vec<OsString>),
}

/// Options of `test`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct TestOptions {
    /// Leave the judges out.
    pub(crate) fast: bool,
    /// Arguments for `cargo test` in place of `--workspace`; empty means everything.
    pub(crate) only: Vec<OsString>,
}

/// Options of `bench generate`.
#[derive(Debug, PartialEq)]
pub(crate) struct GenerateOptions {
    /// Numbers of tables.
    pub(crate) sizes: Vec<usize>,
    /// Rounds; each runs every contender once.
    pub(crate) runs: usize,
    /// Only print: leave docs/BENCHMARKS.md alone.
    pub(crate) print: bool,
}

impl Default for GenerateOptions {
    fn default() -> Self {
        Self {
            sizes: vec![10, 100, 1_000, 10_000],
            runs: 5,
            print: false,
        }
    }
}

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(words: impl Iterator<Item = OsString>) -> Result<Command> {
    let mut words = words;
    let first = words.next().unwrap_or_else(|| "help".into());
    match first.to_str() {
        Some("help" | "--help" | "-h") => Ok(Command::Help),
        Some("test") => test(words),
        Some("corpus") => corpus(words),
        Some("bench") => bench(words),
        Some("fuzz") => fuzz(words),
        Some("__guard") => Ok(Command::Guard(words.collect())),
        Some("__measure") => Ok(Command::Measure(words.collect())),
        _ => Err(unknown(&first)),
    }
}

fn fuzz(mut words: impl Iterator<Item = OsString>) -> Result<Command> {
    let mut options = FuzzOptions::default();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--seconds") => {
                let number = words.next().unwrap_or_default();
                let number = number.to_str().and_then(|it| it.parse().ok());
                options.seconds = number.ok_or("--seconds takes a number")?;
            }
            Some(name) if !name.starts_with('-') => options.only.push(name.to_owned()),
            _ => return Err(unknown(&word)),
        }
    }
    Ok(Command::Fuzz(options))
}

fn test(mut words: impl Iterator<Item = OsString>) -> Result<Command> {
    let mut options = TestOptions::default();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--fast") => options.fast = true,
            Some("--") => options.only = words.by_ref().collect(),
            _ => return Err(unknown(&word)),
        }
    }
    Ok(Command::Test(options))
}

fn corpus(mut words: impl Iterator<Item = OsString>) -> Result<Command> {
    let path = words
        .next()
        .ok_or("`corpus` takes the path of a file of pairs")?;
    words
        .next()
        .map_or(Ok(Command::Corpus(path)), |word| Err(unknown(&word)))
}

fn bench(mut words: impl Iterator<Item = OsString>) -> Result<Command> {
    let what = words.next().unwrap_or_default();
    match what.to_str() {
        Some("build") => words
            .next()
            .map_or(Ok(Command::BenchBuild), |word| Err(unknown(&word))),
        Some("catalog") => words
            .next()
            .map_or(Ok(Command::BenchCatalog), |word| Err(unknown(&word))),
        Some("check") => words
            .next()
            .map_or(Ok(Command::BenchCheck), |word| Err(unknown(&word))),
        Some("derive") => words
            .next()
            .map_or(Ok(Command::BenchDerive), |word| Err(unknown(&word))),
        Some("plan") => words
            .next()
            .map_or(Ok(Command::BenchPlan), |word| Err(unknown(&word))),
        Some("generate") => bench_generate(words),
        Some("upload") => bench_upload(words),
        _ => Err(format!(
            "`bench` measures `build`, `catalog`, `check`, `derive`, `generate`, `plan` or `upload`, not `{}`",
            what.display()
        )),
    }
}

fn bench_generate(mut words: impl Iterator<Item = OsString>) -> Result<Command> {
    let mut options = GenerateOptions::default();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--print") => options.print = true,
            Some("--runs") => options.runs = numbers(&word, words.next())?[0].max(1),
            Some("--sizes") => options.sizes = numbers(&word, words.next())?,
            _ => return Err(unknown(&word)),
        }
    }
    Ok(Command::BenchGenerate(options))
}

fn bench_upload(words: impl Iterator<Item = OsString>) -> Result<Command> {
    // Each of its options has a value, and the program that measures reads them.
    let known = ["--ops", "--clients", "--kinds", "--seconds", "--rounds"];
    let mut options = UploadOptions::default();
    let mut words = words;
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--print") => options.print = true,
            Some(name) if known.contains(&name) => {
                let value = words.next().ok_or(format!("{name} wants a value"))?;
                options.passed.extend([word, value]);
            }
            _ => return Err(unknown(&word)),
        }
    }
    Ok(Command::BenchUpload(options))
}

fn numbers(option: &OsString, value: Option<OsString>) -> Result<Vec<usize>> {
    let value = value.unwrap_or_default();
    let text = value.to_string_lossy();
    text.split(',')
        .map(|number| {
            number
                .trim()
                .parse()
                .map_err(|_| format!("{} takes numbers, not `{text}`", option.display()))
        })
        .collect()
}

fn unknown(word: &OsString) -> String {
    format!(
        "unknown argument `{}`; see `cargo xtask help`",
        word.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn test_takes_fast_and_cargo_arguments() {
        let only = vec!["-p".into(), "syncline-schema".into()];
        assert_eq!(
            parsed("test --fast -- -p syncline-schema"),
            Ok(Command::Test(TestOptions { fast: true, only }))
        );
    }

    #[test]
    fn bench_sizes_are_numbers() {
        let wanted = GenerateOptions {
            sizes: vec![10, 100],
            runs: 2,
            print: true,
        };
        assert_eq!(
            parsed("bench generate --sizes 10,100 --runs 2 --print"),
            Ok(Command::BenchGenerate(wanted))
        );
        assert!(parsed("bench generate --sizes many").is_err());
    }

    #[test]
    fn bench_upload_passes_options_on() {
        let wanted = UploadOptions {
            print: true,
            passed: ["--ops", "1,100", "--rounds", "2"]
                .map(OsString::from)
                .into(),
        };
        assert_eq!(
            parsed("bench upload --ops 1,100 --print --rounds 2"),
            Ok(Command::BenchUpload(wanted))
        );
        assert!(parsed("bench upload --ops").is_err());
        assert!(parsed("bench upload --url x").is_err());
    }

    #[test]
    fn unknown_words_are_named() {
        assert_eq!(
            parsed("test --slow"),
            Err("unknown argument `--slow`; see `cargo xtask help`".into())
        );
    }
}
