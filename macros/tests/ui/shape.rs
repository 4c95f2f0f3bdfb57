use syncline_macros::{SyncEnum, SyncTable};

#[derive(SyncTable)]
struct Tuple(String);

#[derive(SyncTable)]
struct Generic<T> {
    a: T,
}

#[derive(SyncTable)]
enum NoTable {
    A,
}

#[derive(SyncEnum)]
enum Holds {
    A,
    B(i32),
    #[sync(name = "a", nam = "x")]
    C,
}

#[derive(SyncEnum)]
enum Empty {}

#[derive(SyncEnum)]
struct NoEnum;

#[derive(SyncTable)]
#[sync(crate = "not a path")]
struct Elsewhere {
    a: String,
}

#[derive(SyncTable)]
#[sync]
struct Nothing {
    #[sync = "x"]
    a: String,
}

fn main() {}
