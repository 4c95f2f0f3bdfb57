//! The live catalog and the way to it, judged by PostgreSQL.

mod catalog;

use syncline_codegen::live::catalog::{Catalog, Options, read};
use syncline_codegen::live::{block_on, connect};

/// Reads a database.
#[track_caller]
fn catalog_of(url: &str) -> Catalog {
    catalog_with(url, &Options::default())
}

#[track_caller]
fn catalog_with(url: &str, options: &Options) -> Catalog {
    block_on(async {
        let client = connect(url).await.unwrap_or_else(|error| panic!("{error}"));
        read(&client, options)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    })
    .expect("a runtime")
}
