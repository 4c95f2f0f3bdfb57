//! Connections to PostgreSQL.

use std::str::FromStr;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::NoTls;

use crate::config::Config;

/// A pool by the configuration. No connection is made yet.
///
/// # Errors
///
/// A line where the URL is none; it never holds the URL.
pub(crate) fn pool(config: &Config) -> Result<Pool, String> {
    let url = config.database_url.expose();
    let mut settings = tokio_postgres::Config::from_str(url)
        .map_err(|_| "DATABASE_URL is not a PostgreSQL URL".to_owned())?;
    if settings.get_application_name().is_none() {
        settings.application_name("syncline-server");
    }
    settings.connect_timeout(config.pool_wait.0);
    settings.keepalives(true);
    let manager = Manager::from_config(
        settings,
        NoTls,
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
