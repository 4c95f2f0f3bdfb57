//! Developer commands: `cargo xtask test`, `corpus`, `fuzz` and `bench`.
//!
//! In: the command line. Out: an exit code; 0 clean, 1 tests failed, 2 the command could not do its work.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod bench;
mod corpus;
mod fuzz;
mod node;
mod npm;
mod postgres;
mod test;
mod workspace;

use std::process::ExitCode;

use args::Command;

/// What every fallible function here returns: the message says what went wrong and how to fix it.
type Result<T, E = String> = std::result::Result<T, E>;

fn main() -> ExitCode {
    let done = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => {
            print!("{}", args::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Ok(Command::Test(options)) => test::run(&options),
        Ok(Command::Corpus(path)) => corpus::run(&path),
        Ok(Command::Fuzz(options)) => fuzz::run(&options),
        Ok(Command::BenchBuild) => bench::build::run(),
        Ok(Command::BenchCatalog) => bench::catalog::run(),
        Ok(Command::BenchCheck) => bench::check::run(),
        Ok(Command::BenchPlan) => bench::plan::run(),
        Ok(Command::BenchDerive) => bench::derive::run(),
        Ok(Command::BenchGenerate(options)) => bench::generate::run(&options),
        Ok(Command::BenchUpload(options)) => bench::upload::run(&options),
        Ok(Command::Guard(words)) => postgres::guard::watch(&words),
        Ok(Command::Measure(words)) => bench::measure::inside(&words),
        Err(message) => Err(message),
    };
    done.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        ExitCode::from(2)
    })
}
