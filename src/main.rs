//! The command line: arguments in, text and an exit code out. Everything else is in the crates.
//!
//! 0: clean. 1: something in the user's files wants fixing or deciding. 2: the tool could not do
//! its work. Machine output goes to stdout, talk to stderr.

mod args;
mod commands;
mod project;
mod ui;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::ui::Ui;

// Lowering makes many small texts; glibc's allocator takes a third of the time of a large schema.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Clean = 0,
    Findings = 1,
    Failed = 2,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let ui = Ui::new(args.color, args.quiet);
    let exit = match args.command {
        Command::Generate(args) => commands::generate::run(&ui, &args),
        Command::Check(args) => commands::check::run(&ui, &args),
        Command::Migrate(args) => commands::migrate::run(&ui, &args),
        Command::Import(args) => commands::import::run(&ui, &args),
        Command::Doctor(args) => commands::doctor::run(&ui, &args),
        Command::Init(args) => commands::init::run(&ui, &args),
        Command::Schema(args) => commands::schema::run(&ui, &args),
        Command::Fmt(args) => commands::fmt::run(&ui, &args),
        Command::Convert(args) => commands::convert::run(&ui, &args),
        Command::Explain(args) => commands::explain::run(&ui, &args),
    };
    ExitCode::from(exit as u8)
}
