//! Without a verb: serves.

use std::io::IsTerminal;
use std::sync::Arc;

use tokio::signal;
use tracing_subscriber::EnvFilter;

use super::Done;
use crate::app::App;
use crate::auth::{JwksFile, JwksRules};
use crate::config::{Config, Log};
use crate::hooks::Hooks;
use crate::http::{self, Server, router};
use crate::pool::pool;
use crate::start;
use crate::store::forget;
use crate::upload::{Engine, Tuning};

pub(super) async fn run(app: &'static App, hooks: Hooks, config: &Config) -> Done {
    log(config)?;
    let one = |error: String| vec![error];
    let rules = JwksRules {
        audience: config.auth_audience.clone(),
        issuer: Some(config.auth_issuer.clone()).filter(|it| !it.is_empty()),
    };
    let auth = JwksFile::open(&config.auth_jwks_file, rules).map_err(one)?;
    let engine = engine(app, hooks, config).map_err(one)?;
    check(&engine, config).await?;
    engine.versions.read(&engine.pool).await;
    let forgetting = tokio::spawn(forget::forever(engine.pool.clone(), config.clone()));
    let server = Arc::new(Server::new(engine, Box::new(auth), config));
    let served = http::serve(router(server), config, stop()).await;
    forgetting.abort();
    served.map_err(|why| vec![format!("{}: {why}", config.listen)])
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

async fn check(engine: &Engine, config: &Config) -> Done {
    let findings = match engine.pool.get().await {
        Ok(mut client) => start::check(&mut client, &engine.catalog)
            .await
            .map_err(|why| vec![format!("the database could not be looked at: {why}")])?,
        Err(why) => return Err(vec![format!("no connection to the database: {why}")]),
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

fn log(config: &Config) -> Done {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|_| vec!["SYNCLINE_LOG is no level and no filter".to_owned()])?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let set = match config.log_format {
        Log::Text => log.try_init(),
        Log::Json => log.json().try_init(),
    };
    // A second server in one process logs as the first does.
    drop(set);
    Ok(())
}

/// Until someone asks the process to end.
async fn stop() {
    let interrupt = signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = interrupt.await;
}
