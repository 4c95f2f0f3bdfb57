//! What `cargo xtask bench catalog` measures: one reading of a live catalog, from connecting on.
//!
//! `catalog make URL DATABASE SCHEMA.SQL`, `catalog read URL DATABASE`, `catalog drop URL DATABASE`
#![allow(clippy::print_stdout)]

use std::error::Error;

use syncline_codegen::live::{block_on, catalog, connect};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    block_on(async {
        match words.as_slice() {
            ["make", url, database, file] => {
                let admin = connect(url).await?;
                admin
                    .batch_execute(&format!("CREATE DATABASE {database}"))
                    .await?;
                let client = connect(&within(url, database)).await?;
                client
                    .batch_execute(&std::fs::read_to_string(file)?)
                    .await?;
            }
            ["read", url, database] => {
                let client = connect(&within(url, database)).await?;
                let read = catalog::read(&client, &catalog::Options::default()).await?;
                let columns: usize = read.schema.tables.iter().map(|it| it.columns.len()).sum();
                let indexes: usize = read.schema.tables.iter().map(|it| it.indexes.len()).sum();
                println!(
                    "{} tables, {columns} columns, {indexes} indexes beside the keys, {} queries",
                    read.schema.tables.len(),
                    catalog::QUERIES
                );
            }
            ["drop", url, database] => {
                let drop = format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)");
                connect(url).await?.batch_execute(&drop).await?;
            }
            _ => return Err("usage: catalog make|read|drop URL DATABASE [SCHEMA.SQL]".into()),
        }
        Ok(())
    })?
}

/// Another database of the same server.
fn within(url: &str, database: &str) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}dbname={database}")
}
