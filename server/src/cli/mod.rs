//! The app server's command line.

mod args;
mod auth;
mod bookkeeping;
mod dead_letters;
mod healthy;
mod serve;
mod signals;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::app::App;
use crate::config::Config;
use crate::hooks::Hooks;
use args::{Args, Verb};

/// What a verb ends with: nothing, or a line for each thing that is wrong.
type Done = Result<(), Vec<String>>;

/// Runs the app's server by the arguments and the environment of this process.
///
/// Exit code 0: it ended as asked. 1: the configuration or the database wants mending. 2: wrong
/// arguments.
pub fn main(app: &'static App) -> ExitCode {
    main_with(app, Hooks::new())
}

/// The same, with an app's own hooks.
pub fn main_with(app: &'static App, hooks: Hooks) -> ExitCode {
    main_from(app, hooks, std::env::args_os())
}

/// The same, with these arguments, the program's name first: for a program that has others.
pub fn main_from(
    app: &'static App,
    hooks: Hooks,
    args: impl IntoIterator<Item = OsString>,
) -> ExitCode {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // Help goes to standard output, errors to the other.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(app, hooks, &args)),
        Err(why) => Err(vec![format!("no threads: {why}")]),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            let mut out = std::io::stderr().lock();
            for error in errors {
                // Nobody is left to tell.
                let _ = writeln!(out, "error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(app: &'static App, hooks: Hooks, args: &Args) -> Done {
    let config = load(args.config.as_deref());
    match &args.verb {
        None if args.check_config => config.map(|_| say("the configuration is complete")),
        None => serve::run(app, hooks, &config?).await,
        Some(Verb::Bookkeeping { sql }) => bookkeeping::run(app, *sql).await,
        Some(Verb::AuthTables { sql, beside }) => auth::tables(app, &config?, *sql, *beside).await,
        Some(Verb::RotateKey) => auth::rotate(&config?).await,
        Some(Verb::DevToken { user, minutes }) => auth::token(&config?, user, *minutes),
        Some(Verb::Healthy) => healthy::run(&config?).await,
        Some(Verb::DeadLetters(verb)) => dead_letters::run(app, hooks, &config?, verb).await,
    }
}

fn load(file: Option<&Path>) -> Result<Config, Vec<String>> {
    Config::load(file, |name| std::env::var(name).ok())
}

/// A line of the answer.
fn say(line: &str) {
    // A closed pipe has heard enough.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
