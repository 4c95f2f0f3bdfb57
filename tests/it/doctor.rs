//! `syncline doctor`: tokens of every kind, web servers of every kind, databases good and bad.

mod configuration;
mod database;
mod http;
mod token;

use syncline_codegen::doctor::{Level, Line};

/// The titles of the lines that are not good.
fn bad(lines: &[Line]) -> Vec<&str> {
    let bad = lines.iter().filter(|it| it.level != Level::Ok);
    bad.map(|it| it.title.as_str()).collect()
}

/// A bad line without a reason or a cure is of no use.
#[track_caller]
fn assert_whole(lines: &[Line]) {
    for line in lines.iter().filter(|it| it.level != Level::Ok) {
        assert!(
            !line.meaning.is_empty() && !line.mend.is_empty(),
            "{line:?}"
        );
    }
}
