//! What `cargo xtask bench plan` measures: planning from one source to another, so many times.
//!
//! `plan BEFORE.toml AFTER.toml TIMES`; with 0 times it only loads the two.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs;

use syncline_codegen::diff::{Drops, Pair, Renames, Scope, undeclared};
use syncline_codegen::migrate::lint::of_plan;
use syncline_codegen::migrate::plan::plan;
use syncline_schema::source::load_str;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [before, after, times] = words.as_slice() else {
        return Err("usage: plan BEFORE.toml AFTER.toml TIMES".into());
    };
    let previous = load_str(&fs::read_to_string(before)?).schema;
    let next = load_str(&fs::read_to_string(after)?).schema;
    let schemas = Pair {
        previous: &previous,
        next: &next,
    };
    for _ in 0..times.parse::<usize>()? {
        let undecided = undeclared(schemas, &Renames::declared(schemas), &Drops::default());
        if undecided.has_errors() {
            return Err("something has to be decided first".into());
        }
        let plan = plan(schemas, Scope::Declared);
        let hazards = of_plan(plan.steps().map(|(_, step)| step), schemas);
        let files = plan.files(&next);
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let (steps, hazards) = (plan.steps().count(), hazards.len());
        println!(
            "{steps} steps, {hazards} hazards, {} files, {bytes} bytes",
            files.len()
        );
    }
    Ok(())
}
