//! The live catalog and the way to it, judged by PostgreSQL.

mod catalog;
mod connect;
mod server;
mod tls;
mod unheld;

use syncline_codegen::live::catalog::{Catalog, Error, Options, read};
use syncline_codegen::live::{Client, block_on, connect};

/// Does something with a connection.
#[track_caller]
fn with<T>(url: &str, work: impl AsyncFnOnce(Client) -> T) -> T {
    block_on(async {
        let client = connect(url).await;
        work(client.unwrap_or_else(|error| panic!("{error}"))).await
    })
    .expect("a runtime")
}

/// Reads a database.
#[track_caller]
pub(crate) fn catalog_of(url: &str) -> Catalog {
    catalog_with(url, &Options::default())
}

#[track_caller]
fn catalog_with(url: &str, options: &Options) -> Catalog {
    try_catalog(url, options).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn try_catalog(url: &str, options: &Options) -> Result<Catalog, Error> {
    with(url, async |client| read(&client, options).await)
}
