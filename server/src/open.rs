//! From a configuration to a server that may take requests.

use std::sync::Arc;

use crate::app::App;
use crate::auth;
use crate::config::Config;
use crate::hooks::Hooks;
use crate::http::Server;
use crate::measure;
use crate::pool::pool;
use crate::start;
use crate::store::forget;
use crate::upload::{Engine, Tuning};

/// Opens an app's server: reads the keys, looks at the database, and begins to forget old uploads and to
/// measure.
/// What it gives goes to [`router`](crate::router), in an app of one's own or by itself.
///
/// # Errors
///
/// A line for each thing that is wrong, with what mends it.
pub async fn open(
    app: &'static App,
    hooks: Hooks,
    config: &Config,
) -> Result<Arc<Server>, Vec<String>> {
    let one = |error: String| vec![error];
    let engine = engine(app, hooks, config).map_err(one)?;
    check(&engine, config).await?;
    engine.versions.read(&engine.pool).await;
    let auth = auth::open(config, &engine.pool).await.map_err(one)?;
    let forgetting = forget::forever(engine.pool.clone(), config.clone());
    let measuring = measure::forever(engine.pool.clone(), config.measure_every.0);
    let background = async {
        tokio::join!(forgetting, measuring);
    };
    Ok(Arc::new(Server::new(engine, auth, background, config)))
}

/// An engine by the configuration.
fn engine(app: &'static App, hooks: Hooks, config: &Config) -> Result<Engine, String> {
    let tuning = Tuning {
        give_up_after: config.give_up_after,
        give_up_age: config.give_up_age.0,
        ..Tuning::default()
    };
    Ok(Engine::new(app, pool(config)?, hooks, tuning))
}

async fn check(engine: &Engine, config: &Config) -> Result<(), Vec<String>> {
    let findings = match engine.pool.get().await {
        Ok(mut client) => start::check(&mut client, &engine.catalog)
            .await
            .map_err(|why| vec![format!("the database could not be looked at: {why}")])?,
        Err(why) => {
            return Err(vec![format!(
                "no connection to the database: {}",
                causes(&why)
            )]);
        }
    };
    if findings.is_empty() {
        return Ok(());
    }
    if config.start_anyway {
        for finding in &findings {
            tracing::error!("{}; {}", finding.what, finding.fix);
        }
        tracing::error!(
            "started all the same, as SYNCLINE_START_ANYWAY asks: the promises above do not hold"
        );
        return Ok(());
    }
    let mut errors: Vec<_> = findings
        .iter()
        .map(|finding| format!("{}\n  fix: {}", finding.what, finding.fix))
        .collect();
    errors.push("not started; SYNCLINE_START_ANYWAY=true starts without these promises".to_owned());
    Err(errors)
}

/// An error with what stands behind it: the outermost says least.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(cause) = inner {
        let more = cause.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        inner = cause.source();
    }
    text
}
