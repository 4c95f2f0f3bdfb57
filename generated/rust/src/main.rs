// Made by Syncline from syncline.toml. Do not edit.

//! The server of notes. `--help` lists what it does and what it reads from the environment.

use std::process::ExitCode;

fn main() -> ExitCode {
    syncline_server::main(&notes_server::APP)
}
