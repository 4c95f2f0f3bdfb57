//! Is everything as the migrations say?

use syncline_schema::Diagnostics;
use tokio_postgres::Client;

use super::drift::drift;
use super::error::RunError;
use super::history::History;
use super::status;
use crate::migrate::folder::Folder;

/// Compares the folder with its sum, the record in the database with the folder, and the tables
/// with the newest snapshot that was applied. Changes nothing.
///
/// # Errors
/// The database does not answer, or its history is of a newer format.
pub async fn verify(client: &Client, folder: &Folder) -> Result<Diagnostics, RunError> {
    let history = History::read(client).await?;
    let mut found = folder.diagnostics.clone();
    found.extend(status::of(folder, &history).findings);
    found.extend(drift(client, folder, &history).await?);
    Ok(found)
}
