//! Without a verb: serves.

use tokio::signal;

use super::Done;
use crate::app::App;
use crate::config::Config;
use crate::hooks::Hooks;
use crate::http::{self, Stop};
use crate::open::open;
use crate::{measure, trace};

pub(super) async fn run(app: &'static App, hooks: Hooks, config: &Config) -> Done {
    let tracing = trace::install(config)?;
    measure::install(app);
    let server = open(app, hooks, config).await?;
    let served = http::serve(server, config, stop).await;
    drop(tracing);
    served.map_err(|why| vec![format!("{}: {why}", config.listen)])
}

/// Until someone asks the process to end: an interrupt comes from a person, the other from what
/// runs the process.
async fn stop() -> Stop {
    let interrupt = signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        return tokio::select! {
            _ = interrupt => Stop::AtOnce,
            _ = terminate.recv() => Stop::Announced,
        };
    }
    let _ = interrupt.await;
    Stop::AtOnce
}
