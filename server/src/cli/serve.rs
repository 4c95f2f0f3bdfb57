//! Without a verb: serves.

use std::io::IsTerminal;

use tokio::signal;
use tracing_subscriber::EnvFilter;

use super::Done;
use crate::app::App;
use crate::config::{Config, Log};
use crate::hooks::Hooks;
use crate::http::{self, router};
use crate::open::open;

pub(super) async fn run(app: &'static App, hooks: Hooks, config: &Config) -> Done {
    log(config)?;
    let server = open(app, hooks, config).await?;
    let served = http::serve(router(server), config, stop()).await;
    served.map_err(|why| vec![format!("{}: {why}", config.listen)])
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
