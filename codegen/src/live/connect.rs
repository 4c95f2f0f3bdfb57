//! From a database URL to a connection, with libpq's meaning of `sslmode` and its environment.

use std::env;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::error::DbError;
use tokio_postgres::{AsyncMessage, Client};

pub use syncline_connect::{ConnectError, Refusal};

use syncline_connect::Address;

/// How long a server may take where the URL has no `connect_timeout`.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects to the database of a `postgres://` URL or of `key=value` words.
///
/// What the URL leaves out comes from the environment, as for `psql`: PGHOST, PGPASSWORD,
/// PGSSLMODE and their like. The connection runs beside the caller until the client is dropped,
/// so this must be called inside [`super::block_on`] or another Tokio runtime.
///
/// # Errors
/// Says what is wrong and what to do about it; never what the password is.
pub async fn connect(url: &str) -> Result<Client, ConnectError> {
    listen(url, |_| {}).await
}

/// [`connect`], with the server's notices handed on as they come.
///
/// # Errors
/// See [`connect`].
pub async fn listen(
    url: &str,
    mut notice: impl FnMut(DbError) + Send + 'static,
) -> Result<Client, ConnectError> {
    let mut address = Address::parse(url, &|name| env::var(name).ok())?;
    if address.config.get_application_name().is_none() {
        address.config.application_name("syncline");
    }
    let connector = address.connector(Arc::new(rustls::crypto::ring::default_provider()))?;
    let patience = address.config.get_connect_timeout().copied();
    let patience = patience.unwrap_or(PATIENCE);
    let attempt = tokio::time::timeout(patience, address.config.connect(connector));
    let (client, mut connection) = match attempt.await {
        Ok(Ok(connected)) => connected,
        Ok(Err(error)) => return Err(ConnectError::of(&address, &error)),
        Err(_) => return Err(ConnectError::too_slow(&address, patience)),
    };
    // An error of the connection also ends every query of the client, which reports it.
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notice(said) = message {
                notice(said);
            }
        }
    });
    Ok(client)
}
