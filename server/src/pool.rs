//! Connections to PostgreSQL.

use std::sync::Arc;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts,
};
use rustls::crypto::aws_lc_rs;
use syncline_connect::{Address, Connector};

use crate::config::Config;

/// Where a URL leads, and the TLS on the way, as its `sslmode` asks.
///
/// # Errors
///
/// A line that says what is wrong with the URL; it never holds the URL.
pub(crate) fn address(url: &str) -> Result<(Address, Connector), String> {
    let read = Address::parse(url, &|name| std::env::var(name).ok());
    let mut address = read.map_err(|why| why.to_string())?;
    if address.config.get_application_name().is_none() {
        address.config.application_name("syncline-server");
    }
    // The cryptography that verifies tokens, too: one is enough.
    let connector = address.connector(Arc::new(aws_lc_rs::default_provider()));
    Ok((address, connector.map_err(|why| why.to_string())?))
}

/// A pool by the configuration. No connection is made yet.
///
/// # Errors
///
/// As [`address`].
pub(crate) fn pool(config: &Config) -> Result<Pool, String> {
    let (address, connector) = address(config.database_url.expose())?;
    let mut settings = address.config;
    settings.connect_timeout(config.pool_wait.0);
    settings.keepalives(true);
    let manager = Manager::from_config(
        settings,
        connector,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    // Statements are bounded from inside: a query that outlives its client still ends.
    let set = format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = 30000; SET TimeZone = 'UTC'",
        config.statement_timeout.0.as_millis(),
        config.lock_timeout.0.as_millis(),
    );
    let hook = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
        let set = set.clone();
        Box::pin(async move { client.batch_execute(&set).await.map_err(HookError::Backend) })
    });
    Pool::builder(manager)
        .max_size(config.pool_size)
        .timeouts(Timeouts {
            wait: Some(config.pool_wait.0),
            create: Some(config.pool_wait.0),
            recycle: Some(config.pool_wait.0),
        })
        .runtime(Runtime::Tokio1)
        .post_create(hook)
        .build()
        .map_err(|why| why.to_string())
}
