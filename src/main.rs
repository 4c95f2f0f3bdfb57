//! The command line.
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap_or("syncline.toml".into()))
        .unwrap_or_default();
    let loaded = syncline_schema::source::load_str(&text);
    for d in loaded.diagnostics.iter() {
        println!(
            "{:?} {:?}",
            loaded.sources.locate(d.place()).map(|l| l.line),
            d
        );
    }
    println!("{:#?}", loaded.schema.tables.len());
}
