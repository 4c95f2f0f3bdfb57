//! Is everything as the migrations say?

use syncline_schema::Diagnostics;
use tokio_postgres::Client;

use super::error::RunError;
use super::status;
use crate::migrate::folder::Folder;

/// Compares the folder with its sum, and the database with the folder. Changes nothing.
///
/// # Errors
/// The database does not answer, or its history is of a newer format.
pub async fn verify(client: &Client, folder: &Folder) -> Result<Diagnostics, RunError> {
    let mut found = folder.diagnostics.clone();
    found.extend(status::status(client, folder).await?.findings);
    Ok(found)
}
