use syncline_macros::SyncTable;

#[derive(SyncTable)]
#[sync(delte = "hard", conflict = "reject", doc: "x")]
#[sync(indexes = [["nope"]], key = ["a"], owner)]
struct Notes {
    a: u64,
    b: Vec<Option<i32>>,
    #[sync(type = "text?")]
    c: String,
    #[sync(default = yes)]
    d: bool,
    #[sync(default = 5, max_lenght = 3)]
    e: bool,
    #[sync(type = "strng")]
    f: String,
    g: &'static str,
    #[sync(name = "a")]
    h: String,
    #[sync(default = "a", default = "b")]
    i: String,
    #[sync(type = "bigint")]
    j: Option<i32>,
    #[sync(type = "varchar(5)[]")]
    k: String,
    id: i64,
}

fn main() {}
